import { z } from 'zod'
import { jsonObjectSchema, type JsonObject } from './json.ts'
import type { ButtonValues, TemplateValues } from './template-values.ts'

const media = z.object({
  id: z.string().optional(),
  link: z.string().optional(),
  filename: z.string().optional(),
})
const words = z.object({ fallback_value: z.string() })
const parameterSchema = z.object({
  type: z.string(),
  parameter_name: z.string().optional(),
  text: z.coerce.string().optional(),
  payload: z.string().optional(),
  coupon_code: z.string().optional(),
  currency: words.optional(),
  date_time: words.optional(),
  image: media.optional(),
  video: media.optional(),
  document: media.optional(),
  location: z
    .object({
      latitude: z.coerce.number(),
      longitude: z.coerce.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  limited_time_offer: z.object({ expiration_time_ms: z.coerce.number() }).optional(),
  action: z
    .object({ flow_token: z.string().optional(), flow_action_data: jsonObjectSchema.optional() })
    .optional(),
})
type Parameter = z.output<typeof parameterSchema>

const partsSchema = z.object({
  type: z.string(),
  sub_type: z.string().optional(),
  index: z.coerce.string().optional(),
  parameters: z.array(parameterSchema).max(100).default([]),
})

/** The `components` of a message that sends a template, as the Cloud API takes them. */
export const sentComponentsSchema = z
  .array(
    partsSchema.extend({
      cards: z
        .array(z.object({ components: z.array(partsSchema).max(10) }))
        .max(10)
        .optional(),
    }),
  )
  .max(20)
type Part = z.output<typeof partsSchema>

/** The values that components of a message carry, by the place that they go to: what was sent there is judged and filled here. */
export function valuesOfComponents(components: z.output<typeof sentComponentsSchema>): TemplateValues {
  const header = components.find(({ type }) => type === 'header')?.parameters ?? []
  const offer = components.find(({ type }) => type === 'limited_time_offer')?.parameters[0]
    ?.limited_time_offer
  const cards = components.find(({ type }) => type === 'carousel')?.cards
  const location = header[0]?.location
  return {
    ...(location && { location }),
    ...(header[0] && isWords(header[0]) && { header: named(header) }),
    ...partValues(components),
    ...(offer && { offerEndsAt: new Date(offer.expiration_time_ms).toISOString() }),
    ...(cards && { cards: cards.map((card) => partValues(card.components)) }),
  }
}

function partValues(parts: Part[]): Pick<TemplateValues, 'media' | 'body' | 'buttons'> {
  const header = parts.find(({ type }) => type === 'header')?.parameters[0]
  const body = parts.find(({ type }) => type === 'body')?.parameters
  const file = header?.image ?? header?.video ?? header?.document
  const buttons = parts.filter(({ type }) => type === 'button')
  return {
    ...(file && { media: file }),
    ...(body && { body: named(body) }),
    ...(buttons.length > 0 && {
      buttons: Object.fromEntries(
        buttons.map((button, at) => [button.index ?? String(at), buttonValues(button)]),
      ),
    }),
  }
}

function isWords({ text, currency, date_time }: Parameter): boolean {
  return (text ?? currency ?? date_time) !== undefined
}

function named(parameters: Parameter[]): Record<string, string> {
  return Object.fromEntries(
    parameters.map(({ parameter_name, text, currency, date_time }, at) => [
      parameter_name ?? String(at + 1),
      text ?? (currency ?? date_time)?.fallback_value ?? '',
    ]),
  )
}

function buttonValues({ parameters: [first] }: Part): ButtonValues {
  if (!first) return {}
  const { text, payload, coupon_code: code, action } = first
  const flowData: JsonObject | undefined = action?.flow_action_data
  return {
    ...(text !== undefined && { suffix: text }),
    ...(payload !== undefined && { payload }),
    ...(code !== undefined && { code }),
    ...(action?.flow_token !== undefined && { flowToken: action.flow_token }),
    ...(flowData && { flowData }),
  }
}
