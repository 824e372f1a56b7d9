import { z } from 'zod'
import { contactReference } from '../contacts/contact-schema.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { orderStatuses } from '../model/catalog-order.ts'
import { currencySchema, formatMoney, minorSchema } from '../model/money.ts'
import { annotateOrder, changeOrderStatus } from './change-order.ts'
import { getOrder, listOrders, summarizeOrders, type OrderDetail, type OrderRow } from './find-orders.ts'
import { saveOrder } from './save-order.ts'
import { orderSources } from './store-orders.ts'

const status = z.enum(orderStatuses)
const externalSystems = ['commerce', 'shopify', 'woocommerce', 'other'] as const
const external = z
  .object({ system: z.enum(externalSystems), id: z.string().trim().min(1).max(200) })
  .meta({ description: "the order's id in another system: the same id is the same order" })
const orderFields = {
  id: z.uuid(),
  catalogId: z.uuid().nullable(),
  metaCatalogId: z.string().nullable(),
  contactId: z.uuid(),
  contactName: z.string().nullable(),
  conversationId: z.uuid().nullable(),
  messageId: z.uuid().nullable().meta({ description: "the customer's message that it came by" }),
  source: z.enum(orderSources),
  external: z.object({ system: z.string(), id: z.string() }).nullable(),
  status,
  items: z.int().meta({ description: 'pieces, over all lines' }),
  total: z.int().nullable().meta({ description: 'in minor units; null without one price or one currency' }),
  currency: z.string().nullable(),
  totalText: z.string().nullable().meta({ example: '29.97 USD' }),
  note: z.string().nullable(),
  placedAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}
const orderView = z.object(orderFields).meta({ id: 'Order' })
const orderDetail = z
  .object({
    ...orderFields,
    lines: z.array(
      z.object({
        productId: z.uuid().nullable().meta({ description: 'null when no catalog has the product' }),
        retailerId: z.string(),
        name: z.string().nullable(),
        quantity: z.int(),
        unitPrice: z.int().nullable(),
        currency: z.string().nullable(),
      }),
    ),
    history: z.array(z.object({ status, by: z.string(), note: z.string().nullable(), at: z.iso.datetime() })),
  })
  .meta({ id: 'OrderDetail' })

const line = z
  .strictObject({
    retailerId: z.string().trim().min(1).max(200),
    name: z.string().trim().min(1).max(200).optional(),
    quantity: z.int().min(1).max(1_000_000),
    unitPrice: minorSchema.nullable().default(null),
    currency: currencySchema.nullable().default(null),
  })
  .refine(({ unitPrice, currency }) => unitPrice === null || currency !== null, {
    path: ['currency'],
    message: 'is required with a price',
  })
const path = '/platform/v1/orders'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Orders', auth: 'key' } as const

const listRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List orders, newest first',
    input: {
      query: page.query.extend({
        contactId: z.uuid().optional(),
        conversationId: z.uuid().optional(),
        messageId: z.uuid().optional(),
        catalogId: z.uuid().optional(),
        status: status.optional(),
        source: z.enum(orderSources).optional(),
        externalId: z.string().max(200).optional(),
        retailerId: z.string().max(200).optional().meta({ description: 'orders with this product' }),
        from: z.iso.datetime({ offset: true }).optional().meta({ description: 'placed then or later' }),
        to: z.iso.datetime({ offset: true }).optional().meta({ description: 'placed before' }),
      }),
    },
    output: page.of(orderView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const after = decodeCursor(cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listOrders(em, { workspaceId, ...filter, after, limit: limit + 1 })
      const { items, nextCursor } = page.cut(rows, limit, ({ sortKey, id }) => [sortKey, id])
      return { items: items.map(withText), nextCursor }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/:id/order-summary',
    summary: 'Sum up what a contact has ordered',
    input: { params },
    output: z.object({
      orders: z.int().meta({ description: 'without the cancelled ones' }),
      cancelled: z.int(),
      items: z.int(),
      totals: z.array(
        z.object({ currency: z.string(), orders: z.int(), total: z.int(), totalText: z.string() }),
      ),
      firstPlacedAt: z.iso.datetime().nullable(),
      lastPlacedAt: z.iso.datetime().nullable(),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      const summary = await summarizeOrders(forkFor(deps.orm, workspaceId), { workspaceId, contactId: id })
      return {
        ...summary,
        totals: summary.totals.map((each) => ({
          ...each,
          totalText: formatMoney({ minor: each.total, currency: each.currency }),
        })),
      }
    },
  }),
]

const orderBody = z.object({
  ...contactReference,
  catalogId: z.uuid().optional(),
  external: external.optional(),
  status: status.default('placed'),
  note: z.string().trim().min(1).max(4_096).nullable().default(null),
  lines: z.array(line).min(1).max(1_000),
  placedAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'now when absent' }),
  isPast: z
    .boolean()
    .default(false)
    .meta({ description: 'of the past: it counts in sums and segments, and starts no journey' }),
})

const changeRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Store an order that came otherwise than by WhatsApp',
    description:
      'Journeys and segments learn of it by the event `order_placed`, as of any order. The same external id is the same order.',
    status: 201,
    input: { body: orderBody },
    output: orderDetail.extend({ created: z.boolean() }),
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const { contactId: given, waId, placedAt, external: outside, ...rest } = body
      const by = nameActor(actor)
      const contactId = await resolveContact(deps, { workspaceId, contactId: given, waId, by })
      const source: (typeof orderSources)[number] =
        outside === undefined || outside.system === 'other' ? 'manual' : outside.system
      const placedAtMs = placedAt === undefined ? Date.now() : Date.parse(placedAt)
      const order = { ...rest, contactId, external: outside, source, placedAtMs, by }
      const saved = await saveOrder(deps, { workspaceId, order })
      return { ...withText(saved), created: saved.created }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show an order with its lines and history',
    input: { params },
    output: orderDetail,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      withText(await getOrder(forkFor(deps.orm, workspaceId), { workspaceId, orderId: id })),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Note something on an order, or say its id in another system',
    input: {
      params,
      body: z.object({
        note: z.string().trim().min(1).max(4_096).nullable().optional(),
        external: external.nullable().optional(),
      }),
    },
    output: orderDetail,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      withText(await annotateOrder(deps, { workspaceId, orderId: id }, body)),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/status`,
    summary: 'Move an order on: confirmed, paid, shipped, delivered, or cancelled',
    description: 'Steps may be left out, and none goes back; delivered and cancelled orders stay so.',
    input: {
      params,
      body: z.object({ status, note: z.string().trim().min(1).max(1_000).nullable().default(null) }),
    },
    output: orderDetail,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const whose = { workspaceId: actor.workspaceId, orderId: id }
      return withText(await changeOrderStatus(deps, whose, { ...body, by: nameActor(actor) }))
    },
  }),
]

export const orderRoutes: Route[] = [...listRoutes, ...changeRoutes]

function withText<T extends OrderRow | OrderDetail>(order: T): T & { totalText: string | null } {
  const { total, currency } = order
  const totalText = total === null || currency === null ? null : formatMoney({ minor: total, currency })
  return { ...order, totalText }
}
