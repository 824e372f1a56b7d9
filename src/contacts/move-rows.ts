import { hangingTables, joinChats, partChats, spreadSpam } from '../conversations/join-chats.ts'
import type { Em } from '../db/orm.ts'
import { movePauses, putPausesBack } from './move-pauses.ts'
import { joinLabels, partLabels } from './move-labels.ts'

export interface Move {
  workspaceId: string
  mergeId: string
  contactId: string
  otherId: string
}

/** Tables whose rows simply change hands. Entries of a journey stay where the other has the same one. */
const owned: Record<string, string> = {
  identities: '',
  messages: '',
  events: '',
  facts: '',
  orders: '',
  flow_answers: '',
  contact_notes: '',
  journey_answers: '',
  link_clicks: '',
  satisfaction_answers: '',
  phrasing_turns: `and not exists (select 1 from phrasing_turns s where s.workspace_id = t.workspace_id
    and s.journey_id = t.journey_id and s.card_id = t.card_id and s.contact_id = ?)`,
  queued_entrants: `and not exists (select 1 from queued_entrants s where s.workspace_id = t.workspace_id
    and s.journey_id = t.journey_id and s.entry = t.entry and s.contact_id = ?)`,
  runs: `and not exists (select 1 from runs s where s.workspace_id = t.workspace_id and s.journey_id = t.journey_id
    and s.entry = t.entry and s.contact_id = ?)`,
}

/** Gives a contact what belonged to the other, and writes down every row of it. */
export async function moveRows(em: Em, move: Move): Promise<void> {
  const { workspaceId, mergeId, contactId, otherId } = move
  await moveConversations(em, move)
  for (const [table, unless] of Object.entries(owned)) {
    await em.execute(
      `with moved as (update ${table} t set contact_id = ? where t.workspace_id = ? and t.contact_id = ? ${unless} returning t.id)
       insert into contact_merge_rows (merge_id, kind, row_id) select ?, '${table}', id from moved`,
      [contactId, workspaceId, otherId, ...(unless ? [contactId] : []), mergeId],
    )
  }
  await em.execute(
    `update event_waits set contact_id = ? where workspace_id = ? and contact_id = ?
       and run_id in (select row_id from contact_merge_rows where merge_id = ? and kind = 'runs')`,
    [contactId, workspaceId, otherId, mergeId],
  )
  await spreadSpam(em, workspaceId, [contactId])
  await moveMemberships(em, move)
  await movePauses(em, move)
  // Whoever had been merged into the other is the first one's now, so that one step always leads to who is there.
  await em.execute(
    `with moved as (update contacts set merged_into = ? where workspace_id = ? and merged_into = ? returning id)
     insert into contact_merge_rows (merge_id, kind, row_id) select ?, 'contacts', id from moved`,
    [contactId, workspaceId, otherId, mergeId],
  )
  await em.execute(
    `with seen as (select s.id, s.last_seen_at as before, greatest(s.last_seen_at, o.last_seen_at) as after
       from contacts s join contacts o on o.id = ? where s.id = ? and s.workspace_id = ?),
     written as (update contacts c set last_seen_at = after from seen where c.id = seen.id and after is distinct from before)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'last_seen', id, jsonb_build_object('before', before, 'after', after) from seen
     where after is distinct from before`,
    [otherId, contactId, workspaceId, mergeId],
  )
}

interface ConversationPair {
  other_id: string
  own_id: string | null
}

/**
 * One conversation a number and contact. Where both have one, the messages and the floor go into the first one's, and the
 * other's leads there, for runs that began in it.
 */
async function moveConversations(em: Em, { workspaceId, mergeId, contactId, otherId }: Move): Promise<void> {
  const pairs = await em.execute<ConversationPair[]>(
    `select o.id as other_id, s.id as own_id from conversations o
     left join conversations s on s.number_id = o.number_id and s.contact_id = ?
     where o.workspace_id = ? and o.contact_id = ? order by o.id for update of o`,
    [contactId, workspaceId, otherId],
  )
  for (const { other_id: other, own_id: own } of pairs) {
    if (own === null) {
      await em.execute('update conversations set contact_id = ? where id = ?', [contactId, other])
      await note(em, mergeId, 'conversations', other, null)
    } else {
      await joinConversations(em, mergeId, own, other)
      await joinLabels(em, mergeId, own, other)
      await joinChats(em, { mergeId, own, other })
    }
  }
}

