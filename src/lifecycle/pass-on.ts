import { assignChat, type Assignment } from '../conversations/assign.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { pickAgent } from '../rules/pick-agent.ts'
import { queueChat } from '../rules/queue.ts'
import type { Ringing } from './do-timer.ts'

/** Whoever has the chat does not answer: it goes to another one, a group or nobody, as was set. */
export async function passOn(em: Em, ringing: Ringing): Promise<OutboxRow[]> {
  const { workspaceId, conversationId, chat } = ringing
  const { unattended } = chat.settings
  if (!unattended) return []
  const reason = {
    ...{ timer: 'unattended', minutes: unattended.afterMinutes },
    why: `nobody answered for ${sayMinutes(unattended.afterMinutes)}`,
  }
  if (unattended.to.kind === 'queue') return waitForAnybody(em, ringing, reason.why)
  const to = await nextHolder(em, ringing)
  const order = { workspaceId, conversationId, by: 'the clock' }
  return (await assignChat(em, { ...order, ...to, reason: { ...reason, ...to.reason } })).outbox
}

/** Who is free gets it, of the team that has it: anybody but who did not answer, unless there is nobody else. */
async function waitForAnybody(em: Em, ringing: Ringing, why: string): Promise<OutboxRow[]> {
  const { workspaceId, conversationId, chat } = ringing
  const { contactId, state } = chat
  const userIds = await listOthers(em, workspaceId, state)
  const candidates = userIds.length === 0 ? ('everybody' as const) : { userIds }
  const waitsFor = { candidates, method: 'least-busy' as const, ruleId: null }
  return queueChat(em, { workspaceId, conversationId, contactId, waitsFor, why })
}

async function nextHolder(
  em: Em,
  { workspaceId, conversationId, chat }: Ringing,
): Promise<Pick<Assignment, 'userId' | 'groupId' | 'reason'>> {
  const to = chat.settings.unattended?.to
  if (to?.kind === 'group') return { userId: null, groupId: to.groupId }
  if (to?.kind !== 'agent') return { userId: null }
  const userIds = await listOthers(em, workspaceId, chat.state)
  if (userIds.length === 0) return { userId: null, reason: { picked: 'there is nobody else' } }
  const query = { workspaceId, conversationId, candidates: { userIds }, method: to.method }
  const picked = await pickAgent(em, query)
  return { userId: picked.userId, reason: { picked: picked.reason } }
}

/** People of the same group, or everybody when the chat is of none. */
async function listOthers(
  em: Em,
  workspaceId: string,
  { assignedUserId, assignedGroupId }: Ringing['chat']['state'],
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select u.id from users u where u.workspace_id = ? and u.role <> 'app' and u.deactivated_at is null
       and u.id is distinct from ?::uuid
       and (?::uuid is null or exists (select 1 from group_members m where m.user_id = u.id and m.group_id = ?::uuid))`,
    [workspaceId, assignedUserId, assignedGroupId, assignedGroupId],
  )
  return rows.map(({ id }) => id)
}

/** Whom the chat was handed to says nothing: it is again whose it was, or nobody's. */
export async function passBack(
  em: Em,
  { workspaceId, conversationId, chat, timer }: Ringing,
): Promise<OutboxRow[]> {
  const minutes = chat.settings.returning?.afterMinutes ?? 0
  const before = await findHolderBefore(em, workspaceId, conversationId, timer.basis)
  const why = `whoever it was given to wrote nothing for ${sayMinutes(minutes)}`
  const reason = { timer: 'return', minutes, why }
  return (await assignChat(em, { workspaceId, conversationId, ...before, by: 'the clock', reason })).outbox
}

/** Who had the chat before an assignment, as far as they still may. */
async function findHolderBefore(
  em: Em,
  workspaceId: string,
  conversationId: string,
  eventId: string,
): Promise<{ userId: string | null; groupId: string | null }> {
  const last = (what: 'user' | 'group', rest: string) =>
    `(select ${what}_set from assignment_events where conversation_id = h.conversation_id and id < h.id
       and (${what}_set is not null or ${what}_cleared) order by id desc limit 1) ${rest}`
  const [row] = await em.execute<{ user_id: string | null; group_id: string | null }[]>(
    `select (select u.id from users u where u.id = ${last('user', 'and u.deactivated_at is null')}) as user_id,
       ${last('group', '')} as group_id
     from assignment_events h where h.id = ? and h.conversation_id = ? and h.workspace_id = ?`,
    [eventId, conversationId, workspaceId],
  )
  return { userId: row?.user_id ?? null, groupId: row?.group_id ?? null }
}

function sayMinutes(minutes: number): string {
  if (minutes % 60 !== 0 || minutes === 0) return minutes === 1 ? 'a minute' : `${minutes} minutes`
  return minutes === 60 ? 'an hour' : `${minutes / 60} hours`
}
