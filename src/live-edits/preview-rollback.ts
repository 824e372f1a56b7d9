import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findRun } from '../journeys/find-runs.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import type { MigrateOrder } from '../../workflows/cards/journey-state.ts'
import { loadVersions } from './editions.ts'
import { foresee } from './foresee.ts'
import type { Forecast } from './forecast.ts'
import { findOccupancy } from './occupancy.ts'
import { hasSpokenSql, orderBack, reasonToStay, wayBack, type MovedRow } from './order-back.ts'
import { demandRollbackable } from './roll-back.ts'

interface Where {
  workspaceId: string
  journeyId: string
  migrationId: string
}
export interface RollbackPreview {
  /** People. */
  moves: number
  stays: number
  ways: { version: number; card: string; toVersion: number; toCard: string; people: number }[]
  staying: { version: number; card: string; reason: string; people: number }[]
  forecast: Forecast
}

/** Whom a rollback would bring where, and who would hear of it. Nothing is stored, and nothing is sent. */
export async function previewRollback(
  deps: Deps,
  request: Where & { sample: number },
): Promise<RollbackPreview> {
  const { workspaceId, journeyId, migrationId, sample } = request
  const em = forkFor(deps.orm, workspaceId)
  await demandRollbackable(em, request)
  const { numberId } = await getJourney(em, journeyId)
  const groups = await countMoved(em, request)
  const ids = groups.flatMap(({ versionId, moved }) => [versionId, ...(moved ? [moved.from_version_id] : [])])
  const versions = await loadVersions(em, request, [...new Set(ids)])
  const { ways, staying } = judge(groups, versions)
  const sum = (lines: { people: number }[]) => lines.reduce((total, { people }) => total + people, 0)
  const inside = new Set(groups.map(({ versionId }) => versionId))
  const forecast = await foresee(deps, {
    ...{ workspaceId, journeyId, numberId, migrationId, sample },
    occupancy: await findOccupancy(em, request),
    sources: versions.filter(({ id }) => inside.has(id)),
    targets: versions,
    orderOf: async ({ id }, card) => {
      const order = await orderBack(em, await findRun(deps, workspaceId, id), { migrationId })
      return 'state' in order ? undefined : obeyedAt(order, card)
    },
  })
  return { moves: sum(ways), stays: sum(staying), ways, staying, forecast }
}

interface Group {
  versionId: string
  card: string
  people: number
  /** Null of runs that have the order and have yet to follow it. */
  moved: MovedRow | null
}

/** Those inside whom the migration was for, by where they stand and where it found them. */
async function countMoved(em: Em, { workspaceId, journeyId, migrationId }: Where): Promise<Group[]> {
  const card = 'coalesce(r.at_card, r.card_id)'
  const rows = await em.execute<(Group & MovedRow & { isMoved: boolean })[]>(
    `select r.version_id as "versionId", coalesce(${card}, '') as card, m.run_id is not null as "isMoved", m.from_version_id,
       m.from_card, m.to_card, j.to_version_id, null as entered_ms,
       ${card} is distinct from m.to_card and ${hasSpokenSql('r.conversation_id')} as has_spoken, count(*)::int as people
     from runs r join journey_migrations j on j.id = ? left join migrated_runs m on m.migration_id = j.id and m.run_id = r.id
     where r.workspace_id = ? and r.journey_id = ? and r.ended_at is null and (m.run_id is not null
       or exists (select 1 from bulk_items b where b.operation_id = j.id and b.item_id = r.id and b.state = 'done'))
     group by 1, 2, 3, 4, 5, 6, 7, 9 order by 1, 2, 5`,
    [migrationId, workspaceId, journeyId],
  )
  return rows.map(({ versionId, card: at, people, isMoved, ...moved }) => ({
    ...{ versionId, card: at, people },
    moved: isMoved ? moved : null,
  }))
}

type Versions = Awaited<ReturnType<typeof loadVersions>>

function judge(groups: Group[], versions: Versions): Pick<RollbackPreview, 'ways' | 'staying'> {
  const byId = new Map(versions.map((version) => [version.id, version]))
  const ways: RollbackPreview['ways'] = []
  const staying: RollbackPreview['staying'] = []
  for (const { versionId, card, people, moved } of groups) {
    const there = byId.get(versionId)
    if (!there) continue
    const stand = { version: there.number, card, people }
    const back = moved && byId.get(moved.from_version_id)
    if (!moved || !back) {
      staying.push({ ...stand, reason: 'it has yet to follow the order, which is taken back' })
      continue
    }
    const elsewhere = reasonToStay(versionId, moved)
    const fate = elsewhere === undefined ? wayBack(card, moved, there, back)[card] : undefined
    if (elsewhere !== undefined) staying.push({ ...stand, reason: elsewhere })
    else if (fate?.action === 'stay')
      staying.push({
        ...stand,
        reason: `version ${back.number} has no such card, and something was said since`,
      })
    else ways.push({ ...stand, toVersion: back.number, toCard: fate?.action === 'move' ? fate.card : card })
  }
  return { ways, staying }
}

/** What the order comes to for a run that stands at the card; undefined when it stays. */
function obeyedAt(order: MigrateOrder, at: string): MigrateOrder | undefined {
  const { fates, fromVersionId: _, revokes: __, ...rest } = order
  // Without fates it only takes back what the run has yet to follow.
  if (!fates) return undefined
  const fate = fates[at]
  if (!fate) return rest
  if (fate.action !== 'move') return undefined
  const { card, timing, enteredAtMs } = fate
  return { ...rest, card, timing, enteredAtMs }
}