async function joinConversations(em: Em, mergeId: string, own: string, other: string): Promise<void> {
  for (const table of hangingTables) {
    await em.execute(
      `with moved as (update ${table} set conversation_id = ? where conversation_id = ? returning id)
       insert into contact_merge_rows (merge_id, kind, row_id, data)
       select ?, '${table} of a conversation', id, jsonb_build_object('from', ?::uuid, 'to', ?::uuid) from moved`,
      [own, other, mergeId, other, own],
    )
  }
  await em.execute(
    `with pair as (
       select s.window_ends_at as window_before, greatest(s.window_ends_at, o.window_ends_at) as window_after,
         s.last_message_at as last_before, greatest(s.last_message_at, o.last_message_at) as last_after,
         s.floor_workflow_id is null and o.floor_workflow_id is not null as takes_floor,
         o.floor_workflow_id as workflow, o.floor_ask_key as ask, s.id as own, o.id as other
       from conversations s join conversations o on o.id = ? where s.id = ? for update),
     first as (
       update conversations c set window_ends_at = window_after, last_message_at = last_after,
         floor_workflow_id = case when takes_floor then workflow else floor_workflow_id end,
         floor_ask_key = case when takes_floor then ask else floor_ask_key end from pair where c.id = own),
     second as (
       update conversations c set merged_into = own, floor_workflow_id = null, floor_ask_key = null from pair where c.id = other)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'joined conversations', other, to_jsonb(pair) from pair`,
    [other, own, mergeId],
  )
}

/** Nobody is in a segment twice: where both are members, the other's row goes, and is kept to be put back. */
async function moveMemberships(em: Em, { workspaceId, mergeId, contactId, otherId }: Move): Promise<void> {
  await em.execute(
    `with dropped as (
       delete from segment_members o where o.workspace_id = ? and o.contact_id = ?
         and exists (select 1 from segment_members s where s.segment_id = o.segment_id and s.contact_id = ?)
       returning segment_id, entered_at, cause_id)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'doubled memberships', segment_id, jsonb_build_object('entered_at', entered_at, 'cause_id', cause_id) from dropped`,
    [workspaceId, otherId, contactId, mergeId],
  )
  await em.execute(
    `with moved as (update segment_members set contact_id = ? where workspace_id = ? and contact_id = ? returning segment_id)
     insert into contact_merge_rows (merge_id, kind, row_id) select ?, 'memberships', segment_id from moved`,
    [contactId, workspaceId, otherId, mergeId],
  )
}

async function note(
  em: Em,
  mergeId: string,
  kind: string,
  rowId: string,
  data: object | null,
): Promise<void> {
  await em.execute(
    'insert into contact_merge_rows (merge_id, kind, row_id, data) values (?, ?, ?, ?::jsonb)',
    [mergeId, kind, rowId, data && JSON.stringify(data)],
  )
}

