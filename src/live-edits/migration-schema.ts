import { z } from 'zod'
import { bulkStates, canarySchema, paceFields } from '../bulk/bulk-schema.ts'
import { itemStates } from '../bulk/find-bulk.ts'
import { planSchema } from './plan.ts'

const versionNumber = z.number().int().min(1).max(2_147_483_647)
const whom = {
  fromVersions: z
    .array(versionNumber)
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'people of these versions only; of every other version when absent' }),
}

/** How people inside move to another version. */
export const migrationSchema = z
  .strictObject({ ...whom, plan: planSchema.prefault({}), ...paceFields })
  .meta({ id: 'Migration' })
export const migrationStartSchema = migrationSchema.extend({
  toVersion: z.union([versionNumber, z.literal('latest')]).default('latest'),
})
const sample = z.number().int().min(1).max(1_000).default(200).meta({
  description: 'about so many runs are looked at, of each card some; the rest is reckoned from them',
})
export const migrationPreviewSchema = z.strictObject({
  ...whom,
  plan: planSchema.prefault({}),
  toVersion: z.union([versionNumber, z.literal('latest'), z.literal('draft')]).default('draft'),
  sample,
})
export const rollbackPreviewSchema = z.strictObject({ sample })

export const occupancyView = z
  .object({
    versionId: z.uuid(),
    version: z.int(),
    card: z.string(),
    inside: z.int(),
    waiting: z.int(),
    running: z.int(),
    paused: z.int(),
    stuck: z.int(),
    nextDueAt: z.iso.datetime().nullable().meta({ description: 'when the first wait ends' }),
    dueIn10Minutes: z.int(),
    dueIn1Hour: z.int(),
    dueIn24Hours: z.int(),
  })
  .meta({ id: 'CardOccupancy' })

const settingChange = z.object({ field: z.string(), from: z.json(), to: z.json() })
export const diffView = z
  .object({
    fromVersion: z.int().nullable().meta({ description: 'null: the draft' }),
    toVersion: z.int().nullable(),
    cards: z.array(
      z.object({
        card: z.string(),
        change: z
          .enum(['added', 'deleted', 'changed', 'renamed'])
          .meta({ description: '`renamed`: only its title' }),
        title: z.string().nullable(),
        type: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
        settings: z.array(settingChange),
        connections: z.array(
          z.object({ outlet: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
        ),
        inside: z.int().meta({ description: 'people of the first version who stand there now' }),
      }),
    ),
    triggers: z.object({ added: z.array(z.json()), deleted: z.array(z.json()) }),
    settings: z.array(settingChange).meta({ description: 'of the journey itself' }),
  })
  .meta({ id: 'JourneyDiff' })

const fateView = z.discriminatedUnion('action', [
  z.object({ action: z.literal('stay') }),
  z.object({ action: z.literal('exit'), reason: z.string() }),
  z.object({ action: z.literal('move'), card: z.string(), timing: z.string() }),
])
const forecastView = z.object({
  sampled: z.int().meta({ description: 'runs that were asked where they stand' }),
  unanswered: z.int(),
  outlooks: z.array(
    z.object({
      minutes: z.int(),
      people: z.int().meta({ description: 'who would be written to within so many minutes, reckoned' }),
      messages: z.int(),
      peopleAnyway: z.int().meta({ description: 'the same without the migration' }),
      messagesAnyway: z.int(),
    }),
  ),
  stuck: z.int().meta({ description: 'who would get stuck within 24 hours' }),
  examples: z.array(z.object({ runId: z.uuid(), card: z.string(), inMinutes: z.number(), text: z.string() })),
  problems: z.array(z.object({ runId: z.uuid(), card: z.string(), code: z.string(), reason: z.string() })),
  advice: z.object({ words: z.string(), spreadHours: z.number() }).nullable(),
})
export const migrationPreviewView = z
  .object({
    toVersion: z.int().nullable(),
    moves: z.int(),
    stays: z.int(),
    exits: z.int(),
    cards: z.array(
      occupancyView.extend({
        change: z.enum(['unchanged', 'changed', 'deleted', 'renamed', 'added']),
        fate: fateView.meta({ description: 'what the plan makes of who stands there' }),
      }),
    ),
    problems: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .meta({ description: 'what keeps the plan from being carried out' }),
    forecast: forecastView,
  })
  .meta({ id: 'MigrationPreview' })

export const rollbackPreviewView = z
  .object({
    moves: z.int().meta({ description: 'people' }),
    stays: z.int(),
    ways: z.array(
      z.object({
        version: z.int(),
        card: z.string(),
        toVersion: z.int(),
        toCard: z.string(),
        people: z.int(),
      }),
    ),
    staying: z.array(z.object({ version: z.int(), card: z.string(), reason: z.string(), people: z.int() })),
    forecast: forecastView,
  })
  .meta({ id: 'RollbackPreview' })

export const migrationView = z
  .object({
    id: z.uuid().meta({ description: "its bulk operation's: pause, resume and cancel it there" }),
    journeyId: z.uuid(),
    toVersion: z.int().nullable().meta({ description: 'null of a rollback: each run goes back to its own' }),
    fromVersions: z.array(z.int()),
    plan: planSchema.nullable(),
    rollsBack: z.uuid().nullable(),
    rolledBackBy: z.uuid().nullable(),
    moved: z.int().meta({ description: 'runs that follow the version by now' }),
    state: z.enum(bulkStates).meta({ description: '`stopped`: too many of the canary failed' }),
    total: z.int(),
    done: z.int(),
    skipped: z.int(),
    failed: z.int(),
    reason: z.string().nullable(),
    ratePerMinute: z.number().nullable(),
    spreadHours: z.number().nullable(),
    canary: canarySchema.extend({ passed: z.boolean() }).nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'JourneyMigration' })
export const migratedRunView = z.object({
  runId: z.uuid(),
  state: z.enum(itemStates),
  reason: z.string().nullable(),
  fromVersion: z.int().nullable().meta({ description: 'null until it has moved' }),
  fromCard: z.string().nullable(),
  toCard: z.string().nullable(),
  movedAt: z.iso.datetime().nullable(),
  settledAt: z.iso.datetime().nullable(),
})
