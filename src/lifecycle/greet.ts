import type { Em } from '../db/orm.ts'
import { isOpen } from '../model/business-hours.ts'
import type { InboxSettings } from '../model/inbox-settings.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { presenceSql } from '../rules/presence-sql.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { findInboxSettings } from './inbox-settings.ts'
import { say } from './say.ts'

interface Written {
  conversation_id: string
  contact_id: string
  fact_id: string
  spam: boolean
  at_ms: number
  episode_id: string | null
  /** Of what the customer has written: in the episode, and ever. */
  is_first: boolean
  is_first_ever: boolean
  group_id: string | null
  with_bot: boolean
  started: boolean
}

/**
 * The last to answer a message, when neither the rule engine nor a journey did and the chat is assigned: says that nobody is
 * there, or else welcomes. Both at once would promise what does not hold. Asked again about a message it says nothing new.
 * @returns what is relayed after the commit
 */
export async function greetUnanswered(
  em: Em,
  input: { workspaceId: string; conversationId: string; messageId: string },
): Promise<OutboxRow[]> {
  const { settings, updatedAt } = await findInboxSettings(em, input.workspaceId)
  if (updatedAt === null || (!settings.welcome && !settings.unavailable)) return []
  const { conversationId } = await lockChat(em, input.workspaceId, input.conversationId)
  const written = await findWritten(em, { ...input, conversationId })
  if (!written || written.spam || written.started || written.with_bot) return []
  const place = { workspaceId: input.workspaceId, conversationId }
  return (
    (await sayUnavailable(em, place, written, settings)) ??
    (await sayWelcome(em, place, written, settings)) ??
    []
  )
}

/** A message whose run has started was answered by it, though it may be asked about again after a crash. */
async function findWritten(
  em: Em,
  { workspaceId, conversationId, messageId }: Parameters<typeof greetUnanswered>[1],
): Promise<Written | undefined> {
  const earlier = `select 1 from messages o where o.conversation_id = m.conversation_id and o.direction = 'in' and o.id < m.id
    and o.type not in ('reaction', 'system', 'unsupported', 'unknown', 'ephemeral', 'edit', 'revoke')`
  const [row] = await em.execute<Written[]>(
    `select m.conversation_id, m.contact_id, m.fact_id, v.spam, extract(epoch from m.created_at)::float8 * 1000 as at_ms,
       e.id as episode_id, not exists (${earlier} and o.created_at >= e.opened_at) as is_first,
       not exists (${earlier}) as is_first_ever, v.assigned_group_id as group_id,
       exists (select 1 from users u where u.id = v.assigned_user_id and u.role = 'app') as with_bot,
       exists (select 1 from runs r where r.workspace_id = m.workspace_id and r.contact_id = m.contact_id
         and r.entry = m.id::text) as started
     from messages m join conversations v on v.id = m.conversation_id
     left join conversation_episodes e on e.conversation_id = v.id and e.closed_at is null
     where m.id = ? and m.workspace_id = ? and v.id = ?`,
    [messageId, workspaceId, conversationId],
  )
  return row
}

interface Place {
  workspaceId: string
  conversationId: string
}

/** At most once in so many hours: the conversation's row says when it was said last. */
async function sayUnavailable(
  em: Em,
  place: Place,
  written: Written,
  settings: InboxSettings,
): Promise<OutboxRow[] | undefined> {
  const { unavailable } = settings
  if (!unavailable || !(await isNobodyThere(em, place.workspaceId, written, settings))) return undefined
  const due = await em.execute<{ at: string }[]>(
    `update conversations set unavailable_said_at = now() where id = ? and workspace_id = ?
       and (unavailable_said_at is null or unavailable_said_at <= now() - ? * interval '1 hour') returning unavailable_said_at::text as at`,
    [place.conversationId, place.workspaceId, unavailable.everyHours],
  )
  const [said] = due
  // It was said a short while ago: nobody is there to welcome either.
  if (!said) return []
  const { contact_id: contactId, fact_id: causeId } = written
  const { message } = unavailable
  return (await say(em, { ...place, contactId, causeId, what: 'unavailable', basis: said.at, message }))
    .outbox
}

async function isNobodyThere(
  em: Em,
  workspaceId: string,
  { group_id: groupId, at_ms: atMs }: Written,
  { businessHours, unavailable }: InboxSettings,
): Promise<boolean> {
  const when = unavailable?.when
  if (when !== 'nobody-online' && businessHours && !isOpen(businessHours, atMs)) return true
  if (when === 'outside-hours') return false
  const [online] = await em.execute<object[]>(
    `select 1 from users u where u.workspace_id = ? and u.role <> 'app' and u.activated_at is not null
       and u.deactivated_at is null and ${presenceSql('u')} = 'online'
       and (?::uuid is null or exists (select 1 from group_members m where m.user_id = u.id and m.group_id = ?::uuid)) limit 1`,
    [workspaceId, groupId, groupId],
  )
  return online === undefined
}

async function sayWelcome(
  em: Em,
  place: Place,
  written: Written,
  { welcome }: InboxSettings,
): Promise<OutboxRow[] | undefined> {
  if (!welcome) return undefined
  const isFirst = welcome.when === 'first-contact' ? written.is_first_ever : written.is_first
  if (!isFirst || written.episode_id === null) return undefined
  const { contact_id: contactId, fact_id: causeId, episode_id } = written
  const basis = welcome.when === 'first-contact' ? 'first contact' : episode_id
  const { message } = welcome
  return (await say(em, { ...place, contactId, causeId, what: 'welcome', basis, message })).outbox
}
