import { z } from 'zod'
import { paceFields } from '../bulk/bulk-schema.ts'
import { itemStates } from '../bulk/find-bulk.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { compareEditions, listOccupancy } from './compare-editions.ts'
import { demandMigration, listMigratedRuns, listMigrations } from './find-migrations.ts'
import {
  diffView,
  migratedRunView,
  migrationPreviewSchema,
  migrationPreviewView,
  migrationStartSchema,
  migrationView,
  occupancyView,
  rollbackPreviewSchema,
  rollbackPreviewView,
} from './migration-schema.ts'
import { previewMigration } from './preview-migration.ts'
import { previewRollback } from './preview-rollback.ts'
import { rollBack } from './roll-back.ts'
import { startMigration } from './start-migration.ts'

const path = '/platform/v1/journeys/:id'
const params = z.object({ id: z.uuid() })
const migrationParams = params.extend({ migrationId: z.uuid() })
const base = { tag: 'Journeys', auth: 'key' } as const
const edition = z.union([
  z.enum(['draft', 'latest']),
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number, draft or latest')
    .transform(Number),
])

/** Edits of journeys that people are inside of. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/diff`,
    summary: 'Say what a version does otherwise than another',
    description: 'Cards, connections, triggers and settings, and how many people stand at a card now.',
    input: {
      params,
      query: z.object({
        from: edition.default('latest').meta({ description: 'a number, `latest` or `draft`' }),
        to: edition.default('draft'),
      }),
    },
    output: diffView,
    handle: ({ deps, actor: { workspaceId }, params: { id }, query }) =>
      compareEditions(deps, { workspaceId, journeyId: id, ...query }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/occupancy`,
    summary: 'Say who stands where, by version and card',
    input: { params, query: page.query },
    output: page.of(occupancyView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const offset = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
      const rows = await listOccupancy(deps, { workspaceId, journeyId: id })
      return page.cut(rows.slice(offset, offset + limit + 1), limit, () => [offset + limit])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/migrations/preview`,
    summary: 'Say what a migration would do to whom, and do nothing',
    description:
      'How many move, stay and exit at each card, what the plan lacks, and who would be written to within 10 minutes, an hour and a day: the new version is walked from where runs stand now, as if nobody answered.',
    input: { params, body: migrationPreviewSchema },
    output: migrationPreviewView,
    handle: ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      previewMigration(deps, { workspaceId, journeyId: id, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/migrations`,
    summary: 'Move people inside to another version, by a plan',
    description:
      'The plan must say what becomes of people at each card that the new version changes or does not have: 422 names those that it lacks. A run moves at its next card, or at once where it waits. The same migration while it is under way is one.',
    status: 202,
    input: { params, body: migrationStartSchema },
    output: migrationView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const where = { workspaceId: actor.workspaceId, journeyId: id }
      const { migrationId } = await startMigration(deps, { ...where, ...body, by: nameActor(actor) })
      return demandMigration(forkFor(deps.orm, where.workspaceId), { ...where, migrationId })
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/migrations`,
    summary: 'List the migrations of a journey, newest first',
    input: { params, query: page.query },
    output: page.of(migrationView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listMigrations(deps, { workspaceId, journeyId: id, before, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/migrations/:migrationId`,
    summary: 'Show a migration and how far it is',
    input: { params: migrationParams },
    output: migrationView,
    handle: ({ deps, actor: { workspaceId }, params: { id, migrationId } }) =>
      demandMigration(forkFor(deps.orm, workspaceId), { workspaceId, journeyId: id, migrationId }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/migrations/:migrationId/runs`,
    summary: 'List what became of each run, and where it came from',
    input: {
      params: migrationParams,
      query: page.query.extend({ state: z.enum(itemStates).optional() }),
    },
    output: page.of(migratedRunView),
    handle: async ({ deps, actor, params: { id, migrationId }, query: { limit, cursor, state } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const where = { workspaceId: actor.workspaceId, journeyId: id, migrationId }
      const rows = await listMigratedRuns(deps, { ...where, state, after, limit: limit + 1 })
      return page.cut(rows, limit, ({ runId }) => [runId])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/migrations/:migrationId/rollback/preview`,
    summary: 'Say whom a rollback would bring where, and do nothing',
    description:
      'How many go back to which version and card, who stays and why, and who would be written to within 10 minutes, an hour and a day.',
    input: { params: migrationParams, body: rollbackPreviewSchema.prefault({}) },
    output: rollbackPreviewView,
    handle: ({ deps, actor: { workspaceId }, params: { id, migrationId }, body }) =>
      previewRollback(deps, { workspaceId, journeyId: id, migrationId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/migrations/:migrationId/rollback`,
    summary: 'Bring runs back to the versions and cards that they came from',
    description:
      'A run that has gone on since goes on at the same card of its old version, if there is one; one that has ended stays ended. 409 while the migration is under way: cancel it first.',
    status: 202,
    input: { params: migrationParams, body: z.strictObject(paceFields).prefault({}) },
    output: migrationView,
    handle: async ({ deps, actor, params: { id, migrationId }, body }) => {
      const where = { workspaceId: actor.workspaceId, journeyId: id }
      const back = await rollBack(deps, { ...where, migrationId, ...body, by: nameActor(actor) })
      return demandMigration(forkFor(deps.orm, where.workspaceId), { ...where, ...back })
    },
  }),
]
