import { createBulk } from '../bulk/start-bulk.ts'
import type { Canary } from '../bulk/bulk-schema.ts'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { loadEdition, type Edition } from './editions.ts'
import type { MigrationOrder } from './migration-order.ts'
import { fatesOf, type Plan } from './plan.ts'
import {
  prepareMigration,
  refuseProblems,
  type MigrationRequest,
  type Prepared,
} from './prepare-migration.ts'

export interface Pace {
  canary?: Canary | undefined
  ratePerMinute?: number | undefined
  spreadHours?: number | undefined
}
export type MigrationStart = MigrationRequest & Pace & { by: string }

/** Moves people inside to a version, by a plan. The same migration while it is under way is one. */
export async function startMigration(
  deps: Deps,
  start: MigrationStart & { toVersion: number | 'latest' },
): Promise<{ migrationId: string }> {
  const { migrationId, outbox } = await forkFor(deps.orm, start.workspaceId).transactional(async (em) =>
    createMigration(em, start, await loadEdition(em, start, start.toVersion)),
  )
  relaySoon(deps, outbox)
  if (migrationId === undefined)
    throw new AppError('unprocessable', 'nobody is inside another version: there is nobody to move')
  return { migrationId }
}

/** The same in the caller's transaction: relay the outbox after its commit. Nothing is made when nobody is to be moved. */
export async function createMigration(
  em: Em,
  start: MigrationStart,
  to: Edition,
): Promise<{ migrationId: string | undefined; outbox: OutboxRow[] }> {
  const { journeyId, plan } = start
  const prepared = await prepareMigration(em, start, to)
  refuseProblems(prepared)
  const fromVersionIds = prepared.sources.map(({ id }) => id)
  if (to.id === null || fromVersionIds.length === 0) return { migrationId: undefined, outbox: [] }
  const order = { journeyId, fromVersionIds, toVersionId: to.id, plan, staying: listStaying(prepared, plan) }
  return enlist(em, start, { direction: 'forth', ...order })
}

function listStaying({ sources }: Prepared, plan: Plan): { versionId: string; card: string }[] {
  return sources.flatMap((source) =>
    Object.entries(fatesOf(plan, source))
      .filter(([, { action }]) => action === 'stay')
      .map(([card]) => ({ versionId: source.id, card })),
  )
}

/** Makes the operation and the migration that it is. */
export async function enlist(
  em: Em,
  start: { workspaceId: string; by: string } & Pace,
  order: MigrationOrder,
): Promise<{ migrationId: string; outbox: OutboxRow[] }> {
  const { workspaceId, by, canary, ratePerMinute, spreadHours } = start
  const { journeyId } = order
  const { operation, isNew, outbox } = await createBulk(em, {
    ...{ workspaceId, by, canary, ratePerMinute, spreadHours },
    ...{ kind: 'migrate', selection: { journeyId }, order },
  })
  if (isNew) {
    await refuseAnother(em, workspaceId, operation.id, journeyId)
    await insertMigration(em, operation, order)
  }
  return { migrationId: operation.id, outbox }
}

/** Of two at once, whom the first has yet to move the second would not find where its plan says. */
async function refuseAnother(em: Em, workspaceId: string, id: string, journeyId: string): Promise<void> {
  await em.execute('select 1 from journeys where id = ? and workspace_id = ? for no key update', [
    journeyId,
    workspaceId,
  ])
  const [other] = await em.execute<{ id: string; state: string }[]>(
    `select o.id, o.state from journey_migrations m join bulk_operations o on o.id = m.id
     where m.workspace_id = ? and m.journey_id = ? and m.id <> ? and o.state in ('pending', 'running', 'paused') limit 1`,
    [workspaceId, journeyId, id],
  )
  if (!other) return
  const words = `another migration of the journey is ${other.state}: let it end, or cancel it`
  throw new AppError('conflict', words, { details: { migrationId: other.id } })
}

async function insertMigration(
  em: Em,
  { id, workspaceId, factId, by }: { id: string; workspaceId: string; factId: string; by: string },
  order: MigrationOrder,
): Promise<void> {
  const isForth = order.direction === 'forth'
  await em.execute(
    `insert into journey_migrations (id, workspace_id, journey_id, from_version_ids, to_version_id, plan, rolls_back)
     values (?, ?, ?, ?::jsonb, ?, ?::jsonb, ?)`,
    [
      ...[id, workspaceId, order.journeyId, JSON.stringify(isForth ? order.fromVersionIds : [])],
      ...(isForth ? [order.toVersionId, JSON.stringify(order.plan), null] : [null, '{}', order.migrationId]),
    ],
  )
  const data: JsonObject = isForth
    ? { migration: id, journey: order.journeyId, version: order.toVersionId, by }
    : { migration: id, journey: order.journeyId, rolls_back: order.migrationId, by }
  const kind = isForth ? 'migration.started' : 'migration.rolled_back'
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, causeId: factId, data }])
}
