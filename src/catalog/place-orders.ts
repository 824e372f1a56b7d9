import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { Arrival } from '../inbox/arrival.ts'
import { readOrder } from '../model/catalog-order.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { storeOrders, type NewOrder } from './store-orders.ts'

/**
 * Makes orders of the carts that customers sent, in the transaction that stores their messages. A cart that cannot be read
 * stays a message, with a fact that says why. Other messages cost nothing.
 */
export async function placeOrders(em: Em, workspaceId: string, arrivals: Arrival[]): Promise<OutboxRow[]> {
  const carts = arrivals.filter(({ type }) => type === 'order')
  if (carts.length === 0) return []
  const read = carts.map((arrival) => ({ arrival, order: readOrder(arrival.raw) }))
  await tellUnreadable(
    em,
    workspaceId,
    read.flatMap(({ arrival, order }) => (typeof order === 'string' ? [{ arrival, problem: order }] : [])),
  )
  const orders = read.flatMap(({ arrival, order }): NewOrder[] => {
    if (typeof order === 'string') return []
    const { id, contactId, conversationId, factId, atMs, receivedAtMs } = arrival
    const message = { messageId: id, contactId, conversationId, causeId: factId }
    const said = { ...order, placedAtMs: atMs ?? receivedAtMs }
    return [{ ...said, ...message, source: 'whatsapp', status: 'placed', by: 'customer' }]
  })
  return (await storeOrders(em, workspaceId, orders)).outbox
}

/** Orders by the messages that brought them. */
export async function findPlacedOrders(
  em: Em,
  workspaceId: string,
  arrivals: Arrival[],
): Promise<Map<string, string>> {
  const carts = arrivals.filter(({ type }) => type === 'order').map(({ id }) => id)
  if (carts.length === 0) return new Map()
  const rows = await em.execute<{ id: string; message_id: string }[]>(
    `select id, message_id from orders where workspace_id = ?
       and message_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(carts)],
  )
  return new Map(rows.map((row) => [row.message_id, row.id]))
}

async function tellUnreadable(
  em: Em,
  workspaceId: string,
  carts: { arrival: Arrival; problem: string }[],
): Promise<void> {
  await recordFacts(
    em,
    workspaceId,
    carts.map(({ arrival: { id, contactId, factId, receivedAtMs }, problem }) => ({
      id: newId(),
      atMs: receivedAtMs,
      kind: 'order.unreadable',
      contactId,
      causeId: factId,
      data: { message: id, reason: problem },
    })),
  )
}
