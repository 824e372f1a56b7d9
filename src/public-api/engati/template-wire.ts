import { z } from 'zod'
import { sentComponentsSchema } from '../../model/template-from-components.ts'

/** The document's spelling of a template's names, which callers write in others. */
export const templateNames = [
  ...['payload', 'components', 'type', 'sub_type', 'index', 'parameters', 'parameter_name', 'text', 'image'],
  ...[
    'video',
    'document',
    'filename',
    'link',
    'id',
    'location',
    'latitude',
    'longitude',
    'address',
    'currency',
  ],
  ...['date_time', 'fallback_value', 'coupon_code', 'action', 'flow_token', 'flow_action_data', 'cards'],
  ...['limited_time_offer', 'expiration_time_ms', 'namespace', 'name', 'language', 'code', 'policy'],
]

/** The namespace was the on-premise API's: the Cloud API knows templates by name and account. */
export const templateWire = z.object({
  name: z.string().trim().min(1).max(512),
  namespace: z.string().max(200).optional(),
  language: z.union([
    z.object({ code: z.string().min(2).max(10), policy: z.string().max(40).optional() }),
    z
      .string()
      .min(2)
      .max(10)
      .transform((code) => ({ code })),
  ]),
  components: z.preprocess(spellWords, sentComponentsSchema).default([]),
})

/** `QUICK-REPLY` and `Quick_Reply` are one word. */
function spellWords(sent: unknown): unknown {
  if (Array.isArray(sent)) return sent.map(spellWords)
  if (typeof sent !== 'object' || sent === null) return sent
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [
      name,
      (name === 'type' || name === 'sub_type') && typeof value === 'string'
        ? value.toLowerCase().replaceAll('-', '_')
        : spellWords(value),
    ]),
  )
}
