import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { getOrder, type OrderDetail } from './find-orders.ts'
import { requireCatalog } from './manage-catalogs.ts'
import { storeOrders, type NewOrder } from './store-orders.ts'

/** An order that people or a shop bring in. The same external id is the same order, which then stays as it is. */
export async function saveOrder(
  deps: Deps,
  input: { workspaceId: string; order: NewOrder },
): Promise<OrderDetail & { created: boolean }> {
  const { workspaceId, order } = input
  const { catalogId } = order
  const em = forkFor(deps.orm, workspaceId)
  const { orderIds, outbox } = await em.transactional(async (tx) => {
    if (catalogId !== undefined) await requireCatalog(tx, { workspaceId, catalogId })
    return storeOrders(tx, workspaceId, [order])
  })
  relaySoon(deps, outbox)
  const [created] = orderIds
  const orderId = created ?? (await findByExternalId(em, workspaceId, order))
  return { ...(await getOrder(em, { workspaceId, orderId })), created: created !== undefined }
}

async function findByExternalId(em: Em, workspaceId: string, { external }: NewOrder): Promise<string> {
  const [row] = await em.execute<{ id: string }[]>(
    'select id from orders where workspace_id = ? and external_system = ? and external_id = ?',
    [workspaceId, external?.system ?? '', external?.id ?? ''],
  )
  if (row) return row.id
  throw new AppError('conflict', 'the order was changed at this moment: ask again')
}
