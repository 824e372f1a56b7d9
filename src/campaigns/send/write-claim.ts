import { isSpam } from '../../conversations/is-spam.ts'
import { newId } from '../../db/columns.ts'
import type { Em } from '../../db/orm.ts'
import { pairIntervalMs } from '../../inbox/pair-pace.ts'
import { describeContent } from '../../model/message.ts'
import { countedRows, countingMessages } from '../../reports/count-messages.ts'
import { ofWorkspace } from './by-id.ts'
import { countInitiated } from '../../inbox/count-initiated.ts'
import type { DueMessage, Judged } from './judge-candidates.ts'
import { keepArbiterWaits } from './keep-arbiter-waits.ts'
import type { Lane } from './lane.ts'
import { campaignSendKey } from './load-candidates.ts'

/** Somebody whose messages are in flight: to be posted, in this order. */
export interface ClaimedPerson {
  contactId: string
  conversationId: string
  address: { waId: string } | { bsuid: string }
  identityHash: string | undefined
  messages: DueMessage[]
}

/** Writes down what was judged, all of it by a few statements. Returns whom the caller is to post to. */
export async function writeClaim(em: Em, lane: Lane, judged: Judged[]): Promise<ClaimedPerson[]> {
  if (judged.length === 0) return []
  const conversations = await meet(em, lane, judged)
  const rows = judged.flatMap((each) =>
    toRows(lane, each, conversations.get(each.candidate.contact_id) ?? ''),
  )
  const written = new Set([
    ...(await insertNew(
      em,
      lane,
      rows.filter((row) => !row.is_known),
    )),
    ...(await updateKnown(
      em,
      lane,
      rows.filter((row) => row.is_known),
    )),
  ])
  await keepArbiterWaits(em, lane, judged)
  const sent = judged.filter(({ verdict }) => verdict.kind === 'send')
  await charge(
    em,
    lane,
    sent.flatMap(({ messages }) => messages).filter(({ id }) => written.has(id)),
  )
  await countInitiated(
    em,
    lane.number,
    sent.map(({ candidate }) => candidate),
  )
  return sent.flatMap(({ candidate, messages }) => {
    const own = messages.filter(({ id }) => written.has(id))
    if (own.length === 0) return []
    const { contact_id: contactId, wa_id: waId, bsuid, identity_hash: hash } = candidate
    return [
      {
        contactId,
        conversationId: conversations.get(contactId) ?? '',
        address: waId ? { waId } : { bsuid: bsuid ?? '' },
        identityHash: hash ?? undefined,
        messages: own.map((each) => ({ ...each, attempt: each.attempt + 1 })),
      },
    ]
  })
}

/** Everybody has a conversation; of those who are written to it knows at once. By their ids, so that two chunks do not cross. */
async function meet(em: Em, { workspaceId, number }: Lane, judged: Judged[]): Promise<Map<string, string>> {
  const known = new Map(
    judged.flatMap(({ candidate: { contact_id, conversation_id } }) =>
      conversation_id === null ? [] : [[contact_id, conversation_id] as const],
    ),
  )
  const touched = judged
    .filter(({ verdict, candidate }) => verdict.kind === 'send' || candidate.conversation_id === null)
    .map(({ candidate, verdict, messages }) => ({
      id: newId(),
      contact_id: candidate.contact_id,
      n: verdict.kind === 'send' ? messages.length : 0,
      initiates: !candidate.window_open,
    }))
  if (touched.length === 0) return known
  const rows = await em.execute<{ id: string; contact_id: string }[]>(
    `insert into conversations as v (id, workspace_id, number_id, contact_id, pair_free_at, last_message_at, campaigned_at, initiated_at,
       spam)
     select n.id, ?, ?, n.contact_id, case when n.n > 0 then now() + n.n * interval '${pairIntervalMs} ms' else '-infinity' end,
       case when n.n > 0 then now() end, case when n.n > 0 then now() end, case when n.n > 0 and n.initiates then now() end,
       ${isSpam('n')}
     from (select distinct on (contact_id) * from jsonb_to_recordset(?::jsonb) as r(id uuid, contact_id uuid, n int, initiates boolean)
       order by contact_id, n desc) n
     on conflict (number_id, contact_id) do update set
       pair_free_at = case when excluded.last_message_at is null then v.pair_free_at
         else greatest(v.pair_free_at, now()) + (excluded.pair_free_at - now()) end,
       last_message_at = coalesce(excluded.last_message_at, v.last_message_at),
       campaigned_at = coalesce(excluded.campaigned_at, v.campaigned_at),
       initiated_at = coalesce(excluded.initiated_at, v.initiated_at)
     returning v.id, v.contact_id`,
    [workspaceId, number.id, JSON.stringify(touched)],
  )
  for (const { id, contact_id } of rows) known.set(contact_id, id)
  return known
}

