import { z } from 'zod'
import { runStates } from '../journeys/entities.ts'
import type { JsonObject } from '../model/json.ts'
import { bulkKinds } from './kinds.ts'

/** Which runs: those that fit everything that is given. Runs that begin later are left alone. */
export const selectionSchema = z
  .strictObject({
    journeyId: z.uuid().optional(),
    versionId: z.uuid().optional(),
    cardId: z.string().min(1).max(64).optional(),
    errorCode: z.string().min(1).max(100).optional(),
    states: z
      .array(z.enum(runStates))
      .min(1)
      .optional()
      .meta({ description: 'those that the kind is for when absent' }),
    heldBy: z.uuid().optional().meta({ description: 'the hold where they stand' }),
    contactId: z.uuid().optional(),
    runIds: z.array(z.uuid()).min(1).max(10_000).optional(),
  })
  .refine((selection) => Object.keys(selection).some((name) => name !== 'states'), {
    message: 'names no runs: give a journey, a version, a card, an error, a hold, a contact or runs',
  })
  .meta({ id: 'RunSelection' })
export type Selection = z.output<typeof selectionSchema>

export const canarySchema = z.strictObject({
  share: z.number().gt(0).max(0.5).meta({ description: 'of the items, e.g. 0.01; one at least' }),
  waitSeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(60),
  maximumFailures: z.number().min(0).max(1).default(0.05).meta({
    description: 'share of the canary that may fail or be stuck again; above it the operation stops',
  }),
})
export type Canary = z.output<typeof canarySchema>

export const paceFields = {
  ratePerMinute: z.number().gt(0).max(60_000).default(1_200).meta({ description: 'items a minute at most' }),
  spreadHours: z
    .number()
    .gt(0)
    .max(24 * 90)
    .optional()
    .meta({ description: 'takes so long in even steps, where the rate allows it' }),
  canary: canarySchema
    .optional()
    .meta({ description: 'begins with a few, by chance, and looks how they fare' }),
}

const options = Object.entries(bulkKinds)
  .filter(([, { isDirect }]) => isDirect)
  .map(([kind, { order }]) =>
    z.strictObject({
      kind: z.literal(kind),
      selection: selectionSchema,
      order: order as z.ZodType<JsonObject>,
      ...paceFields,
    }),
  )
type Option = (typeof options)[number]

/** An operation as one orders it: what `order` is, the kind says. */
export const bulkRequestSchema = z
  .discriminatedUnion('kind', options as [Option, ...Option[]])
  .meta({ id: 'BulkRequest' })
export type BulkRequest = z.output<typeof bulkRequestSchema>

export const bulkStates = ['pending', 'running', 'paused', 'cancelled', 'completed', 'stopped'] as const
export type BulkState = (typeof bulkStates)[number]
