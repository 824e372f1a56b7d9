import { z } from 'zod'
import { interactiveSchema, mediaSourceSchema } from './interactive.ts'

const caption = z.string().max(1024).optional()

/**
 * An outgoing message in the Cloud API's own shape, without its envelope (`messaging_product`, `to`):
 * what journeys, agents and dialects compose, the ledger stores and WhatsApp receives.
 * Limits: developers.facebook.com, WhatsApp Cloud API, message types.
 */
export const messageContentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z.object({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() }),
  }),
  z.object({ type: z.literal('image'), image: mediaSourceSchema.and(z.object({ caption })) }),
  z.object({ type: z.literal('video'), video: mediaSourceSchema.and(z.object({ caption })) }),
  z.object({ type: z.literal('audio'), audio: mediaSourceSchema }),
  z.object({ type: z.literal('sticker'), sticker: mediaSourceSchema }),
  z.object({
    type: z.literal('document'),
    document: mediaSourceSchema.and(z.object({ caption, filename: z.string().max(240).optional() })),
  }),
  z.object({ type: z.literal('interactive'), interactive: interactiveSchema }),
  z.object({
    type: z.literal('template'),
    template: z.object({
      name: z.string().min(1).max(512),
      language: z.object({ code: z.string().min(2).max(10) }),
      components: z.array(z.record(z.string(), z.unknown())).optional(),
    }),
  }),
])
export type MessageContent = z.infer<typeof messageContentSchema>

/** What a retry may do when it cannot know whether the first attempt arrived. */
export const messageClassSchema = z.enum(['utility', 'marketing'])
export type MessageClass = z.infer<typeof messageClassSchema>

/** The words a person would see, for lists, previews and search. */
export function describeContent(content: Record<string, unknown>): string {
  const type = String(content['type'])
  const body = content[type] as Record<string, unknown> | undefined
  const words = [
    textOf(body, 'body'),
    textOf(body?.['body'] as Record<string, unknown>, 'text'),
    textOf(body, 'caption'),
    textOf(body, 'name'),
    cartWords(body),
  ]
  return words.find((word) => word !== undefined) ?? `[${type}]`
}

/** An order without a note. */
function cartWords(order: Record<string, unknown> | undefined): string | undefined {
  const items = order?.['product_items']
  return Array.isArray(items) && items.length > 0
    ? `Order: ${items.length} ${items.length === 1 ? 'product' : 'products'}`
    : undefined
}

function textOf(record: Record<string, unknown> | undefined, key: string): string | undefined {
  const value = record?.[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}
