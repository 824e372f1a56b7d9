import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'
import { durationSchema } from '../model/schedule.ts'
import { scriptedEventSchema, scriptedReplySchema, simulatedContactSchema } from './scene-schema.ts'

const card = z.string().min(1).max(64).meta({ widget: 'card' })
const times = z.int().min(1).max(10_000).optional()
const text = z.string().min(1).max(1_000).optional().meta({ description: 'part of what the message says' })

/** Who goes through the journey, when, and what happens to them. */
const sceneSchema = z.strictObject({
  startAt: z.iso.datetime({ offset: true }).default('2027-01-04T09:00:00Z').meta({ title: 'Begins' }),
  windowOpen: z.boolean().default(true).meta({ description: 'whether the contact has just written' }),
  replies: z.array(scriptedReplySchema).max(200).default([]),
  events: z.array(scriptedEventSchema).max(200).default([]),
  contact: simulatedContactSchema.default({}),
  vars: jsonObjectSchema.default({}).meta({ title: 'Variables' }),
  faults: z
    .array(z.strictObject({ card, code: z.string().min(1).max(100) }))
    .max(50)
    .default([])
    .meta({ description: 'cards whose sends and effects fail, each time' }),
  effects: z
    .array(z.strictObject({ card, output: z.json().meta({ widget: 'value' }) }))
    .max(50)
    .default([])
    .meta({ description: 'what integrations answer, card by card' }),
})

const message = { text, card: card.optional() }
const namesOne = ({ text: words, card: from }: { text?: string | undefined; card?: string | undefined }) =>
  words !== undefined || from !== undefined

const expectationSchema = z.discriminatedUnion('expect', [
  z
    .strictObject({
      expect: z.literal('receives'),
      ...message,
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 09:30')
        .optional()
        .meta({ description: 'local time of the contact' }),
      day: z
        .int()
        .min(0)
        .max(3_660)
        .optional()
        .meta({ description: 'local days after the start; 0 is the same day' }),
      times,
    })
    .refine(namesOne, 'give text or card'),
  z.strictObject({ expect: z.literal('never-receives'), ...message }).refine(namesOne, 'give text or card'),
  z.strictObject({ expect: z.literal('enters'), card, times }),
  z.strictObject({ expect: z.literal('never-enters'), card }),
  z.strictObject({ expect: z.literal('leaves'), card, outlet: z.string().min(1).max(200), times }),
  z.strictObject({
    expect: z.literal('ends'),
    state: z.enum(['completed', 'exited', 'stuck']),
    reason: z.string().min(1).max(200).optional(),
  }),
  z.strictObject({ expect: z.literal('goal'), reached: z.boolean() }),
  z.strictObject({
    expect: z.literal('variable'),
    name: z.string().min(1).max(200),
    value: z.json().meta({ widget: 'value' }),
  }),
  z.strictObject({ expect: z.literal('finishes'), within: durationSchema }),
  z.strictObject({ expect: z.literal('violations'), maximum: z.int().min(0).default(0) }),
])
export type Expectation = z.output<typeof expectationSchema>

export const assertionSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  scene: sceneSchema.prefault({}),
  expectations: z.array(expectationSchema).min(1).max(50),
})
export type Assertion = z.output<typeof assertionSchema>
