import type { JsonObject } from './json.ts'
import { currencySchema, toMajor, toMinor } from './money.ts'

/** Where an order stands; it moves to the right only, or is cancelled. */
export const orderStatuses = ['placed', 'confirmed', 'paid', 'shipped', 'delivered', 'cancelled'] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** Steps may be left out; what was delivered or cancelled stays so. */
export function nextStatuses(from: OrderStatus): OrderStatus[] {
  if (from === 'delivered' || from === 'cancelled') return []
  return orderStatuses.slice(orderStatuses.indexOf(from) + 1)
}

export interface OrderLine {
  retailerId: string
  quantity: number
  /** In minor units; null when none that makes sense came along. */
  unitPrice: number | null
  currency: string | null
}
/** What a customer's cart says. */
export interface CartOrder {
  metaCatalogId: string | null
  note: string | null
  lines: OrderLine[]
  /** Items of the cart that name no product or no quantity. */
  dropped: number
}

/** Carts are made by hand; a thousand lines are none. */
const maximumLines = 1_000
const maximumQuantity = 1_000_000

/** Reads the `order` of a webhook message as far as it can be read; a text says why nothing can. */
export function readOrder(message: Record<string, unknown>): CartOrder | string {
  const order = message['order']
  if (!isRecord(order)) return 'the message has no order'
  const items = order['product_items']
  if (!Array.isArray(items) || items.length === 0) return 'the order has no product items'
  const lines = items.slice(0, maximumLines).flatMap((item: unknown) => readLine(item) ?? [])
  if (lines.length === 0) return 'no item of the order names a product and a quantity'
  return {
    metaCatalogId: word(order['catalog_id'], 100),
    note: word(order['text'], 4_096),
    lines,
    dropped: items.length - lines.length,
  }
}

function readLine(item: unknown): OrderLine | undefined {
  if (!isRecord(item)) return undefined
  const retailerId = word(item['product_retailer_id'], 200)
  const quantity = Number(item['quantity'])
  if (retailerId === null || !Number.isInteger(quantity) || quantity < 1 || quantity > maximumQuantity) {
    return undefined
  }
  const currency = currencySchema.safeParse(item['currency']).data ?? null
  const unitPrice = currency === null ? null : (toMinor(item['item_price'], currency) ?? null)
  return { retailerId, quantity, unitPrice, currency }
}

export interface OrderTotal {
  items: number
  /** Null when a price is missing, or prices are in several currencies: then there is no one total. */
  total: number | null
  currency: string | null
}

export function totalOf(lines: OrderLine[]): OrderTotal {
  const items = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const currency = lines[0]?.currency ?? null
  const sum = lines.reduce((total, line) => total + (line.unitPrice ?? Number.NaN) * line.quantity, 0)
  const isOne = currency !== null && lines.every((line) => line.currency === currency)
  return isOne && Number.isSafeInteger(sum)
    ? { items, total: sum, currency }
    : { items, total: null, currency: isOne ? currency : null }
}

/** Events travel in histories, which hold short values only; the order itself has all of its lines. */
const maximumEventItems = 50

/** The attributes of the event `order_placed`; money in whole units, as conditions compare it. */
export function orderEvent(orderId: string, lines: OrderLine[]): JsonObject {
  const { total, currency } = totalOf(lines)
  return {
    order_id: orderId,
    ...(total !== null && currency !== null && { total: toMajor({ minor: total, currency }) }),
    ...(currency !== null && { currency }),
    items: lines.slice(0, maximumEventItems).map((line) => ({
      retailer_id: line.retailerId,
      quantity: line.quantity,
      ...(line.unitPrice !== null &&
        line.currency !== null && {
          price: toMajor({ minor: line.unitPrice, currency: line.currency }),
          currency: line.currency,
        }),
    })),
  }
}

/** What a card gets of a cart that was sent: the event's attributes, but the order's own id, with the customer's note. */
export function orderReply({ lines, note }: CartOrder): JsonObject {
  const { order_id: _id, ...order } = orderEvent('', lines)
  return { ...order, ...(note !== null && { note }) }
}

function word(value: unknown, maximum: number): string | null {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, maximum) : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
