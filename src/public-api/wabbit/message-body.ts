import { z } from 'zod'
import { refuseFields } from '../../kit/problem.ts'
import type { WireContent } from '../../wabbit-wire/send-message.ts'
import { booleanField, charField } from './fields.ts'

/** The document's types, and what else WhatsApp takes. */
const types = [
  ...(['text', 'image', 'contacts', 'document', 'hsm', 'location', 'sticker', 'template'] as const),
  ...(['audio', 'voice', 'video', 'interactive', 'reaction'] as const),
] as const

const open = z.looseObject({}, { error: 'Expected a dictionary.' })
const contentFields = {
  text: z.looseObject({ body: charField(4_096) }, { error: 'Expected a dictionary.' }),
  image: open,
  contacts: z.array(open, { error: 'Expected a list of items.' }).min(1, 'This list may not be empty.'),
  document: open,
  hsm: z.looseObject({
    element_name: charField(512),
    language: z.looseObject({ code: charField(10), policy: z.string().optional() }),
    localizable_params: z.array(z.looseObject({ default: z.coerce.string() })).default([]),
  }),
  location: z.looseObject({ latitude: z.coerce.number(), longitude: z.coerce.number() }),
  sticker: open,
  template: z.looseObject({
    name: charField(512),
    language: z.looseObject({ code: charField(10) }),
    components: z.array(open).optional(),
  }),
  audio: open,
  voice: open,
  video: open,
  interactive: open,
  reaction: open,
}
type ContentField = keyof typeof contentFields

const optional = Object.fromEntries(
  Object.entries(contentFields).map(([name, schema]) => [name, schema.optional()]),
) as { [K in ContentField]: z.ZodOptional<(typeof contentFields)[K]> }

export const messageBody = z.object({
  wa_id: charField(100),
  type: z
    .enum(types, { error: ({ input }) => `"${String(input)}" is not a valid choice.` })
    .optional()
    .meta({ description: 'may be left out where there is one content only' }),
  ...optional,
  preview_url: booleanField.optional(),
  recipient_type: z.string().optional(),
  context: z.looseObject({ message_id: z.string().min(1).max(512) }).optional(),
})
type Body = z.output<typeof messageBody>

/** What is sent, in the words of the Cloud API. */
export function contentOf(body: Body): WireContent {
  const type = typeOf(body)
  const content = body[type]
  if (content === undefined) throw refuseFields([{ field: type, message: 'is required' }])
  const context = body.context && { context: { message_id: body.context.message_id } }
  if (type === 'hsm') return { ...fromHsm(contentFields.hsm.parse(content)), ...context }
  const sent = type === 'voice' ? 'audio' : type
  const shown = type === 'text' ? { preview_url: body.preview_url ?? false, ...content } : content
  return { type: sent, [sent]: shown, ...context }
}

function typeOf(body: Body): ContentField {
  if (body.type !== undefined) return body.type
  const given = (Object.keys(contentFields) as ContentField[]).filter((name) => body[name] !== undefined)
  const [only, second] = given
  if (only === undefined || second !== undefined)
    throw refuseFields([{ field: 'type', message: 'is required' }])
  return only
}

/** What templates were called before they were called so. */
function fromHsm({
  element_name: name,
  language,
  localizable_params: values,
}: z.output<typeof contentFields.hsm>) {
  const parameters = values.map(({ default: text }) => ({ type: 'text', text }))
  const components = parameters.length > 0 ? [{ type: 'body', parameters }] : []
  return { type: 'template', template: { name, language: { code: language.code }, components } }
}
