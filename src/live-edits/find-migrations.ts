import type { BulkState, Canary } from '../bulk/bulk-schema.ts'
import type { ItemRow } from '../bulk/find-bulk.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { AppError } from '../model/errors.ts'
import type { Plan } from './plan.ts'

/** A migration with how far it is; its id is its bulk operation's. */
export interface MigrationRow {
  id: string
  journeyId: string
  /** Null of a rollback: each run goes back to its own. */
  toVersion: number | null
  fromVersions: number[]
  plan: Plan | null
  rollsBack: string | null
  rolledBackBy: string | null
  /** Runs that follow the version by now. */
  moved: number
  state: BulkState
  total: number
  done: number
  skipped: number
  failed: number
  reason: string | null
  ratePerMinute: number | null
  spreadHours: number | null
  canary: (Canary & { passed: boolean }) | null
  by: string
  createdAt: string
  endedAt: string | null
}

const selection = `select m.id, m.journey_id as "journeyId", v.number as "toVersion",
    coalesce((select jsonb_agg(f.number order by f.number) from journey_versions f
      where m.from_version_ids @> to_jsonb(f.id::text) and f.journey_id = m.journey_id), '[]') as "fromVersions",
    case when m.rolls_back is null then m.plan end as plan, m.rolls_back as "rollsBack",
    (select b.id from journey_migrations b where b.rolls_back = m.id order by b.id desc limit 1) as "rolledBackBy",
    (select count(*)::int from migrated_runs r where r.migration_id = m.id) as moved,
    o.state, o.total, o.done, o.skipped, o.failed, o.reason, o.rate_per_minute as "ratePerMinute",
    o.spread_hours as "spreadHours", o.canary || jsonb_build_object('passed', o.canary_passed_at is not null) as canary, o.by,
    ${isoTime('o.created_at')} as "createdAt", ${isoTime('o.ended_at')} as "endedAt"
  from journey_migrations m join bulk_operations o on o.id = m.id left join journey_versions v on v.id = m.to_version_id`

interface Where {
  workspaceId: string
  journeyId: string
}

export async function demandMigration(
  em: Em,
  { workspaceId, journeyId, migrationId }: Where & { migrationId: string },
): Promise<MigrationRow> {
  const [row] = await em.execute<MigrationRow[]>(
    `${selection} where m.workspace_id = ? and m.journey_id = ? and m.id = ?`,
    [workspaceId, journeyId, migrationId],
  )
  if (!row) throw new AppError('not_found', `journey ${journeyId} has no migration ${migrationId}`)
  return row
}

/** Newest first. */
export async function listMigrations(
  deps: Pick<Deps, 'orm'>,
  input: Where & { before: string | undefined; limit: number },
): Promise<MigrationRow[]> {
  const { workspaceId, journeyId, before = null, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  await getJourney(em, journeyId)
  return em.execute<MigrationRow[]>(
    `${selection} where m.workspace_id = ? and m.journey_id = ? and (?::uuid is null or m.id < ?) order by m.id desc limit ?`,
    [workspaceId, journeyId, before, before, limit],
  )
}

/** What became of one run. */
export interface MigratedRun {
  runId: string
  state: ItemRow['state']
  reason: string | null
  /** Null until it has moved. */
  fromVersion: number | null
  fromCard: string | null
  toCard: string | null
  movedAt: string | null
  settledAt: string | null
}

/** By the runs' ids. */
export async function listMigratedRuns(
  deps: Pick<Deps, 'orm'>,
  input: Where & {
    migrationId: string
    state: MigratedRun['state'] | undefined
    after: string | undefined
    limit: number
  },
): Promise<MigratedRun[]> {
  const { workspaceId, migrationId, state = null, after = null, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  await demandMigration(em, input)
  return em.execute<MigratedRun[]>(
    `select i.item_id as "runId", i.state, i.reason, v.number as "fromVersion", r.from_card as "fromCard", r.to_card as "toCard",
       ${isoTime('r.moved_at')} as "movedAt", ${isoTime('i.settled_at')} as "settledAt"
     from bulk_items i left join migrated_runs r on r.migration_id = i.operation_id and r.run_id = i.item_id
       left join journey_versions v on v.id = r.from_version_id
     where i.workspace_id = ? and i.operation_id = ? and (?::uuid is null or i.item_id > ?) and (?::text is null or i.state = ?)
     order by i.item_id limit ?`,
    [workspaceId, migrationId, after, after, state, state, limit],
  )
}
