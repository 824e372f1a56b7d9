import { z } from 'zod'

/**
 * A message template in Meta's own shape. The schemas say what a template is made of; what Meta accepts of it (lengths, order,
 * samples, wording) is the linter's to say, so that a draft may be saved while it is being written.
 */
export const templateCategories = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const
export type TemplateCategory = (typeof templateCategories)[number]
export const parameterFormats = ['POSITIONAL', 'NAMED'] as const
export type ParameterFormat = (typeof parameterFormats)[number]

const text = z.string().max(4_096)
const sample = z.string().max(2_048)
const samples = z.array(sample).max(100)
const namedSamples = z.array(z.object({ param_name: z.string().max(200), example: sample })).max(100)

const header = z.object({
  type: z.literal('HEADER'),
  format: z.enum(['TEXT', 'IMAGE', 'VIDEO', 'GIF', 'DOCUMENT', 'LOCATION', 'PRODUCT']),
  text: text.optional(),
  example: z
    .object({
      header_text: samples.optional(),
      header_text_named_params: namedSamples.optional(),
      header_handle: samples.optional().meta({ description: 'of an uploaded sample file' }),
    })
    .optional(),
})
const body = z.object({
  type: z.literal('BODY'),
  text: text.optional().meta({ description: 'absent in AUTHENTICATION, where WhatsApp writes it' }),
  example: z
    .object({
      body_text: z.array(samples).max(10).optional(),
      body_text_named_params: namedSamples.optional(),
    })
    .optional(),
  add_security_recommendation: z.boolean().optional(),
})
const footer = z.object({
  type: z.literal('FOOTER'),
  text: text.optional(),
  code_expiration_minutes: z.number().int().optional(),
})

const label = { text: text.optional() }
const app = z.object({ package_name: z.string().max(224), signature_hash: z.string().max(64) })
const button = z.discriminatedUnion('type', [
  z.object({ type: z.literal('QUICK_REPLY'), ...label }),
  z.object({
    type: z.literal('URL'),
    ...label,
    url: z.string().max(4_096).optional(),
    example: z.union([samples, sample]).optional().meta({ description: 'a whole address for the variable' }),
  }),
  z.object({ type: z.literal('PHONE_NUMBER'), ...label, phone_number: z.string().max(40).optional() }),
  z.object({ type: z.literal('COPY_CODE'), ...label, example: z.union([sample, samples]).optional() }),
  z.object({
    type: z.literal('FLOW'),
    ...label,
    flow_id: z.string().max(100).optional(),
    flow_name: z.string().max(200).optional(),
    flow_json: z.string().max(100_000).optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    navigate_screen: z.string().max(200).optional(),
  }),
  z.object({ type: z.literal('CATALOG'), ...label }),
  z.object({ type: z.literal('MPM'), ...label }),
  z.object({ type: z.literal('SPM'), ...label }),
  z.object({ type: z.literal('VOICE_CALL'), ...label, ttl_minutes: z.number().int().optional() }),
  z.object({
    type: z.literal('OTP'),
    ...label,
    otp_type: z.enum(['COPY_CODE', 'ONE_TAP', 'ZERO_TAP']),
    autofill_text: text.optional(),
    zero_tap_terms_accepted: z.boolean().optional(),
    supported_apps: z.array(app).max(5).optional(),
  }),
  // Of a template that was made elsewhere: shown, never submitted.
  z.object({ type: z.literal('OTHER'), ...label }),
])
const buttons = z.object({ type: z.literal('BUTTONS'), buttons: z.array(button).max(20) })
const card = z.object({ components: z.array(z.discriminatedUnion('type', [header, body, buttons])).max(3) })

const component = z.discriminatedUnion('type', [
  header,
  body,
  footer,
  buttons,
  z.object({ type: z.literal('CAROUSEL'), cards: z.array(card).max(20) }),
  z.object({
    type: z.literal('LIMITED_TIME_OFFER'),
    limited_time_offer: z.object({ text: text.optional(), has_expiration: z.boolean().optional() }),
  }),
])
export const templateComponentsSchema = z
  .array(component)
  .min(1)
  .max(10)
  .meta({ id: 'TemplateComponents', description: "in the shape of Meta's message_templates" })

export type TemplateComponent = z.infer<typeof component>
export type TemplateButton = z.infer<typeof button>
export type TemplateHeader = z.infer<typeof header>
export type TemplateBody = z.infer<typeof body>

/** What is judged, previewed, filled and submitted. */
export interface TemplateContent {
  name: string
  language: string
  category: TemplateCategory
  parameterFormat: ParameterFormat
  components: TemplateComponent[]
}

/** Components as Meta gave them: parts that we do not know are left out, unknown buttons keep their place. */
export function readComponents(raw: unknown): TemplateComponent[] {
  if (!Array.isArray(raw)) return []
  return raw.flatMap((item) => {
    const { data } = component.safeParse(namingOtherButtons(item))
    return data ? [data] : []
  })
}

function namingOtherButtons(item: unknown): unknown {
  const list = (item as { buttons?: unknown } | null)?.buttons
  if (!Array.isArray(list)) return item
  const named = list.map((one: unknown) => {
    if (button.safeParse(one).success) return one
    const words = (one as { text?: unknown } | null)?.text
    return { type: 'OTHER', ...(typeof words === 'string' && { text: words.slice(0, 4_096) }) }
  })
  return { ...(item as object), buttons: named }
}

/** Paths of fields that the schema dropped because it does not know them: `components.0.txet`. */
export function listUnknownFields(given: unknown, known: unknown, path: string): string[] {
  if (given === null || typeof given !== 'object' || known === null || typeof known !== 'object') return []
  return Object.entries(given).flatMap(([key, value]) =>
    Object.hasOwn(known, key)
      ? listUnknownFields(value, (known as Record<string, unknown>)[key], `${path}.${key}`)
      : [`${path}.${key}`],
  )
}
