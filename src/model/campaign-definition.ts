import { z } from 'zod'
import { conditionSchema } from './conditions.ts'
import { jsonObjectSchema } from './json.ts'
import { messageClassSchema, messageContentSchema } from './message.ts'
import { currencySchema } from './money.ts'
import { durationSchema, localTime } from './schedule.ts'
import { templateValuesSchema } from './template-values.ts'

const zone = z.string().min(1).max(100)

/** Whom a run goes to, looked up when it begins: whoever is in one of `include` and in none of `exclude`. */
export const audienceSchema = z.strictObject({
  include: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('all') }),
        z.strictObject({ kind: z.literal('segment'), segmentId: z.uuid() }),
        z.strictObject({ kind: z.literal('condition'), condition: conditionSchema }),
        z.strictObject({ kind: z.literal('contacts'), contactIds: z.array(z.uuid()).min(1).max(10_000) }),
        z
          .strictObject({ kind: z.literal('group'), groupId: z.uuid() })
          .meta({ description: 'everybody a variable group, e.g. an uploaded file, has a line for' }),
      ]),
    )
    .max(50),
  exclude: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('segment'), segmentId: z.uuid() }),
        z.strictObject({ kind: z.literal('condition'), condition: conditionSchema }),
        z
          .strictObject({ kind: z.literal('campaign'), campaignId: z.uuid() })
          .meta({ description: 'who got that one' }),
      ]),
    )
    .max(50)
    .default([]),
})
export type Audience = z.output<typeof audienceSchema>

const templateMessage = z.strictObject({
  kind: z.literal('template'),
  name: z.string().min(1).max(512),
  language: z
    .string()
    .min(2)
    .max(10)
    .optional()
    .meta({ description: "the contact's own, where there is one, when absent" }),
  values: templateValuesSchema.default({}).meta({
    description:
      'may name `{{contact.…}}`, `{{given.…}}` (the uploaded line or API call), `{{event.…}}` and `{{groups.<group>.<field>}}`',
  }),
  fallback: z
    .strictObject({ name: z.string().min(1).max(512), values: templateValuesSchema.default({}) })
    .optional()
    .meta({ description: 'takes over when WhatsApp pauses or disables the template' }),
})
const directMessage = z.strictObject({
  kind: z.literal('direct'),
  contents: z.array(messageContentSchema).min(1).max(10).meta({
    description: 'in this order; only to those whose 24-hour window is open',
  }),
})

export const variantSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,20}$/),
  weight: z.number().gt(0).max(1_000).default(1),
  message: z.discriminatedUnion('kind', [templateMessage, directMessage]),
})
export type Variant = z.output<typeof variantSchema>

/** Tried with a share of the audience first; the rest gets what did best. */
const winnerSchema = z.strictObject({
  by: z.enum(['delivered', 'read', 'clicked', 'replied', 'converted']),
  share: z.number().gt(0).max(0.9),
  after: durationSchema,
})

/** What a tap on a quick reply does, by the button's place; a link's place says where it leads. */
export const buttonSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('input'),
    index: z.number().int().min(0).max(9),
    input: z.string().min(1).max(1_024),
  }),
  z.strictObject({ type: z.literal('journey'), index: z.number().int().min(0).max(9), journeyId: z.uuid() }),
  z
    .strictObject({
      type: z.literal('url'),
      index: z.number().int().min(0).max(9),
      url: z.string().min(1).max(2_000),
    })
    .meta({
      description:
        'a counted link: the template’s address must end in a variable and lead to `<PUBLIC_URL>/l/`',
    }),
])
export type CampaignButton = z.output<typeof buttonSchema>

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('now') }),
  z.strictObject({ kind: z.literal('at'), at: z.iso.datetime({ offset: true }) }),
  z.strictObject({
    kind: z.literal('local'),
    date: z.iso.date(),
    time: localTime,
    timeZone: zone.meta({ description: 'of contacts whose own is not known' }),
    past: z.enum(['at-once', 'next-day', 'leave-out']).default('next-day').meta({
      description: 'for whom that time is over already when the run begins',
    }),
  }),
  z.strictObject({
    kind: z.literal('recurring'),
    rule: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('cron'), cron: z.string().min(9).max(100) }),
      z.strictObject({
        kind: z.literal('rrule'),
        rrule: z.string().min(5).max(500),
        from: z.iso.datetime({ local: true }),
      }),
    ]),
    timeZone: zone,
    overlap: z.enum(['skip', 'buffer-one', 'allow-all', 'cancel-other']).default('skip'),
    until: z.iso.datetime({ offset: true }).optional(),
  }),
])
export type CampaignSchedule = z.output<typeof scheduleSchema>

