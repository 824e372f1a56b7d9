import { z } from 'zod'
import type { MessageContent } from './message.ts'

/** Limits of interactive messages with products: Cloud API, "Sell products and services". */
const maximumProducts = 30
const maximumSections = 10

const body = z.string().trim().min(1).max(1_024)
const footer = z.string().trim().min(1).max(60).optional()
const retailerId = z.string().trim().min(1).max(100)
const section = z.object({
  title: z.string().trim().min(1).max(24).optional(),
  retailerIds: z.array(retailerId).min(1).max(maximumProducts),
})

/** The three ways to show products in a chat, as cards and people describe them. */
export const productMessageSchema = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('product'), body: body.optional(), footer, retailerId })
    .meta({ title: 'one product' }),
  z
    .object({
      kind: z.literal('products'),
      header: z.string().trim().min(1).max(60),
      body,
      footer,
      sections: z.array(section).min(1).max(maximumSections).superRefine(checkSections),
    })
    .meta({ title: 'up to 30 products in up to 10 sections' }),
  z
    .object({ kind: z.literal('catalog'), body, footer, thumbnailRetailerId: retailerId.optional() })
    .meta({ title: 'the whole catalog' }),
])
export type ProductMessage = z.output<typeof productMessageSchema>

function checkSections(sections: z.output<typeof section>[], context: z.RefinementCtx): void {
  const all = sections.flatMap(({ retailerIds }) => retailerIds)
  if (all.length > maximumProducts) {
    context.addIssue({ code: 'custom', message: `at most ${maximumProducts} products over all sections` })
  }
  for (const [at, { title }] of sections.entries()) {
    if (sections.length === 1 || title) continue
    const message = 'is required when there are several sections'
    context.addIssue({ code: 'custom', path: [at, 'title'], message })
  }
}

/** The products that a message shows. */
export function productsOf(message: ProductMessage): string[] {
  switch (message.kind) {
    case 'product':
      return [message.retailerId]
    case 'products':
      return message.sections.flatMap(({ retailerIds }) => retailerIds)
    case 'catalog':
      return message.thumbnailRetailerId === undefined ? [] : [message.thumbnailRetailerId]
  }
}

/** The same message with other products: each by what `change` makes of its id. */
export function withProducts(
  message: ProductMessage,
  change: (retailerId: string) => string,
): ProductMessage {
  switch (message.kind) {
    case 'product':
      return { ...message, retailerId: change(message.retailerId) }
    case 'products':
      return {
        ...message,
        sections: message.sections.map((each) => ({ ...each, retailerIds: each.retailerIds.map(change) })),
      }
    case 'catalog': {
      const { thumbnailRetailerId: id } = message
      return { ...message, ...(id !== undefined && { thumbnailRetailerId: change(id) }) }
    }
  }
}

/** The message in the Cloud API's shape. @param metaCatalogId Meta's id of the catalog, not ours. */
export function toProductContent(message: ProductMessage, metaCatalogId: string): MessageContent {
  const footer = message.footer === undefined ? {} : { footer: { text: message.footer } }
  const text = message.body === undefined ? {} : { body: { text: message.body } }
  switch (message.kind) {
    case 'product': {
      const action = { catalog_id: metaCatalogId, product_retailer_id: message.retailerId }
      return { type: 'interactive', interactive: { type: 'product', ...text, ...footer, action } }
    }
    case 'products': {
      const header = { type: 'text' as const, text: message.header }
      const sections = message.sections.map(({ title, retailerIds }) => ({
        ...(title !== undefined && { title }),
        product_items: retailerIds.map((id) => ({ product_retailer_id: id })),
      }))
      const action = { catalog_id: metaCatalogId, sections }
      const body = { text: message.body }
      return { type: 'interactive', interactive: { type: 'product_list', header, body, ...footer, action } }
    }
    case 'catalog': {
      const id = message.thumbnailRetailerId
      const action = {
        name: 'catalog_message' as const,
        ...(id !== undefined && { parameters: { thumbnail_product_retailer_id: id } }),
      }
      const body = { text: message.body }
      return { type: 'interactive', interactive: { type: 'catalog_message', body, ...footer, action } }
    }
  }
}
