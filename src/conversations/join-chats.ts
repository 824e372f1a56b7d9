import type { Em } from '../db/orm.ts'
import type { Json, JsonObject } from '../model/json.ts'

/** Tables whose rows hang on a conversation and simply go along. */
export const hangingTables = [
  ...['messages', 'runs', 'conversation_notes', 'assignment_events', 'tagging_events', 'notifications'],
  ...['scheduled_messages', 'satisfaction_answers'],
]

interface Pair {
  mergeId: string
  /** The one that stays, and the one that leads there from now on. */
  own: string
  other: string
}

/**
 * Of two conversations that become one: how it stands, who has it, how far each has read and what each began to write. All of
 * it is written down, so that it can be taken back.
 */
export async function joinChats(em: Em, pair: Pair): Promise<void> {
  await joinEpisodes(em, pair)
  await joinStanding(em, pair)
  await joinReads(em, pair)
  await em.execute(
    `with moved as (
       update conversation_drafts d set conversation_id = ? where d.conversation_id = ? and not exists (
         select 1 from conversation_drafts s where s.user_id = d.user_id and s.conversation_id = ?) returning d.user_id)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'drafts', gen_random_uuid(), jsonb_build_object('user', user_id, 'from', ?::uuid, 'to', ?::uuid) from moved`,
    [pair.own, pair.other, pair.own, pair.mergeId, pair.other, pair.own],
  )
}

/** One live episode a conversation: the other's goes on where there is none, and ends where there is one. */
async function joinEpisodes(em: Em, { mergeId, own, other }: Pair): Promise<void> {
  await em.execute(
    `with ended as (
       update conversation_episodes e set closed_at = now(), outcome = 'merged'
       where e.conversation_id = ? and e.closed_at is null and exists (
         select 1 from conversation_episodes s where s.conversation_id = ? and s.closed_at is null) returning e.id)
     insert into contact_merge_rows (merge_id, kind, row_id) select ?, 'ended episodes', id from ended`,
    [other, own, mergeId],
  )
  await em.execute(
    `with moved as (update conversation_episodes set conversation_id = ? where conversation_id = ? and closed_at is null returning id)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'moved episodes', id, jsonb_build_object('from', ?::uuid, 'to', ?::uuid) from moved`,
    [own, other, mergeId, other, own],
  )
}

/** What a merge may change of how a conversation stands. */
const standing = [
  ...[
    'status',
    'snoozed_until',
    'assigned_user_id',
    'assigned_group_id',
    'assigned_at',
    'priority',
    'active_at',
  ],
  ...['last_inbound_at', 'last_message_id', 'waiting_since', 'queued_at', 'queued_for'],
]

const unqueued = { queued_at: null, queued_for: null }

/** The more awake, the less. */
function wakeOf({ status }: JsonObject): number {
  return ['open', 'pending', 'snoozed', 'closed'].findIndex((each) => each === status)
}

function isHeld(row: JsonObject): boolean {
  return row['assigned_user_id'] !== null || row['assigned_group_id'] !== null
}

async function joinStanding(em: Em, { mergeId, own, other }: Pair): Promise<void> {
  const rows = await em.execute<{ id: string; row: JsonObject }[]>(
    'select id, to_jsonb(v) as row from conversations v where id in (?, ?) order by id for update',
    [own, other],
  )
  const rowOf = (id: string) => rows.find((row) => row.id === id)?.row ?? {}
  const [mine, theirs] = [rowOf(own), rowOf(other)]
  // What is open of one of them is open; who has a chat that is over has no claim to the one that goes on.
  const live = wakeOf(theirs) < wakeOf(mine) ? theirs : mine
  const still = live === mine ? theirs : mine
  const [holder = live] = [live, still].filter(isHeld)
  const firstQueued = earlier(mine['queued_at'], theirs['queued_at'])
  const waits =
    firstQueued === null ? undefined : [mine, theirs].find((row) => row['queued_at'] === firstQueued)
  const joined = {
    ...pick(live, ['status', 'snoozed_until']),
    ...pick(holder, ['assigned_user_id', 'assigned_group_id', 'assigned_at']),
    ...(holder['assigned_user_id'] === null && waits ? pick(waits, ['queued_at', 'queued_for']) : unqueued),
    priority: Math.max(Number(mine['priority']), Number(theirs['priority'])),
    ...Object.fromEntries(
      ['active_at', 'last_inbound_at', 'last_message_id'].map((name) => [
        name,
        later(mine[name], theirs[name]),
      ]),
    ),
    waiting_since: earlier(mine['waiting_since'], theirs['waiting_since']),
  }
  const emptied = {
    ...{ ...theirs, status: 'closed', snoozed_until: null, assigned_user_id: null, assigned_group_id: null },
    ...{ assigned_at: null, waiting_since: null, ...unqueued },
  }
  await writeStanding(em, { mergeId, id: own, before: mine, after: joined })
  await writeStanding(em, { mergeId, id: other, before: theirs, after: emptied })
}

