import { z } from 'zod'

/**
 * An outgoing message in the Cloud API's own shape, without its envelope (`messaging_product`, `to`):
 * what journeys, agents and dialects compose, the ledger stores and WhatsApp receives.
 * Limits: developers.facebook.com, WhatsApp Cloud API, message types.
 */
const mediaSource = z
  .object({ id: z.string().min(1).optional(), link: z.string().min(1).optional() })
  .refine((source) => Boolean(source.id) !== Boolean(source.link), 'give either id or link')
const caption = z.string().max(1024).optional()

const header = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().min(1).max(60) }),
  z.object({ type: z.literal('image'), image: mediaSource }),
  z.object({ type: z.literal('video'), video: mediaSource }),
  z.object({ type: z.literal('document'), document: mediaSource }),
])
const replyButton = z.object({
  type: z.literal('reply'),
  reply: z.object({ id: z.string().min(1).max(256), title: z.string().min(1).max(20) }),
})
const interactiveParts = {
  header: header.optional(),
  body: z.object({ text: z.string().min(1).max(1024) }),
  footer: z.object({ text: z.string().min(1).max(60) }).optional(),
}
const interactive = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('button'),
    ...interactiveParts,
    action: z.object({ buttons: z.array(replyButton).min(1).max(3) }),
  }),
  z.object({
    type: z.literal('cta_url'),
    ...interactiveParts,
    action: z.object({
      name: z.literal('cta_url'),
      parameters: z.object({ display_text: z.string().min(1).max(20), url: z.url() }),
    }),
  }),
])

export const messageContentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z.object({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() }),
  }),
  z.object({ type: z.literal('image'), image: mediaSource.and(z.object({ caption })) }),
  z.object({ type: z.literal('video'), video: mediaSource.and(z.object({ caption })) }),
  z.object({ type: z.literal('audio'), audio: mediaSource }),
  z.object({ type: z.literal('sticker'), sticker: mediaSource }),
  z.object({
    type: z.literal('document'),
    document: mediaSource.and(z.object({ caption, filename: z.string().max(240).optional() })),
  }),
  z.object({ type: z.literal('interactive'), interactive }),
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
  ]
  return words.find((word) => word !== undefined) ?? `[${type}]`
}

function textOf(record: Record<string, unknown> | undefined, key: string): string | undefined {
  const value = record?.[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}
