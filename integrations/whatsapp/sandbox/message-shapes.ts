import { z } from 'zod'
import { GraphError } from './graph-errors.ts'
import { interactiveShapes } from './interactive-shapes.ts'
import { bsuidPattern } from './phones.ts'
import { chars, media } from './shape-parts.ts'

const caption = { caption: chars(1024, 0).optional() }
const coordinate = (limit: number) =>
  z.coerce.number({ error: `must be a number of degrees` }).min(-limit).max(limit)
const phoneName = z
  .looseObject({ formatted_name: z.string().min(1) })
  .refine(
    (name) => ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'].some((part) => name[part]),
    { error: 'needs at least one more part beside formatted_name' },
  )
const templateParameter = z.looseObject({ type: z.string().min(1) })
const templateComponent = z.looseObject({
  type: z.string().transform((type) => type.toLowerCase()),
  sub_type: z
    .string()
    .transform((type) => type.toLowerCase())
    .optional(),
  index: z.coerce.number().int().min(0).max(9).optional(),
  parameters: z.array(templateParameter).optional(),
  cards: z.array(z.looseObject({ card_index: z.number().int() })).optional(),
})
export const templateComponentsSchema = z.array(templateComponent).default([])
const templateShape = z.object({
  name: z.string().min(1),
  language: z.looseObject({ code: z.string().min(2) }),
  components: templateComponentsSchema,
})
export type TemplateSend = z.infer<typeof templateShape>

const contentShapes: Record<string, z.ZodType> = {
  text: z.object({ body: chars(4096), preview_url: z.boolean().optional() }),
  image: media(caption),
  video: media(caption),
  document: media({ ...caption, filename: chars(240).optional() }),
  audio: media({ voice: z.boolean().optional() }),
  sticker: media({}),
  location: z.object({
    latitude: coordinate(90),
    longitude: coordinate(180),
    name: z.string().optional(),
    address: z.string().optional(),
  }),
  contacts: z
    .array(z.looseObject({ name: phoneName }))
    .min(1)
    .max(257),
  reaction: z.object({ message_id: z.string().min(1), emoji: z.string().max(32) }),
  template: templateShape,
}
const messageTypes = [...Object.keys(contentShapes), 'interactive'].map((type) => type.toUpperCase())

const envelopeSchema = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.enum(['individual', 'group']).default('individual'),
  to: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .optional(),
  recipient: z.string().regex(bsuidPattern, 'is not a business-scoped user id').optional(),
  type: z.string().optional(),
  context: z.looseObject({ message_id: z.string().min(1) }).optional(),
  biz_opaque_callback_data: chars(512, 0).optional(),
})

const readSchema = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: z.string().startsWith('wamid.', 'is not a message id'),
  typing_indicator: z.looseObject({ type: z.literal('text') }).optional(),
})

export type ValidMessage = {
  /** As the caller wrote it; echoed in `contacts[].input`. */
  input: string
  /** Digits of the phone, BSUID or group id. */
  to: string
  byBsuid: boolean
  isGroup: boolean
  type: string
  bizOpaqueCallbackData: string | null
  template: TemplateSend | null
}

/** Checks a send request against Meta's limits; throws the error Meta answers with. */
export function parseMessage(payload: Record<string, unknown>): ValidMessage {
  const envelope = parse(envelopeSchema, payload, '')
  const type = typeof envelope.type === 'string' ? envelope.type.toLowerCase() : 'text'
  const shape = contentShapes[type]
  if (!shape && type !== 'interactive') {
    throw new GraphError(100, `Param type must be one of {${messageTypes.join(', ')}} - got "${type}".`, {
      title: `Param type must be one of {${messageTypes.join(', ')}} - got "${type}".`,
    })
  }
  const { to, input } = recipientOf(envelope)
  const content = payload[type]
  if (content === undefined) throw new GraphError(131008, `The parameter ${type} is required.`)
  const parsed = shape ? parse(shape, content, type) : parseInteractive(content)
  return {
    input,
    to,
    byBsuid: envelope.to === undefined,
    isGroup: envelope.recipient_type === 'group',
    type,
    bizOpaqueCallbackData: envelope.biz_opaque_callback_data ?? null,
    template: type === 'template' ? (parsed as TemplateSend) : null,
  }
}

export function parseReadReceipt(payload: Record<string, unknown>) {
  return parse(readSchema, payload, '')
}

function recipientOf(envelope: z.infer<typeof envelopeSchema>): { to: string; input: string } {
  if (envelope.to === undefined) {
    if (envelope.recipient === undefined) throw missing('to')
    return { to: envelope.recipient, input: envelope.recipient }
  }
  if (envelope.recipient_type === 'group') return { to: envelope.to, input: envelope.to }
  const digits = envelope.to.replace(/[\s()+.-]/g, '')
  if (!/^\d{5,17}$/.test(digits)) {
    throw new GraphError(131009, `to: ${JSON.stringify(envelope.to)} is not a valid phone number.`)
  }
  return { to: digits, input: envelope.to }
}

function parseInteractive(content: unknown) {
  const type = (content as { type?: unknown } | null)?.type
  if (type === undefined) throw new GraphError(131008, 'The parameter interactive.type is required.')
  const shape =
    typeof type === 'string' && Object.hasOwn(interactiveShapes, type) ? interactiveShapes[type] : null
  if (!shape) throw new GraphError(131009, `interactive.type: ${JSON.stringify(type)} is not a known type.`)
  return parse(shape, content, 'interactive')
}

function missing(name: string): GraphError {
  return new GraphError(100, `The parameter ${name} is required.`, {
    title: `The parameter ${name} is required.`,
  })
}

/** The first issue decides: absent 131008, top level and text body 100, anything else 131009. */
function parse<Shape extends z.ZodType>(shape: Shape, value: unknown, root: string): z.infer<Shape> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path ?? []
  const name = [root, ...path.map(String)].filter(Boolean).join('.')
  const given = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  if (given === undefined && issue?.code !== 'custom') {
    throw root === '' ? missing(name) : new GraphError(131008, `The parameter ${name} is required.`)
  }
  const details = `${name}: ${issue?.message ?? 'is not valid'}.`
  if (root !== '' && name !== 'text.body') throw new GraphError(131009, details)
  const [first, ...rest] = name.split('.')
  const param = `${first}${rest.map((part) => `['${part}']`).join('')}`
  throw new GraphError(100, details, { title: `Param ${param} ${issue?.message ?? 'is not valid'}.` })
}