async function writeStanding(
  em: Em,
  change: { mergeId: string; id: string; before: JsonObject; after: JsonObject },
): Promise<void> {
  const { mergeId, id, before, after } = change
  await em.execute(
    `update conversations v set (${standing.join(', ')}) = (
       select ${standing.map((name) => `r.${name}`).join(', ')} from jsonb_populate_record(null::conversations, ?::jsonb) r)
     where v.id = ?`,
    [JSON.stringify(pick(after, standing)), id],
  )
  await em.execute(
    `insert into contact_merge_rows (merge_id, kind, row_id, data) values (?, 'standing', ?, ?::jsonb)`,
    [mergeId, id, JSON.stringify({ before: pick(before, standing), after: pick(after, standing) })],
  )
}

/** What one of the two has not received counts as not received: nothing is missed. */
async function joinReads(em: Em, { mergeId, own, other }: Pair): Promise<void> {
  await em.execute(
    `with marks as (
       select o.user_id, o.workspace_id, s.read_until as before,
         case when s.read_until is null then o.read_until
           when coalesce(vo.last_inbound_at > o.read_until, false) or coalesce(vs.last_inbound_at > s.read_until, false)
             then least(o.read_until, s.read_until)
           else greatest(o.read_until, s.read_until) end as after
       from conversation_reads o join conversations vo on vo.id = o.conversation_id join conversations vs on vs.id = ?
       left join conversation_reads s on s.user_id = o.user_id and s.conversation_id = ?
       where o.conversation_id = ?),
     written as (
       insert into conversation_reads (user_id, conversation_id, workspace_id, read_until)
       select user_id, ?, workspace_id, after from marks
       on conflict (user_id, conversation_id) do update set read_until = excluded.read_until)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'reads', gen_random_uuid(), jsonb_build_object('user', user_id, 'own', ?::uuid, 'before', before, 'after', after) from marks`,
    [own, own, other, own, mergeId, own],
  )
}

function pick(row: JsonObject, names: string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
}

/** Times as PostgreSQL writes them and ids sort as texts. */
function later(one: Json | undefined, other: Json | undefined): Json {
  if (typeof one !== 'string') return other ?? null
  return typeof other === 'string' && other > one ? other : one
}

function earlier(one: Json | undefined, other: Json | undefined): Json {
  if (typeof one !== 'string') return other ?? null
  return typeof other === 'string' && other < one ? other : one
}

/** Takes back what `joinChats` did, as far as it still is so. */
export async function partChats(em: Em, mergeId: string): Promise<void> {
  await em.execute(
    `update conversation_episodes e set conversation_id = (m.data ->> 'from')::uuid from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'moved episodes' and e.id = m.row_id and e.conversation_id = (m.data ->> 'to')::uuid`,
    [mergeId],
  )
  await em.execute(
    `update conversation_episodes e set closed_at = null, outcome = null from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'ended episodes' and e.id = m.row_id and e.outcome = 'merged'`,
    [mergeId],
  )
  const back = standing.map(
    (name) =>
      `${name} = case when v.${name} is not distinct from a.${name} then b.${name} else v.${name} end`,
  )
  await em.execute(
    `update conversations v set ${back.join(', ')}
     from contact_merge_rows m, jsonb_populate_record(null::conversations, m.data -> 'before') b,
       jsonb_populate_record(null::conversations, m.data -> 'after') a
     where m.merge_id = ? and m.kind = 'standing' and v.id = m.row_id`,
    [mergeId],
  )
  // Whatever was done meanwhile: live is what has a live episode.
  await em.execute(
    `update conversations v set status = case when n.live then 'open' else 'closed' end,
       snoozed_until = null, waiting_since = case when n.live then v.waiting_since end
     from (select m.row_id as id, exists (select 1 from conversation_episodes e where e.conversation_id = m.row_id
         and e.closed_at is null) as live from contact_merge_rows m where m.merge_id = ? and m.kind = 'standing') n
     where v.id = n.id and n.live <> (v.status <> 'closed')`,
    [mergeId],
  )
  await em.execute(
    `update conversation_drafts d set conversation_id = (m.data ->> 'from')::uuid from contact_merge_rows m
     where m.merge_id = ? and m.kind = 'drafts' and d.user_id = (m.data ->> 'user')::uuid and d.conversation_id = (m.data ->> 'to')::uuid
       and not exists (select 1 from conversation_drafts s where s.user_id = d.user_id
         and s.conversation_id = (m.data ->> 'from')::uuid)`,
    [mergeId],
  )
  await partReads(em, mergeId)
}

async function partReads(em: Em, mergeId: string): Promise<void> {
  const mine = `m.merge_id = ? and m.kind = 'reads' and r.user_id = (m.data ->> 'user')::uuid and r.conversation_id = (m.data ->> 'own')::uuid
    and r.read_until = (m.data ->> 'after')::timestamptz`
  await em.execute(
    `delete from conversation_reads r using contact_merge_rows m where ${mine} and m.data ->> 'before' is null`,
    [mergeId],
  )
  await em.execute(
    `update conversation_reads r set read_until = (m.data ->> 'before')::timestamptz from contact_merge_rows m
     where ${mine} and m.data ->> 'before' is not null`,
    [mergeId],
  )
}

/** The chats of both are spam when those are whose they are now. */
export async function spreadSpam(em: Em, workspaceId: string, contactIds: string[]): Promise<void> {
  await em.execute(
    `update conversations v set spam = c.spam_at is not null from contacts c
     where v.workspace_id = ? and c.id = v.contact_id and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and v.spam is distinct from (c.spam_at is not null)`,
    [workspaceId, JSON.stringify(contactIds)],
  )
}
