import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { noteChanges } from '../events/note-changes.ts'
import { insertEvents, recordEvents, type ContactEvent } from '../events/record-events.ts'
import { orderEvent, totalOf, type OrderLine, type OrderStatus } from '../model/catalog-order.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

/** Where an order came from. */
export const orderSources = ['whatsapp', 'manual', 'commerce', 'shopify', 'woocommerce'] as const

export interface NewOrder {
  contactId: string
  conversationId?: string | undefined
  /** The customer's message; one message is one order. */
  messageId?: string | undefined
  catalogId?: string | undefined
  /** When the catalog is named by Meta's id. */
  metaCatalogId?: string | null | undefined
  source: (typeof orderSources)[number]
  /** The order's id in a system outside; the same id is the same order. */
  external?: { system: string; id: string } | undefined
  status: OrderStatus
  note: string | null
  lines: (OrderLine & { name?: string | undefined })[]
  placedAtMs: number
  by: string
  causeId?: string | undefined
  /** Items of the customer's cart that could not be read. */
  dropped?: number
  /** Of the past: it counts, and starts nothing. */
  isPast?: boolean
}
export interface StoredOrders {
  orderIds: string[]
  outbox: OutboxRow[]
}
type Draft = NewOrder & { id: string; factId: string }

/**
 * Stores orders with lines, history, fact and event in the caller's transaction. One that is known by its message or
 * its external id is left as it is. Products that no catalog of ours has stay lines with their retailer id.
 */
export async function storeOrders(em: Em, workspaceId: string, orders: NewOrder[]): Promise<StoredOrders> {
  if (orders.length === 0) return { orderIds: [], outbox: [] }
  const drafts = orders.map((order) => ({ ...order, id: newId(), factId: newId() }))
  const inserted = await insertOrders(em, workspaceId, drafts)
  const fresh = drafts.filter(({ id }) => inserted.has(id))
  await insertLines(em, workspaceId, fresh)
  await insertHistory(em, workspaceId, fresh)
  await recordFacts(
    em,
    workspaceId,
    fresh.map((order) => ({
      id: order.factId,
      atMs: Date.now(),
      kind: 'order.placed',
      contactId: order.contactId,
      causeId: order.causeId,
      data: factData(order),
    })),
  )
  return { orderIds: fresh.map(({ id }) => id), outbox: await tellOrders(em, workspaceId, fresh) }
}

/** Segments learn of all orders; journeys of those that are placed now. */
async function tellOrders(em: Em, workspaceId: string, orders: Draft[]): Promise<OutboxRow[]> {
  const [past, present] = [true, false].map((isPast) =>
    orders.filter((order) => (order.isPast ?? false) === isPast).map(toEvent),
  )
  await insertPastEvents(em, workspaceId, past ?? [])
  return recordEvents(em, workspaceId, present ?? [])
}

function toEvent(order: Draft): ContactEvent {
  const { id, contactId, lines, placedAtMs: atMs, factId: causeId } = order
  return { contactId, type: 'order_placed', attributes: orderEvent(id, lines), atMs, causeId }
}

async function insertPastEvents(em: Em, workspaceId: string, events: ContactEvent[]): Promise<void> {
  if (events.length === 0) return
  await insertEvents(
    em,
    workspaceId,
    events.map((event) => ({ ...event, id: newId() })),
  )
  await noteChanges(
    em,
    workspaceId,
    events.map(({ contactId, causeId }) => ({ contactId, keys: ['event:order_placed'], causeId })),
  )
}

async function insertOrders(em: Em, workspaceId: string, drafts: Draft[]): Promise<Set<string>> {
  const rows = drafts.map((order) => ({
    id: order.id,
    catalog_id: order.catalogId ?? null,
    meta_catalog_id: order.metaCatalogId ?? null,
    contact_id: order.contactId,
    conversation_id: order.conversationId ?? null,
    message_id: order.messageId ?? null,
    source: order.source,
    external_system: order.external?.system ?? null,
    external_id: order.external?.id ?? null,
    status: order.status,
    ...totalOf(order.lines),
    note: order.note,
    fact_id: order.factId,
    placed_ms: order.placedAtMs,
  }))
  const inserted = await em.execute<{ id: string }[]>(
    `insert into orders (id, workspace_id, catalog_id, meta_catalog_id, contact_id, conversation_id, message_id, source,
       external_system, external_id, status, items, total, currency, note, fact_id, placed_at)
     select n.id, ?, c.id, coalesce(n.meta_catalog_id, c.meta_catalog_id), n.contact_id, n.conversation_id, n.message_id,
       n.source, n.external_system, n.external_id, n.status, n.items, n.total, n.currency, n.note, n.fact_id,
       to_timestamp(n.placed_ms / 1000.0)
     from jsonb_to_recordset(?::jsonb) as n(id uuid, catalog_id uuid, meta_catalog_id text, contact_id uuid,
       conversation_id uuid, message_id uuid, source text, external_system text, external_id text, status text, items int,
       total bigint, currency text, note text, fact_id uuid, placed_ms double precision)
     left join catalogs c on c.workspace_id = ? and case when n.catalog_id is null
       then c.meta_catalog_id = n.meta_catalog_id else c.id = n.catalog_id end
     order by n.external_system, n.external_id on conflict do nothing returning id`,
    [workspaceId, JSON.stringify(rows), workspaceId],
  )
  return new Set(inserted.map(({ id }) => id))
}

async function insertLines(em: Em, workspaceId: string, orders: Draft[]): Promise<void> {
  const rows = orders.flatMap(({ id, lines }) =>
    lines.map(({ retailerId, name, quantity, unitPrice, currency }, position) => ({
      ...{ order_id: id, position, retailer_id: retailerId, name, quantity, unit_price: unitPrice, currency },
    })),
  )
  await em.execute(
    `insert into order_lines (order_id, position, workspace_id, product_id, retailer_id, name, quantity, unit_price, currency)
     select n.order_id, n.position, ?, p.id, n.retailer_id, coalesce(n.name, p.name), n.quantity, n.unit_price, n.currency
     from jsonb_to_recordset(?::jsonb) as n(order_id uuid, position int, retailer_id text, name text, quantity int,
       unit_price bigint, currency text)
     join orders o on o.id = n.order_id
     left join products p on p.catalog_id = o.catalog_id and p.retailer_id = n.retailer_id`,
    [workspaceId, JSON.stringify(rows)],
  )
}

async function insertHistory(em: Em, workspaceId: string, orders: Draft[]): Promise<void> {
  const rows = orders.map(({ id, status, by, placedAtMs }) => ({
    ...{ id: newId(), order_id: id, status, by, at_ms: placedAtMs },
  }))
  await em.execute(
    `insert into order_changes (id, order_id, workspace_id, status, by, at)
     select n.id, n.order_id, ?, n.status, n.by, to_timestamp(n.at_ms / 1000.0)
     from jsonb_to_recordset(?::jsonb) as n(id uuid, order_id uuid, status text, by text, at_ms double precision)`,
    [workspaceId, JSON.stringify(rows)],
  )
}

function factData({ id, messageId, source, by, lines, dropped = 0 }: Draft): JsonObject {
  const { items, total, currency } = totalOf(lines)
  return {
    order: id,
    ...(messageId !== undefined && { message: messageId }),
    ...{ source, by, items, total, currency },
    ...(dropped > 0 && { dropped }),
  }
}
