import { z } from 'zod'
import { interactiveSchema, mediaSourceSchema } from './interactive.ts'
import { describePeople, describePlace } from './message-words.ts'

const caption = z.string().max(1024).optional()

/** A reply quotes another message: by its wamid; where it is written, our id of the message will do. */
const quoted = z.object({ message_id: z.string().min(1).max(512) }).optional()

/** Whom a shared contact card is of. WhatsApp wants one more part of the name beside the whole of it. */
const person = z.looseObject({
  name: z
    .looseObject({ formatted_name: z.string().min(1) })
    .refine(
      (name) =>
        ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'].some((part) => Boolean(name[part])),
      'needs at least one more part beside formatted_name',
    ),
})

/**
 * An outgoing message in the Cloud API's own shape, without its envelope (`messaging_product`, `to`):
 * what journeys, agents and dialects compose, the ledger stores and WhatsApp receives.
 * Limits: developers.facebook.com, WhatsApp Cloud API, message types.
 */
export const messageContentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z.object({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() }),
    context: quoted,
  }),
  z.object({
    type: z.literal('image'),
    image: mediaSourceSchema.and(z.object({ caption })),
    context: quoted,
  }),
  z.object({
    type: z.literal('video'),
    video: mediaSourceSchema.and(z.object({ caption })),
    context: quoted,
  }),
  z.object({
    type: z.literal('audio'),
    audio: mediaSourceSchema.and(z.object({ voice: z.boolean().optional() })),
    context: quoted,
  }),
  z.object({ type: z.literal('sticker'), sticker: mediaSourceSchema, context: quoted }),
  z.object({
    type: z.literal('document'),
    document: mediaSourceSchema.and(z.object({ caption, filename: z.string().max(240).optional() })),
    context: quoted,
  }),
  z.object({
    type: z.literal('location'),
    location: z.object({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: z.string().max(1000).optional(),
      address: z.string().max(1000).optional(),
    }),
    context: quoted,
  }),
  z.object({ type: z.literal('contacts'), contacts: z.array(person).min(1).max(257), context: quoted }),
  z.object({
    type: z.literal('reaction'),
    reaction: z.object({
      message_id: z.string().min(1).max(512),
      emoji: z.string().max(32).meta({ description: 'empty: the reaction is taken back' }),
    }),
  }),
  z.object({ type: z.literal('interactive'), interactive: interactiveSchema, context: quoted }),
  z.object({
    type: z.literal('template'),
    template: z.object({
      name: z.string().min(1).max(512),
      language: z.object({ code: z.string().min(2).max(10) }),
      components: z.array(z.record(z.string(), z.unknown())).optional(),
    }),
    context: quoted,
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
    type === 'location' ? describePlace(body) : undefined,
    type === 'contacts' ? describePeople(content['contacts']) : undefined,
    type === 'reaction' ? textOf(body, 'emoji') : undefined,
    textOf(body, 'body'),
    textOf(body?.['body'] as Record<string, unknown>, 'text'),
    textOf(body, 'caption'),
    textOf(body, 'name'),
    type === 'document' ? textOf(body, 'filename') : undefined,
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
