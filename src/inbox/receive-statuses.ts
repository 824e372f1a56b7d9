import type { InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { campaignEngagement, listEventInterests } from '../events/event-interests.ts'
import { spreadEvents } from '../events/record-events.ts'
import { messageIdOf, statusRankSql } from '../model/message-status.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { announcedRows, announcingMessages } from '../live/announce-messages.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { noteCampaignStatuses } from './note-campaign-reactions.ts'

/**
 * Stores statuses, known message or not, and moves the ledger rows they speak of, committed when it returns. A row is
 * found by the callback data that we gave along, which works before its wamid is known, else by wamid. Nothing ever
 * moves backward.
 */
export async function receiveStatuses(
  em: Em,
  number: NumberAccess,
  statuses: InboundStatus[],
): Promise<OutboxRow[]> {
  if (statuses.length === 0) return []
  const rows = statuses.map((status) => ({
    wamid: status.wamid,
    status: status.status,
    participant: status.participant,
    callback: messageIdOf(status.callbackData),
    at_ms: status.atMs ?? Date.now(),
    code: status.error?.code ?? null,
    reason: status.error?.reason ?? null,
    raw: status.raw,
  }))
  const json = JSON.stringify(rows)
  const orphans = [...new Set(rows.filter((row) => !row.callback).map((row) => row.wamid))].sort()
  const interests = await listEventInterests(em, number.workspaceId, [
    ...statusEvents.values(),
    campaignEngagement,
  ])
  // One statement needs no transaction; what other statements follow from it is committed with it.
  if (orphans.length === 0 && interests.size === 0)
    return wakeWaiting(em, await storeAndApply(em, number, json))
  const { moved, outbox } = await em.transactional(async (tx) => {
    if (orphans.length > 0) await lockWamids(tx, orphans)
    const settled = await storeAndApply(tx, number, json)
    if (interests.has(campaignEngagement)) await noteCampaignStatuses(tx, number, rows)
    return { moved: settled, outbox: await tellStatuses(tx, number, rows, interests) }
  })
  return [...outbox, ...(await wakeWaiting(em, moved))]
}

/** Which event each status is. */
const statusEvents = new Map([
  ['sent', 'message_sent'],
  ['delivered', 'message_delivered'],
  ['read', 'message_read'],
  ['failed', 'message_failed'],
])

/** Their rows are the messages' own columns. Only a status that came for the first time is told. */
async function tellStatuses(
  em: Em,
  number: NumberAccess,
  rows: { wamid: string; status: string; callback: string | null }[],
  interests: Set<string>,
): Promise<OutboxRow[]> {
  const wanted = rows.filter(({ status }) => interests.has(statusEvents.get(status) ?? ''))
  if (wanted.length === 0) return []
  const found = await em.execute<ToldRow[]>(
    `select distinct m.id, m.contact_id, m.type, m.campaign_id, m.reason_code, m.fact_id, n.status
     from jsonb_to_recordset(?::jsonb) as n(wamid text, status text, callback uuid)
     join messages m on m.workspace_id = ? and m.direction = 'out' and (m.id = n.callback or m.number_id = ? and m.wamid = n.wamid)
     join message_statuses s on s.wamid = n.wamid and s.status = n.status and s.received_at = now()`,
    [JSON.stringify(wanted), number.workspaceId, number.id],
  )
  const atMs = Date.now()
  return spreadEvents(
    em,
    number.workspaceId,
    found.map((row) => ({
      id: row.id,
      contactId: row.contact_id,
      type: statusEvents.get(row.status) ?? row.status,
      attributes: {
        message_id: row.id,
        type: row.type,
        campaign_id: row.campaign_id,
        code: row.status === 'failed' ? row.reason_code : null,
      },
      atMs,
      causeId: row.fact_id,
    })),
  )
}

interface ToldRow {
  id: string
  contact_id: string
  type: string
  campaign_id: string | null
  reason_code: string | null
  fact_id: string
  status: string
}

/**
 * Whoever learns a wamid and whoever hears its status take this lock, so that one of the two sees the other's row.
 * Only statuses without our callback data need it.
 */
export async function lockWamids(em: Em, wamids: string[]): Promise<void> {
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended(w, 7)) from
       (select jsonb_array_elements_text(?::jsonb) as w) wamids`,
    [JSON.stringify(wamids)],
  )
}

const columns = `(wamid text, status text, participant text, callback uuid, at_ms double precision, code text,
  reason text, raw jsonb)`

/**
 * Stores statuses and brings messages up to date, in one statement. A failure of an earlier attempt says nothing about
 * the one that was accepted since, nor, told again, about one that is under way. Returns the messages whose fate a workflow awaits.
 */
async function storeAndApply(em: Em, number: NumberAccess, json: string): Promise<MovedRow[]> {
  const moved = moveSql(
    `select coalesce(k.id, w.id) as message_id, n.* from told n
       left join messages k on k.id = n.callback and (k.workspace_id = ?) is true
       left join messages w on n.callback is null and w.number_id = ? and w.wamid = n.wamid and w.direction = 'out'
       where n.status <> 'failed' or k.wamid = n.wamid or k.wamid is null and not exists (select 1 from message_statuses s
         where s.wamid = n.wamid and s.status = n.status and s.participant = n.participant and s.received_at < k.inflight_at)`,
  )
  return em.execute<MovedRow[]>(
    `with told as materialized (select * from jsonb_to_recordset(?::jsonb) as n${columns}),
     stored as (
       insert into message_statuses (wamid, status, participant, workspace_id, number_id, message_id, at, raw)
       select n.wamid, n.status, n.participant, ?, ?, n.callback, to_timestamp(n.at_ms / 1000.0), n.raw from told n
       order by n.wamid, n.status, n.participant on conflict do nothing),
     moved as (${moved}),
     ${countingMessages('moved')}, ${announcingMessages('moved')}
     select id, send_key, waiting_workflow_id from moved where waiting_workflow_id is not null`,
    [json, number.workspaceId, number.id, number.workspaceId, number.id],
  )
}

/** Applies the statuses of a wamid that came before the send's own answer. Call under `lockWamids`. */
export async function applyStoredStatuses(
  em: Em,
  messageId: string,
  numberId: string,
  wamid: string,
): Promise<void> {
  const moved =
    moveSql(`select ?::uuid as message_id, s.wamid, s.status, s.participant, extract(epoch from s.at) * 1000 as at_ms,
         s.raw -> 'errors' -> 0 ->> 'code' as code, s.raw -> 'errors' -> 0 ->> 'title' as reason
       from message_statuses s where s.number_id = ? and s.wamid = ?`)
  await em.execute(
    `with moved as (${moved}), ${countingMessages('moved')}, ${announcingMessages('moved')} select count(*) from moved`,
    [messageId, numberId, wamid],
  )
}

interface MovedRow {
  id: string
  send_key: string | null
  waiting_workflow_id: string
}

/** The same end in whatever order: what was delivered did arrive, though a failure was heard before or after. */
function moveSql(heard: string): string {
  const at = (status: string) =>
    `to_timestamp(min(at_ms) filter (where status = '${status}') / 1000.0) as ${status}_at`
  return `with heard as (${heard}),
   news as (
     select message_id, max(wamid) as wamid, (array_agg(status order by ${statusRankSql('status')} desc))[1] as status,
       ${['sent', 'delivered', 'read', 'played', 'failed'].map(at).join(', ')},
       max(code) as code, max(reason) as reason
     from heard where message_id is not null group by message_id),
   -- By their ids, as whoever counts answers does: a join may take them in any order, and then two wait for each other.
   locked as (select m.id from news join messages m on m.id = news.message_id order by m.id for update of m)
   update messages m set
     wamid = coalesce(m.wamid, news.wamid),
     status = case when ${statusRankSql('news.status')} > ${statusRankSql("coalesce(m.status, '')")}
       then news.status else m.status end,
     state = case
       when greatest(${statusRankSql('news.status')}, ${statusRankSql("coalesce(m.status, '')")}) > ${statusRankSql("'failed'")}
       then 'accepted' when news.failed_at is not null then 'failed' when m.state in ('inflight', 'unknown', 'planned') then 'accepted' else m.state end,
     accepted_at = coalesce(m.accepted_at, now()),
     reason_code = coalesce(news.code, m.reason_code), reason = coalesce(news.reason, m.reason),
     sent_at = coalesce(m.sent_at, news.sent_at), delivered_at = coalesce(m.delivered_at, news.delivered_at),
     read_at = coalesce(m.read_at, news.read_at), played_at = coalesce(m.played_at, news.played_at),
     failed_at = coalesce(m.failed_at, news.failed_at)
   from locked join news on news.message_id = locked.id where m.id = locked.id
   returning m.id, m.send_key, m.waiting_workflow_id, ${countedRows}, ${announcedRows}`
}

/**
 * Tells workflows that waited to learn what became of an ambiguous send. In a transaction of its own: after a crash
 * before it, the next status tells them, or their own patience ends.
 */
async function wakeWaiting(em: Em, waiting: MovedRow[]): Promise<OutboxRow[]> {
  if (waiting.length === 0) return []
  return em.transactional(async (tx) => {
    await tx.execute(
      'update messages set waiting_workflow_id = null where id in (select jsonb_array_elements_text(?::jsonb)::uuid)',
      [JSON.stringify(waiting.map((row) => row.id))],
    )
    return enqueue(
      tx,
      waiting.map((row) => ({
        name: 'sendSettled' as const,
        workflowId: row.waiting_workflow_id,
        payload: { eventId: newId(), sendKey: row.send_key ?? '' },
      })),
    )
  })
}
