import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { nextStatuses, type OrderStatus } from '../model/catalog-order.ts'
import { AppError } from '../model/errors.ts'
import { getOrder, type OrderDetail } from './find-orders.ts'

interface Whose {
  workspaceId: string
  orderId: string
}

/** Moves an order on, or cancels it. The status it has already is a no-op: a repeated request does no harm. */
export async function changeOrderStatus(
  deps: Pick<Deps, 'orm'>,
  whose: Whose,
  change: { status: OrderStatus; note: string | null; by: string },
): Promise<OrderDetail> {
  const { workspaceId, orderId } = whose
  const { status, note, by } = change
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const order = await lockOrder(em, whose)
    if (order.status === status) return getOrder(em, whose)
    const next = nextStatuses(order.status)
    if (!next.includes(status)) {
      const message = `a ${order.status} order ${next.length > 0 ? `becomes ${next.join(', ')}` : 'stays so'}`
      throw new AppError('unprocessable', message, { fields: [{ field: 'status', message }] })
    }
    await em.execute('update orders set status = ?, updated_at = now() where id = ? and workspace_id = ?', [
      status,
      orderId,
      workspaceId,
    ])
    await em.execute(
      `insert into order_changes (id, order_id, workspace_id, status, by, note, at) values (?, ?, ?, ?, ?, ?, now())`,
      [newId(), orderId, workspaceId, status, by, note],
    )
    const data = { order: orderId, from: order.status, to: status, by }
    const { contact_id: contactId, fact_id: causeId } = order
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'order.changed', contactId, causeId, data },
    ])
    return getOrder(em, whose)
  })
}

/** A note, and the order's id in a system outside. What is not named stays; null takes it away. */
export async function annotateOrder(
  deps: Pick<Deps, 'orm'>,
  whose: Whose,
  change: {
    note?: string | null | undefined
    external?: { system: string; id: string } | null | undefined
  },
): Promise<OrderDetail> {
  const { workspaceId, orderId } = whose
  const { note, external } = change
  const em = forkFor(deps.orm, workspaceId)
  try {
    await em.execute(
      `update orders set note = case when ? then ? else note end,
         external_system = case when ? then ? else external_system end,
         external_id = case when ? then ? else external_id end, updated_at = now()
       where workspace_id = ? and id = ?`,
      [
        ...[note !== undefined, note ?? null],
        ...[external !== undefined, external?.system ?? null],
        ...[external !== undefined, external?.id ?? null],
        ...[workspaceId, orderId],
      ],
    )
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = `another order is ${external?.id} of ${external?.system}`
    throw new AppError('conflict', message, { fields: [{ field: 'external.id', message }] })
  }
  return getOrder(em, whose)
}

async function lockOrder(em: Em, { workspaceId, orderId }: Whose) {
  const [order] = await em.execute<{ status: OrderStatus; contact_id: string; fact_id: string }[]>(
    'select status, contact_id, fact_id from orders where workspace_id = ? and id = ? for update',
    [workspaceId, orderId],
  )
  if (!order) throw new AppError('not_found', `order ${orderId} does not exist`)
  return order
}
