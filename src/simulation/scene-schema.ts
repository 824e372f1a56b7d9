import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'
import type { SimulatedContact } from './simulated-world.ts'

const aHundredYearsMs = 100 * 366 * 86_400_000
const timing = {
  afterMs: z.int().min(0).max(aHundredYearsMs).optional().meta({
    title: 'After',
    widget: 'span',
    description: 'after it is waited for; 1 second when nothing is given',
  }),
  atMs: z.int().min(0).max(aHundredYearsMs).optional().meta({
    title: 'At',
    widget: 'span',
    description: 'after the start',
  }),
}
const location = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
})

/** What a contact writes in a simulation. */
export const scriptedReplySchema = z.strictObject({
  ...timing,
  text: z.string().max(4_096).optional(),
  buttonId: z
    .string()
    .max(256)
    .optional()
    .meta({ title: 'Button', description: 'of a reply button or a list row' }),
  location: location.optional(),
  answers: jsonObjectSchema.optional().meta({ description: 'a Flow or an address, filled in' }),
  stop: z.boolean().optional().meta({ description: 'opts out of everything' }),
})
/** What happens to a contact in a simulation. */
export const scriptedEventSchema = z.strictObject({
  ...timing,
  name: z.string().min(1).max(100),
  attributes: jsonObjectSchema.default({}),
})

/** A made-up contact, or what is changed of a real one. */
export const simulatedContactSchema = z.strictObject({
  name: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  email: z.string().optional(),
  language: z.string().optional(),
  timeZone: z.string().optional(),
  phone: z.string().optional(),
  attributes: jsonObjectSchema.optional(),
  tags: z.array(z.string()).max(100).optional(),
  optedOut: z.boolean().optional(),
})

/** The columns of contacts that it names. */
export function toContactColumns(given: z.output<typeof simulatedContactSchema>): Partial<SimulatedContact> {
  const { firstName, lastName, timeZone, phone, ...same } = given
  const renamed = { first_name: firstName, last_name: lastName, time_zone: timeZone, wa_id: phone, ...same }
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined))
}