interface MessageRow {
  is_known: boolean
  [column: string]: unknown
}

function toRows(
  lane: Lane,
  { candidate, variant, category, messages, verdict }: Judged,
  conversationId: string,
): MessageRow[] {
  const state = { send: 'inflight', skip: 'skipped', wait: 'planned' }[verdict.kind]
  return messages.map(({ id, n, attempt, content, costMicros }) => ({
    ...{ id, conversation_id: conversationId, contact_id: candidate.contact_id, variant, category, state },
    ...{ type: content.type, content, text: describeContent(content) },
    is_known: candidate.known.some((each) => each.id === id),
    send_key: campaignSendKey(lane.runId, candidate.recipient_id, n),
    attempt: verdict.kind === 'send' ? attempt + 1 : attempt,
    reason_code: 'code' in verdict ? verdict.code : null,
    reason: verdict.reason ?? null,
    due_ms: 'untilMs' in verdict ? verdict.untilMs : null,
    cost_micros: verdict.kind === 'send' ? costMicros : null,
  }))
}

const columns = `(id uuid, conversation_id uuid, contact_id uuid, variant text, category text, state text, type text, content jsonb,
  text text, send_key text, attempt int, reason_code text, reason text, due_ms double precision, cost_micros bigint)`

/** The unique key decides: whoever has a row already is not written to once more, whatever the plan says. */
async function insertNew(em: Em, lane: Lane, rows: MessageRow[]): Promise<string[]> {
  if (rows.length === 0) return []
  const written = await em.execute<{ id: string }[]>(
    `with written as (
       insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id,
         send_key, class, state, attempt, reason_code, reason, category, proactive, inflight_at, campaign_id, campaign_run_id,
         variant, due_at, cost_micros)
       select n.id, ?, n.conversation_id, ?, n.contact_id, 'out', n.type, n.content, n.text, ?, n.send_key, ?, n.state, n.attempt,
         n.reason_code, n.reason, n.category, true, clock_timestamp(), ?, ?, n.variant, to_timestamp(n.due_ms / 1000.0), n.cost_micros
       from jsonb_to_recordset(?::jsonb) as n${columns}
       on conflict (workspace_id, send_key) do nothing returning id, ${countedRows}),
     ${countingMessages('written')}
     select id from written`,
    [
      ...[lane.workspaceId, lane.number.id, lane.factId, lane.definition.class, lane.campaignId, lane.runId],
      JSON.stringify(rows),
    ],
  )
  return written.map(({ id }) => id)
}

async function updateKnown(em: Em, lane: Lane, rows: MessageRow[]): Promise<string[]> {
  if (rows.length === 0) return []
  const written = await em.execute<{ id: string }[]>(
    `with written as (
       update messages m set type = n.type, content = n.content, text = n.text, state = n.state, attempt = n.attempt,
         reason_code = n.reason_code, reason = n.reason, category = n.category, variant = n.variant,
         inflight_at = case when n.state = 'inflight' then clock_timestamp() else m.inflight_at end,
         due_at = to_timestamp(n.due_ms / 1000.0), cost_micros = n.cost_micros, status = null, failed_at = null, wamid = null
       from jsonb_to_recordset(?::jsonb) as n${columns}
       where m.id = n.id and ${ofWorkspace} and m.state = 'planned' returning m.id, ${countedRows}),
     ${countingMessages('written')}
     select id from written`,
    [JSON.stringify(rows), lane.workspaceId],
  )
  return written.map(({ id }) => id)
}

/** The run's row is locked where there is a budget: nobody else spends it meanwhile. */
async function charge(
  em: Em,
  { runId, workspaceId, definition }: Lane,
  messages: DueMessage[],
): Promise<void> {
  const micros = messages.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0)
  if (!definition.budget || micros === 0) return
  await em.execute(
    'update campaign_runs set spent_micros = spent_micros + ? where id = ? and workspace_id = ?',
    [micros, runId, workspaceId],
  )
}
