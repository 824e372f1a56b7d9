import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'
import { durationMs, durationSchema } from '../model/schedule.ts'
import { behaviourSchema } from './behaviour.ts'
import { scriptedEventSchema, scriptedReplySchema } from './scene-schema.ts'
import { syntheticAudienceSchema } from './synthetic-contacts.ts'

const dayMs = 86_400_000
const upToADecade = durationSchema.refine((duration) => durationMs(duration) <= 3_660 * dayMs, {
  message: 'must be at most ten years',
})
const card = z.string().min(1).max(64)
const share = z.number().min(0).max(1)

export const audienceSchema = z.discriminatedUnion('kind', [
  syntheticAudienceSchema,
  z.strictObject({
    kind: z.literal('segment'),
    segmentId: z.uuid(),
    limit: z.int().min(1).max(1_000_000).default(1_000_000),
  }),
  z.strictObject({ kind: z.literal('contacts'), contactIds: z.array(z.uuid()).min(1).max(10_000) }),
])
export type Audience = z.output<typeof audienceSchema>

const cannedAnswer = z
  .strictObject({
    probability: share.default(1),
    output: z.json().optional().meta({ description: 'what the card gets' }),
    code: z.string().min(1).max(100).optional().meta({ description: 'it fails with this code instead' }),
    reason: z.string().max(500).optional(),
  })
  .refine(({ output, code }) => (output === undefined) !== (code === undefined), {
    message: 'give output or code',
  })

export const audienceSimulationSchema = z.strictObject({
  version: z.int().min(1).optional().meta({ description: "a version's number; the draft when absent" }),
  audience: audienceSchema,
  entryAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'now when absent' }),
  spread: z
    .strictObject({ over: upToADecade, shape: z.enum(['even', 'random']).default('even') })
    .optional()
    .meta({ description: 'entries are spread over this time; all at once when absent' }),
  horizon: upToADecade.default({ amount: 365, unit: 'days' }).meta({
    description: 'what happens later than this after `entryAt` is not looked at',
  }),
  seed: z.int().min(0).max(2_147_483_647).optional().meta({
    description: 'the same seed gives the same simulation; made up when absent',
  }),
  windowOpen: share.optional().meta({
    description:
      'how many have just written. When absent, real contacts have the window that they have, and made-up ones have written if the journey begins with a message of theirs',
  }),
  behaviour: behaviourSchema.nullable().default(behaviourSchema.parse({})).meta({
    description: 'what contacts do about questions; null: they are silent',
  }),
  vars: jsonObjectSchema.default({}),
  replies: z.array(scriptedReplySchema).max(500).default([]).meta({
    description: 'what every contact answers, in order, before behaviour decides',
  }),
  events: z.array(scriptedEventSchema).max(500).default([]),
  faults: z
    .array(z.strictObject({ card, code: z.string().min(1).max(100), rate: share }))
    .max(200)
    .default([])
    .meta({ description: 'sends and effects of a card that fail with this code, so many of them' }),
  effects: z
    .array(z.strictObject({ card, answers: z.array(cannedAnswer).min(1).max(50) }))
    .max(200)
    .default([])
    .meta({ description: 'what integrations answer, card by card; usual answers are made up when absent' }),
})
export type AudienceSimulationInput = z.output<typeof audienceSimulationSchema>
