import { z } from 'zod'
import { operandSchema } from './condition-values.ts'
import { periodSchema } from './condition-period.ts'
import { weekdays } from './schedule.ts'

const operators = [
  'equals',
  'not-equals',
  'contains',
  'not-contains',
  'starts-with',
  'ends-with',
  'in',
  'not-in',
  'greater',
  'greater-or-equal',
  'less',
  'less-or-equal',
  'exists',
  'not-exists',
  'before',
  'after',
  'within-last',
  'more-than-ago',
  'within-next',
  'is-today',
  'anniversary',
] as const

const eventCount = z.object({
  operator: z.enum(['at-least', 'at-most', 'exactly']),
  times: z.number().int().min(0).max(10_000),
})
const within = periodSchema.optional()
const percent = z.number().min(0).max(100).multipleOf(0.01)
const instant = z.iso.datetime({ offset: true })

/** Conditions that hold no others, `where` of events apart. */
export const leafSchemas = {
  compare: z.object({
    kind: z.literal('compare'),
    /** `contact.first_name`, `contact.attributes.city`, `vars.answer`, `event.amount`, `reply.text`. */
    path: z
      .string()
      .max(500)
      .regex(/^(contact|vars|event|reply)\.[\w.-]+$/, 'must begin with contact., vars., event. or reply.'),
    operator: z.enum(operators),
    value: operandSchema.optional(),
    period: periodSchema.optional().meta({ description: 'of within-last, more-than-ago and within-next' }),
    offsetDays: z.number().int().min(-366).max(366).optional().meta({
      description: 'of anniversary: so many days from today, 3 for those whose day is in three days',
    }),
  }),
  tag: z.object({ kind: z.literal('tag'), tag: z.string().min(1).max(100), has: z.boolean().default(true) }),
  'local-time': z.object({
    kind: z.literal('local-time'),
    from: z.string().regex(/^\d\d:\d\d$/),
    to: z.string().regex(/^\d\d:\d\d$/),
    weekdays: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays]),
  }),
  segment: z.object({
    kind: z.literal('segment'),
    segmentId: z.uuid(),
    member: z.boolean().default(true),
  }),
  journey: z.object({
    kind: z.literal('journey'),
    journeyId: z.uuid(),
    what: z.enum(['entered', 'active', 'completed', 'exited', 'failed', 'goal-reached']),
    within,
  }),
  campaign: z.object({
    kind: z.literal('campaign'),
    campaignId: z.uuid().optional().meta({ description: 'any campaign when absent' }),
    what: z.enum(['sent', 'delivered', 'read', 'failed', 'replied', 'clicked']),
    within,
  }),
  bucket: z
    .object({
      kind: z.literal('bucket'),
      salt: z.string().min(1).max(100),
      from: percent,
      to: percent,
    })
    .meta({ description: 'a random share: the same contacts each time the same salt is used' }),
  'last-seen': z.object({
    kind: z.literal('last-seen'),
    operator: z.enum(['within', 'longer-ago', 'never']),
    period: periodSchema.optional(),
  }),
  'last-message': z
    .object({
      kind: z.literal('last-message'),
      status: z.enum(['sent', 'delivered', 'read', 'failed', 'replied']),
      is: z.boolean().default(true),
    })
    .meta({ description: 'of the newest message to the contact: what was read was delivered, and sent' }),
  window: z.object({
    kind: z.literal('window'),
    open: z.boolean().default(true),
    numberId: z.uuid().optional().meta({ description: 'any number when absent' }),
  }),
  consent: z.object({
    kind: z.literal('consent'),
    category: z.enum(['marketing', 'utility', 'authentication', 'any']),
    state: z.enum(['opted_in', 'opted_out', 'unknown']),
  }),
  spam: z.object({ kind: z.literal('spam'), is: z.boolean().default(true) }),
}
type LeafSchemas = typeof leafSchemas
export type Leaf<K extends keyof LeafSchemas = keyof LeafSchemas> = z.infer<LeafSchemas[K]>

/** Everything of an event condition but its `where`. */
export const performedSchema = z.object({
  kind: z.literal('event'),
  event: z.string().min(1).max(100),
  performed: z.boolean().default(true),
  /** At least once when absent. */
  count: eventCount.optional(),
  window: z
    .union(
      [
        z.object({ last: periodSchema }),
        z.object({ from: instant.optional(), to: instant.optional() }).strict(),
      ],
      { error: 'must be {last: {amount, unit}} or {from, to}' },
    )
    .optional(),
})
