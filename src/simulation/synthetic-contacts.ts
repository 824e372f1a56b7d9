import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { jsonObjectSchema, type Json } from '../model/json.ts'
import { validZone } from '../model/schedule.ts'
import { pickByWeight, type Draws } from './draws.ts'
import { syntheticContact, type SimulatedContact } from './simulated-world.ts'

const weight = z.number().min(0).max(1_000_000).default(1)
const share = z.number().min(0).max(1)

const placeSchema = z.strictObject({
  country: z
    .string()
    .refine(isSupportedCountry, 'must be a country code like IN')
    .optional()
    .meta({ description: 'of the phone, too: it decides the price' }),
  timeZone: z
    .string()
    .refine((zone) => validZone(zone) !== undefined, 'must be an IANA zone like Asia/Kolkata')
    .optional(),
  language: z.string().min(2).max(20).optional(),
  weight,
})

export const syntheticAudienceSchema = z.strictObject({
  kind: z.literal('synthetic'),
  count: z.int().min(1).max(1_000_000),
  places: z
    .array(placeSchema)
    .min(1)
    .max(500)
    .default([{ weight: 1 }])
    .meta({ description: 'where they live, each as often as its weight says' }),
  attributes: z
    .record(
      z.string().max(100),
      z
        .array(z.strictObject({ value: z.json(), weight }))
        .min(1)
        .max(100),
    )
    .default({})
    .meta({ description: 'system or custom ones, each value as often as its weight says' }),
  tags: z.record(z.string().max(100), share).default({}).meta({ description: 'tag and who has it, 0 to 1' }),
  optedOut: share.default(0),
  withoutAddress: share.default(0).meta({ description: 'who cannot be reached on WhatsApp' }),
  vars: jsonObjectSchema.default({}).meta({ description: 'what every run begins with' }),
})
export type SyntheticAudience = z.output<typeof syntheticAudienceSchema>

const firstNames = ['Ann', 'Ben', 'Chloé', 'Deepa', 'Emil', 'Fatima', 'Goran', 'Hana', 'Iván', 'Jia']
const columns = new Set([
  ...['name', 'first_name', 'last_name', 'email', 'gender', 'city', 'state', 'date_of_birth'],
])

/** Contact number `n` of a made-up audience: the same for the same seed. */
export function makeContact(audience: SyntheticAudience, n: number, draws: Draws): SimulatedContact {
  const place = pickByWeight(audience.places, (each) => each.weight, draws.draw('place'))
  const given: Record<string, Json> = {}
  for (const [name, values] of Object.entries(audience.attributes)) {
    const chosen = pickByWeight(values, (each) => each.weight, draws.draw(`attribute ${name}`))
    if (chosen) given[name] = chosen.value
  }
  const system = Object.fromEntries(Object.entries(given).filter(([name]) => columns.has(name)))
  const custom = Object.fromEntries(Object.entries(given).filter(([name]) => !columns.has(name)))
  const id = `00000000-0000-8000-8000-${n.toString(16).padStart(12, '0')}`
  return syntheticContact({
    id,
    first_name: firstNames[n % firstNames.length] ?? null,
    ...system,
    country: place?.country ?? null,
    language: place?.language ?? null,
    time_zone: place?.timeZone ?? null,
    attributes: custom,
    tags: Object.keys(audience.tags).filter((tag) => draws.draw(`tag ${tag}`) < (audience.tags[tag] ?? 0)),
    wa_id: draws.draw('address') < audience.withoutAddress ? null : phoneOf(place?.country, n),
    ...(draws.draw('opted out') < audience.optedOut && { optedOut: true }),
  })
}

const callingCodes = new Map<string, string>()

/** No real number: a country's calling code, and zeros that nobody has. */
function phoneOf(country: string | undefined, n: number): string {
  if (!country || !isSupportedCountry(country)) return `1555${String(n).padStart(7, '0')}`
  const code = callingCodes.get(country) ?? getCountryCallingCode(country)
  callingCodes.set(country, code)
  return `${code}00${String(n).padStart(7, '0')}`
}
