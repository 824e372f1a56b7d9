import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { createGate } from '../kit/gate.ts'
import { attemptDelivery, type DueDelivery, type EndpointAccess } from './attempt-delivery.ts'

export interface DeliveredPage {
  /** `more`: something is due now; `waiting`: later; `idle`: nothing is owed. */
  outcome: 'more' | 'waiting' | 'idle' | 'disabled'
  waitMs: number
  words: string
}

const pageLength = 64
const concurrency = 8
/** No attempt begins after this time, so that a page ends while its rows are still its own. */
const pageMs = 10_000

/**
 * Tries what is due for an endpoint, oldest first: side by side over chats, one after the other within one. What a killed
 * process had taken is due again when its lease runs out.
 */
export async function deliverPage(
  deps: Deps,
  { workspaceId, endpointId }: { workspaceId: string; endpointId: string },
  stopped?: AbortSignal,
): Promise<DeliveredPage> {
  const em = forkFor(deps.orm, workspaceId)
  const endpoint = await findOpen(em, workspaceId, endpointId)
  if (!endpoint) return { outcome: 'disabled', waitMs: 0, words: 'The endpoint is disabled or gone.' }
  if (endpoint.resumesInMs > 0) return standing(em, endpoint)
  const leaseMs = pageMs + 2 * deps.config.WEBHOOK_TIMEOUT_MS + 5_000
  const page = await takeDue(em, endpoint, leaseMs)
  const endsAtMs = Date.now() + pageMs
  const gate = createGate(concurrency)
  let isHalted = false
  const left: DueDelivery[] = []
  const byChat = Map.groupBy(page, (delivery) => delivery.conversationId ?? delivery.id)
  await Promise.all(
    [...byChat.values()].map((chain) =>
      gate(async () => {
        for (const delivery of chain) {
          const isLeft = isHalted || stopped?.aborted || Date.now() > endsAtMs
          if (isLeft) left.push(delivery)
          else isHalted = (await attemptDelivery(deps, endpoint, delivery)) === 'halt' || isHalted
        }
      }),
    ),
  )
  await giveBack(em, left)
  return standing(em, endpoint)
}

async function findOpen(
  em: Em,
  workspaceId: string,
  endpointId: string,
): Promise<EndpointAccess | undefined> {
  const [endpoint] = await em.execute<EndpointAccess[]>(
    `select id, workspace_id as "workspaceId", url, form, name, user_id as "userId", to_jsonb(kinds) as kinds, sealed_secret as "sealedSecret",
       sealed_headers as "sealedHeaders",
       greatest(0, coalesce(extract(epoch from resumes_at - now()) * 1000, 0))::float8 as "resumesInMs"
     from webhook_endpoints where id = ? and workspace_id = ? and disabled_at is null`,
    [endpointId, workspaceId],
  )
  return endpoint
}

async function takeDue(em: Em, { id }: EndpointAccess, leaseMs: number): Promise<DueDelivery[]> {
  const rows = await em.execute<DueDelivery[]>(
    `update webhook_deliveries d set next_at = now() + ? * interval '1 millisecond'
     where d.id in (select n.id from webhook_deliveries n
       where n.endpoint_id = ? and n.state = 'pending' and n.next_at <= now()
       order by n.next_at, n.event_seq limit ${pageLength} for update skip locked)
     returning d.id, d.kind, d.conversation_id as "conversationId", d.data, d.event_seq::float8 as seq, d.attempts,
       to_json(d.created_at) #>> '{}' as at`,
    [leaseMs, id],
  )
  return rows.sort((a, b) => a.seq - b.seq)
}

async function giveBack(em: Em, left: DueDelivery[]): Promise<void> {
  if (left.length === 0) return
  await em.execute(
    `update webhook_deliveries set next_at = now()
     where state = 'pending' and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [JSON.stringify(left.map(({ id }) => id))],
  )
}

async function standing(em: Em, { id, name, url }: EndpointAccess): Promise<DeliveredPage> {
  const [row] = await em.execute<
    { open: boolean; waiting: number; due: boolean; wait_ms: number | null; resumes_ms: number }[]
  >(
    `select w.disabled_at is null as open,
       greatest(0, coalesce(extract(epoch from w.resumes_at - now()) * 1000, 0))::float8 as resumes_ms,
       (select count(*) from (select 1 from webhook_deliveries d
         where d.endpoint_id = w.id and d.state = 'pending' limit 1000) as p)::int as waiting,
       (select extract(epoch from min(d.next_at) - now()) * 1000 from webhook_deliveries d
         where d.endpoint_id = w.id and d.state = 'pending')::float8 as wait_ms
     from webhook_endpoints w where w.id = ?`,
    [id],
  )
  if (!row?.open) return { outcome: 'disabled', waitMs: 0, words: 'The endpoint is disabled or gone.' }
  const who = `${name || new URL(url).host}:`
  if (row.wait_ms === null) return { outcome: 'idle', waitMs: 0, words: `${who} nothing is owed.` }
  const waitMs = Math.ceil(Math.max(row.wait_ms, row.resumes_ms))
  if (waitMs <= 0) return { outcome: 'more', waitMs: 0, words: `${who} ${row.waiting} to deliver.` }
  const words = `${who} ${row.waiting} wait to be tried again, the next one in ${Math.ceil(waitMs / 1_000)} seconds.`
  return { outcome: 'waiting', waitMs: waitMs + 20, words }
}