/** Puts back what a merge moved, as far as it is still where the merge put it. Returns how many rows were not. */
export async function putRowsBack(
  em: Em,
  { workspaceId, mergeId, contactId, otherId }: Move,
): Promise<number> {
  await em.execute(
    `update event_waits set contact_id = ? where workspace_id = ? and contact_id = ?
       and run_id in (select row_id from contact_merge_rows where merge_id = ? and kind = 'runs')`,
    [otherId, workspaceId, contactId, mergeId],
  )
  let back = 0
  for (const table of Object.keys(owned)) {
    const rows = await em.execute<object[]>(
      `update ${table} t set contact_id = ? from contact_merge_rows m
       where m.merge_id = ? and m.kind = '${table}' and t.id = m.row_id and t.workspace_id = ? and t.contact_id = ? returning 1`,
      [otherId, mergeId, workspaceId, contactId],
    )
    back += rows.length
  }
  await separateConversations(em, { workspaceId, mergeId, contactId, otherId })
  await partLabels(em, mergeId)
  await partChats(em, mergeId)
  await spreadSpam(em, workspaceId, [contactId, otherId])
  await restoreMemberships(em, { workspaceId, mergeId, contactId, otherId })
  await putPausesBack(em, { workspaceId, mergeId, contactId, otherId })
  await em.execute(
    `update contacts c set merged_into = ? from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'contacts' and c.id = m.row_id and c.workspace_id = ? and c.merged_into = ?`,
    [otherId, mergeId, workspaceId, contactId],
  )
  await em.execute(
    `update contacts c set last_seen_at = (m.data ->> 'before')::timestamptz from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'last_seen' and c.id = m.row_id and c.workspace_id = ?
       and c.last_seen_at = (m.data ->> 'after')::timestamptz`,
    [mergeId, workspaceId],
  )
  const [moved] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from contact_merge_rows
     where merge_id = ? and kind in (select jsonb_array_elements_text(?::jsonb))`,
    [mergeId, JSON.stringify(Object.keys(owned))],
  )
  return (moved?.n ?? 0) - back
}

async function separateConversations(
  em: Em,
  { workspaceId, mergeId, contactId, otherId }: Move,
): Promise<void> {
  for (const table of hangingTables) {
    await em.execute(
      `update ${table} t set conversation_id = (m.data ->> 'from')::uuid from contact_merge_rows m
       where m.merge_id = ? and m.kind = '${table} of a conversation' and t.id = m.row_id
         and t.conversation_id = (m.data ->> 'to')::uuid and t.workspace_id = ?`,
      [mergeId, workspaceId],
    )
  }
  await em.execute(
    `with joined as (
       select row_id as other, x.* from contact_merge_rows m cross join jsonb_to_record(m.data) as x(own uuid, workflow text,
         ask text, takes_floor boolean, window_before timestamptz, window_after timestamptz, last_before timestamptz,
         last_after timestamptz)
       where m.merge_id = ? and m.kind = 'joined conversations'),
     still as (
       select joined.*, takes_floor and c.floor_ask_key = ask as gives_floor from joined join conversations c on c.id = own
       where c.workspace_id = ? for update of c),
     first as (
       update conversations c set
         window_ends_at = case when c.window_ends_at is not distinct from window_after then window_before else c.window_ends_at end,
         last_message_at = case when c.last_message_at is not distinct from last_after then last_before else c.last_message_at end,
         floor_workflow_id = case when gives_floor then null else c.floor_workflow_id end,
         floor_ask_key = case when gives_floor then null else c.floor_ask_key end
       from still where c.id = own)
     update conversations c set merged_into = null,
       floor_workflow_id = case when gives_floor or not takes_floor then workflow end,
       floor_ask_key = case when gives_floor or not takes_floor then ask end
     from still where c.id = other`,
    [mergeId, workspaceId],
  )
  // What was said since then in a conversation that goes back was said to the number of the other.
  await em.execute(
    `update messages t set contact_id = ? from contact_merge_rows m where m.merge_id = ? and m.kind = 'conversations'
       and t.conversation_id = m.row_id and t.workspace_id = ? and t.contact_id = ?`,
    [otherId, mergeId, workspaceId, contactId],
  )
  await em.execute(
    `update conversations t set contact_id = ? from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'conversations' and t.id = m.row_id and t.workspace_id = ? and t.contact_id = ?`,
    [otherId, mergeId, workspaceId, contactId],
  )
}

async function restoreMemberships(em: Em, { workspaceId, mergeId, contactId, otherId }: Move): Promise<void> {
  await em.execute(
    `update segment_members t set contact_id = ? from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'memberships' and t.segment_id = m.row_id and t.workspace_id = ? and t.contact_id = ?`,
    [otherId, mergeId, workspaceId, contactId],
  )
  await em.execute(
    `insert into segment_members (segment_id, contact_id, workspace_id, entered_at, cause_id)
     select s.id, ?, ?, (m.data ->> 'entered_at')::timestamptz, (m.data ->> 'cause_id')::uuid
     from contact_merge_rows m join segments s on s.id = m.row_id and s.deleted_at is null
     where m.merge_id = ? and m.kind = 'doubled memberships' on conflict do nothing`,
    [otherId, workspaceId, mergeId],
  )
}