/** What happens to somebody after the message; each of them once a run and person. */
export const followUpSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  on: z.enum([
    'delivered',
    'read',
    'clicked',
    'replied',
    'failed',
    'not-delivered',
    'not-read',
    'not-clicked',
    'not-replied',
  ]),
  within: durationSchema.optional().meta({ description: 'required of the `not-…`: they come due after it' }),
  codes: z.array(z.string().max(20)).max(50).optional().meta({ description: 'of `failed`: only these' }),
  button: z
    .number()
    .int()
    .min(0)
    .max(9)
    .optional()
    .meta({ description: 'of `replied`: only by this button' }),
  action: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('journey'), journeyId: z.uuid() }),
    z.strictObject({ kind: z.literal('tag'), tag: z.string().min(1).max(100) }),
    z.strictObject({ kind: z.literal('segment'), segmentId: z.uuid() }).meta({ description: 'a static one' }),
    z
      .strictObject({ kind: z.literal('campaign'), campaignId: z.uuid() })
      .meta({ description: 'an API-triggered campaign' }),
  ]),
})
export type FollowUp = z.output<typeof followUpSchema>

/** A step of a drip, after the one before it. */
const stepSchema = z.strictObject({
  delay: durationSchema,
  variant: variantSchema,
  condition: conditionSchema.optional().meta({ description: 'else the step is passed over' }),
})

export const campaignDefinitionSchema = z.strictObject({
  audience: audienceSchema.default({ include: [], exclude: [] }),
  variants: z.array(variantSchema).min(1).max(5),
  winner: winnerSchema.optional(),
  class: messageClassSchema.default('marketing'),
  buttons: z.array(buttonSchema).max(10).default([]),
  holdOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .meta({ description: 'share of the audience that gets nothing, to compare with' }),
  schedule: scheduleSchema.default({ kind: 'now' }),
  otherNumberIds: z.array(z.uuid()).max(7).default([]).meta({ description: 'numbers that share the work' }),
  messagesPerSecond: z
    .number()
    .min(0.001)
    .max(1_000)
    .optional()
    .meta({ description: 'a number; as fast as it may when absent' }),
  expireAfter: durationSchema
    .optional()
    .meta({ description: 'after its time a message is of no use any more' }),
  priority: z.number().int().min(1).max(9).default(7),
  canary: z
    .strictObject({
      size: z.number().int().min(1).max(10_000).default(500),
      wait: durationSchema.default({ amount: 10, unit: 'minutes' }),
      maximumFailures: z.number().min(0).max(1).default(0.1),
      maximumOptOuts: z
        .number()
        .min(0)
        .max(1)
        .default(0.02)
        .meta({ description: 'share that said STOP or blocked' }),
    })
    .optional(),
  budget: z
    .strictObject({ amount: z.string().regex(/^\d{1,9}(\.\d{1,6})?$/), currency: currencySchema })
    .optional(),
  conversion: z
    .strictObject({
      event: z.string().min(1).max(100),
      within: durationSchema,
      condition: conditionSchema.optional(),
      valueAttribute: z.string().max(100).optional(),
    })
    .optional(),
  followUps: z.array(followUpSchema).max(20).default([]),
  trigger: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('custom-event'),
        event: z.string().min(1).max(100),
        condition: conditionSchema.optional(),
      }),
      z.strictObject({
        type: z.literal('segment-entered'),
        segmentId: z.uuid(),
        condition: conditionSchema.optional(),
      }),
    ])
    .optional()
    .meta({ description: 'of triggered campaigns and drips' }),
  steps: z.array(stepSchema).max(50).default([]).meta({ description: 'of a drip, after the first message' }),
  exitOn: z
    .strictObject({ reply: z.boolean().default(true), goal: z.string().max(100).optional() })
    .default({ reply: true }),
  given: jsonObjectSchema
    .default({})
    .meta({ description: 'values for everybody whose own line has none of that name' }),
})
export type CampaignDefinition = z.output<typeof campaignDefinitionSchema>
