import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { cancelRun } from '../journeys/steer-run.ts'
import { AppError } from '../model/errors.ts'
import { writableAttributes } from '../model/contact-attributes.ts'
import { lockContact } from './lock-contact.ts'
import { judgeAnew } from './tell-of-contacts.ts'

interface Erasure {
  workspaceId: string
  contactId: string
  by: string
  causeId?: string | undefined
}

/**
 * Forgets a person for good. What the contact is called, has said, was sent, did and what was noted goes, as do the
 * identities' values and the key of the workflow histories. Rows stay, so that counts and ledgers add up.
 */
export async function eraseContactNow(deps: Deps, input: Erasure): Promise<void> {
  const { workspaceId, contactId, by } = input
  const em = forkFor(deps.orm, workspaceId)
  for (const runId of await listLiveRuns(em, workspaceId, [contactId]))
    await cancelRun(deps, { workspaceId, runId, by })
  await em.transactional((tx) => eraseContact(tx, input))
}

/** In the caller's transaction. Refused while a journey is under way: its workflow could not read its own history. */
export async function eraseContact(em: Em, input: Erasure): Promise<void> {
  const { workspaceId, by, causeId } = input
  const { id: contactId } = await lockContact(em, workspaceId, input.contactId)
  const merged = await em.execute<{ id: string }[]>(
    'select id from contacts where workspace_id = ? and merged_into = ? order by id for update',
    [workspaceId, contactId],
  )
  const ids = [contactId, ...merged.map(({ id }) => id)]
  if ((await listLiveRuns(em, workspaceId, ids)).length > 0)
    throw new AppError('unavailable', 'journeys of the contact are ending: try again in a moment', {
      retryAfterMs: 2_000,
    })
  for (const statement of statements) await em.execute(statement, [workspaceId, JSON.stringify(ids)])
  await em.execute(
    `update payload_keys set sealed_key = null, erased_at = now() where workspace_id = ? and erased_at is null
       and subject in (select 'contact:' || jsonb_array_elements_text(?::jsonb))`,
    [workspaceId, JSON.stringify(ids)],
  )
  const id = newId()
  await recordFacts(em, workspaceId, [
    { id, atMs: Date.now(), kind: 'contact.erased', contactId, causeId, data: { by } },
  ])
  await judgeAnew(em, workspaceId, [{ contactId, causeId: id }])
}

const these = 'workspace_id = ? and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)'
const ofChats = `workspace_id = ? and conversation_id in (select v.id from conversations v
  where v.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid))`
const emptied = writableAttributes.map((name) => `${name} = null`).join(', ')

const statements = [
  // While the identities still say the numbers.
  `delete from variable_values v using variable_groups g, identities i where g.workspace_id = ? and v.group_id = g.id
     and i.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid) and v.phone = i.value`,
  `delete from variable_values where ${these}`,
  `delete from whatsapp_identities w using identities i where w.workspace_id = ? and i.workspace_id = w.workspace_id
     and i.kind in ('wa_id', 'bsuid') and w.address = i.value
     and i.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
  `update contacts set ${emptied}, attributes = '{}', tags = '{}', updated_at = now()
   where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
  `update identities set value = 'erased-' || id, valid_to = coalesce(valid_to, now()) where ${these}`,
  `update message_statuses set raw = '{}' where workspace_id = ? and message_id in
     (select m.id from messages m where m.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid))`,
  `update messages set content = jsonb_build_object('type', type), text = '' where ${these}`,
  `update events set attributes = '{}' where ${these}`,
  `update runs set vars = '{}' where ${these}`,
  `update flow_answers set answers = '{}', token = null where ${these}`,
  `update journey_answers set question = '', text = '', value = null where ${these}`,
  `update campaign_recipients set given = null where ${these}`,
  `update link_clicks set url = '', user_agent = '' where ${these}`,
  `delete from phrasing_turns where ${these}`,
  `update consents set text = null where ${these}`,
  `update consent_log set text = null where ${these}`,
  `update rehearsals set tape = '[]', opening = '{}' where ${these}`,
  `delete from contact_notes where ${these}`,
  `delete from queued_entrants where ${these}`,
  ...['conversation_notes', 'conversation_drafts', 'notifications'].map(
    (table) => `delete from ${table} where ${ofChats}`,
  ),
  `update assignment_events set reason = null where ${ofChats}`,
  `update tagging_events set extra = null where ${ofChats}`,
  `delete from message_taggings where workspace_id = ? and message_id in (select m.id from messages m
     where m.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid))`,
  `delete from conversation_labels where workspace_id = ? and conversation_id in (select v.id from conversations v
     where v.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid))`,
  // What cards asked of other systems, and what those answered.
  `update facts set data = data - 'input' - 'output' where ${these} and kind = 'effect.performed'`,
  // What rules looked at, and what a rule engine said by phone number.
  `update facts set data = data - 'rules' - 'entries' where ${these} and kind in ('assignment.judged', 'engine.answered')`,
  `delete from arbiter_waits where ${these}`,
  `update satisfaction_answers set comment = null where ${these}`,
  `update scheduled_messages set what = '{}', vars = '{}',
     state = case when state in ('scheduled', 'held') then 'cancelled' else state end,
     reason = case when state in ('scheduled', 'held') then 'the contact was erased' else reason end
   where workspace_id = ? and conversation_id in (select v.id from conversations v
     where v.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid))`,
  `update takeovers set reason = '', target = null where ${these}`,
  `delete from segment_members where ${these}`,
]

async function listLiveRuns(em: Em, workspaceId: string, contactIds: string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from runs where workspace_id = ? and ended_at is null
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(contactIds)],
  )
  return rows.map(({ id }) => id)
}
