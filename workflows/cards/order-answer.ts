import { z } from 'zod'
import type { JsonObject } from '../../src/model/json.ts'
import type { MessageContent } from '../../src/model/message.ts'
import { productsOf, type ProductMessage } from '../../src/model/product-message.ts'
import type { Reply } from '../../src/model/reply.ts'
import { askAgain, fittingAnswerSettings, other } from './ask-again.ts'
import { failed, interrupted, timeout, type CardContext, type CardReference, type Outlet } from './card.ts'
import { text, variableName } from './message-parts.ts'

/** Settings of cards that show products and wait for an order. */
export const orderSettings = {
  catalog: z.uuid().meta({ title: 'Catalog', widget: 'catalog' }),
  variable: variableName.default('order').meta({
    title: 'Keep the order in a variable',
    description: 'Its id, total, currency, note and items, like {{vars.order.total}}',
  }),
  ...fittingAnswerSettings,
}
const settingsSchema = z.object(orderSettings)
type OrderSettings = z.infer<typeof settingsSchema>

export const retailerId = text(100).meta({ title: 'Product', widget: 'product' })

const ordered: Outlet = { id: 'ordered', label: 'Ordered' }
export const orderOutlets = [ordered, other, timeout, interrupted, failed]

/** Shows products and waits for the cart. */
export async function askForOrder(
  context: CardContext,
  settings: OrderSettings,
  message: ProductMessage,
): Promise<string> {
  const { vars } = context
  const content = await context.perform('composeProducts', {
    catalogId: settings.catalog,
    message: JSON.parse(JSON.stringify(message)) as JsonObject,
    vars: productsOf(message).some((id) => id.includes('{{')) ? vars : {},
  })
  const question = content as unknown as MessageContent
  const answer = await askAgain(context, question, settings, ({ order }) => order)
  if (!answer) return timeout.id
  if (!answer.value) return other.id
  context.set(settings.variable, answer.value)
  return ordered.id
}

/** A cart, whatever else it may hold. */
export function readOrderReply(_settings: unknown, { order }: Reply) {
  return { value: order ?? null, isValid: order !== undefined }
}

/** Products that are named by themselves must be in the catalog when the journey is published. */
export function productReferences(
  { catalog }: OrderSettings,
  products: { id: string; field: string }[],
): CardReference[] {
  const named = products.filter(({ id }) => !id.includes('{{'))
  return [
    { kind: 'catalog', id: catalog, field: 'catalog' },
    ...named.map(({ id, field }) => ({ kind: 'product' as const, catalog, id, field })),
  ]
}
