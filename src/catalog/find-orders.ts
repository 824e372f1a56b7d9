import { contactName } from '../contacts/contact-names.ts'
import { exactTime, isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { OrderStatus } from '../model/catalog-order.ts'
import { AppError } from '../model/errors.ts'
import type { orderSources } from './store-orders.ts'

export interface OrderRow {
  id: string
  catalogId: string | null
  metaCatalogId: string | null
  contactId: string
  contactName: string | null
  conversationId: string | null
  messageId: string | null
  source: (typeof orderSources)[number]
  external: { system: string; id: string } | null
  status: OrderStatus
  /** Pieces, over all lines. */
  items: number
  total: number | null
  currency: string | null
  note: string | null
  placedAt: string
  createdAt: string
  updatedAt: string
}
export interface OrderLineRow {
  productId: string | null
  retailerId: string
  name: string | null
  quantity: number
  unitPrice: number | null
  currency: string | null
}
export interface OrderChange {
  status: OrderStatus
  by: string
  note: string | null
  at: string
}
export type OrderDetail = OrderRow & { lines: OrderLineRow[]; history: OrderChange[] }

const columns = `o.id, o.catalog_id as "catalogId", o.meta_catalog_id as "metaCatalogId", o.contact_id as "contactId",
  ${contactName} as "contactName",
  o.conversation_id as "conversationId", o.message_id as "messageId", o.source,
  case when o.external_id is not null then jsonb_build_object('system', o.external_system, 'id', o.external_id) end as external,
  o.status, o.items, o.total::double precision as total, o.currency, o.note, ${isoTime('o.placed_at')} as "placedAt",
  ${isoTime('o.created_at')} as "createdAt", ${isoTime('o.updated_at')} as "updatedAt"`

export interface OrderQuery {
  workspaceId: string
  contactId?: string | undefined
  conversationId?: string | undefined
  messageId?: string | undefined
  catalogId?: string | undefined
  status?: OrderStatus | undefined
  source?: string | undefined
  externalId?: string | undefined
  retailerId?: string | undefined
  from?: string | undefined
  to?: string | undefined
  after?: [placedAt: string, id: string] | undefined
  limit: number
}

/** Newest first, with the exact time as the key of the next page. */
export async function listOrders(em: Em, query: OrderQuery): Promise<(OrderRow & { sortKey: string })[]> {
  const { workspaceId, after, limit, ...filter } = query
  return em.execute<(OrderRow & { sortKey: string })[]>(
    `select ${columns}, ${exactTime('o.placed_at')} as "sortKey" from orders o join contacts c on c.id = o.contact_id
     cross join jsonb_to_record(?::jsonb) as f("contactId" uuid, "conversationId" uuid, "messageId" uuid, "catalogId" uuid,
       status text, source text, "externalId" text, "retailerId" text, "from" timestamptz, "to" timestamptz)
     where o.workspace_id = ? and (f."contactId" is null or o.contact_id = f."contactId")
       and (f."conversationId" is null or o.conversation_id = f."conversationId")
       and (f."messageId" is null or o.message_id = f."messageId")
       and (f."catalogId" is null or o.catalog_id = f."catalogId") and (f.status is null or o.status = f.status)
       and (f.source is null or o.source = f.source) and (f."externalId" is null or o.external_id = f."externalId")
       and (f."from" is null or o.placed_at >= f."from") and (f."to" is null or o.placed_at < f."to")
       and (f."retailerId" is null or exists (
         select 1 from order_lines l where l.order_id = o.id and l.retailer_id = f."retailerId"))
       and (?::text is null or (o.placed_at, o.id) < (?::timestamptz, ?::uuid))
     order by o.placed_at desc, o.id desc limit ?`,
    [JSON.stringify(filter), workspaceId, after?.[0] ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
  )
}

export async function getOrder(
  em: Em,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<OrderDetail> {
  const [order] = await em.execute<OrderRow[]>(
    `select ${columns} from orders o join contacts c on c.id = o.contact_id where o.workspace_id = ? and o.id = ?`,
    [workspaceId, orderId],
  )
  if (!order) throw new AppError('not_found', `order ${orderId} does not exist`)
  const lines = await em.execute<OrderLineRow[]>(
    `select product_id as "productId", retailer_id as "retailerId", name, quantity,
       unit_price::double precision as "unitPrice", currency
     from order_lines where order_id = ? and workspace_id = ? order by position`,
    [orderId, workspaceId],
  )
  const history = await em.execute<OrderChange[]>(
    `select status, by, note, ${isoTime('at')} as at from order_changes
     where order_id = ? and workspace_id = ? order by order_changes.at, id`,
    [orderId, workspaceId],
  )
  return { ...order, lines, history }
}

export interface OrderSummary {
  /** Cancelled ones are counted apart, and are in no total. */
  orders: number
  cancelled: number
  items: number
  totals: { currency: string; orders: number; total: number }[]
  firstPlacedAt: string | null
  lastPlacedAt: string | null
}

/** What a contact has ordered, over all catalogs. */
export async function summarizeOrders(
  em: Em,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<OrderSummary> {
  const [contact] = await em.execute<{ id: string }[]>(
    'select coalesce(merged_into, id) as id from contacts where workspace_id = ? and id = ?',
    [workspaceId, contactId],
  )
  if (!contact) throw new AppError('not_found', `contact ${contactId} does not exist`)
  const rows = await em.execute<
    {
      currency: string | null
      orders: number
      cancelled: number
      items: number
      total: number
      priced: number
      first: string | null
      last: string | null
    }[]
  >(
    `select currency, count(*) filter (where status <> 'cancelled')::int as orders,
       count(*) filter (where status = 'cancelled')::int as cancelled,
       coalesce(sum(items) filter (where status <> 'cancelled'), 0)::double precision as items,
       coalesce(sum(total) filter (where status <> 'cancelled'), 0)::double precision as total,
       count(total) filter (where status <> 'cancelled')::int as priced,
       ${isoTime('min(placed_at)')} as first, ${isoTime('max(placed_at)')} as last
     from orders where workspace_id = ? and contact_id = ? group by currency order by currency`,
    [workspaceId, contact.id],
  )
  const sum = (field: 'orders' | 'cancelled' | 'items') => rows.reduce((all, row) => all + row[field], 0)
  const times = (field: 'first' | 'last') => rows.flatMap((row) => row[field] ?? []).toSorted()
  return {
    orders: sum('orders'),
    cancelled: sum('cancelled'),
    items: sum('items'),
    totals: rows.flatMap(({ currency, priced, total }) =>
      currency === null || priced === 0 ? [] : [{ currency, orders: priced, total }],
    ),
    firstPlacedAt: times('first')[0] ?? null,
    lastPlacedAt: times('last').at(-1) ?? null,
  }
}
