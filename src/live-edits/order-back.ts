import type { Em } from '../db/orm.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import type { findRun } from '../journeys/find-runs.ts'
import type { MigrateOrder } from '../../workflows/cards/journey-state.ts'

export type RunRow = Awaited<ReturnType<typeof findRun>>
export type VersionRow = Awaited<ReturnType<typeof loadVersion>>

export function loadVersion(em: Em, id: string) {
  return em.fork().findOneOrFail(JourneyVersion, { id })
}

interface Skipped {
  state: 'skipped'
  reason: string
}

export function skipped(reason: string): Skipped {
  return { state: 'skipped', reason }
}

/** Where a migration found a run, and what has happened to it since. */
export interface MovedRow {
  from_version_id: string
  from_card: string | null
  to_card: string | null
  to_version_id: string | null
  entered_ms: number | null
  has_spoken: boolean
}

/** Whether something was said, by either side, since the move `m` of a run: by the run, or as an answer to it. */
export const hasSpokenSql = (conversation: string) => `(
  exists (select 1 from messages s where s.run_id = m.run_id and s.direction = 'out' and s.inflight_at > m.moved_at
    and s.state in ('inflight', 'accepted', 'unknown'))
  or exists (select 1 from messages s where s.conversation_id = ${conversation} and s.direction = 'in'
    and s.created_at > m.moved_at and starts_with(s.answers_ask_key, m.run_id || ':')))`

/**
 * Where it stands still, or nothing was said since, by either side, it goes back to the card that it came from, and has waited there since it
 * first came. Otherwise it goes on at the same card, if there is one: nothing is said twice.
 */
export async function orderBack(
  em: Em,
  run: RunRow,
  { migrationId }: { migrationId: string },
): Promise<MigrateOrder | Skipped> {
  const [moved] = await em.execute<MovedRow[]>(
    `select m.from_version_id, m.from_card, m.to_card, j.to_version_id,
       extract(epoch from m.entered_at)::float8 * 1000 as entered_ms, ${hasSpokenSql('?')} as has_spoken
     from migrated_runs m join journey_migrations j on j.id = m.migration_id
     where m.migration_id = ? and m.run_id = ? and m.workspace_id = ?`,
    [run.conversationId ?? null, migrationId, run.id, run.workspaceId],
  )
  // It has the order, and stands at a hold: the order is taken back.
  const back = await loadVersion(em, moved?.from_version_id ?? run.versionId)
  const { id, number, definition } = back
  const order = { action: 'migrate' as const, version: { id, number }, definition, revokes: migrationId }
  if (!moved) return { ...order, timing: 'keep-elapsed' }
  const elsewhere = reasonToStay(run.versionId, moved)
  if (elsewhere !== undefined) return skipped(elsewhere)
  const there = await loadVersion(em, run.versionId)
  return {
    ...order,
    timing: 'keep-elapsed',
    fromVersionId: run.versionId,
    fates: wayBack(run.cardId ?? null, moved, there, back),
  }
}

/** Why a run of this version is left where it is, if so. */
export function reasonToStay(
  versionId: string,
  moved: Pick<MovedRow, 'from_version_id' | 'to_version_id'>,
): string | undefined {
  if (versionId === moved.from_version_id) return 'it is of the version that it came from already'
  return versionId === moved.to_version_id ? undefined : 'it has gone on to another version since'
}

export function wayBack(
  cardId: string | null,
  moved: MovedRow,
  there: Pick<VersionRow, 'definition'>,
  back: Pick<VersionRow, 'definition'>,
): NonNullable<MigrateOrder['fates']> {
  const { from_card: fromCard, to_card: toCard } = moved
  const gone = Object.keys(there.definition.cards).filter((card) => !back.definition.cards[card])
  const fates: NonNullable<MigrateOrder['fates']> = Object.fromEntries(
    gone.map((card) => [card, { action: 'stay' }]),
  )
  if (toCard === null || fromCard === null || !back.definition.cards[fromCard]) return fates
  const enteredAtMs = moved.entered_ms === null ? undefined : Math.round(moved.entered_ms)
  const home = { action: 'move' as const, card: fromCard, timing: 'keep-elapsed' as const, enteredAtMs }
  return { ...fates, [toCard]: home, ...(!moved.has_spoken && cardId && { [cardId]: home }) }
}
