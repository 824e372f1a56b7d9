import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError, errorTable } from '../model/errors.ts'
import type { BulkItem, BulkOutcome } from './bulk-kind.ts'
import type { BulkRow } from './find-bulk.ts'
import { kindOf, runsOf } from './start-bulk.ts'

/** Items that are dealt with side by side: more only queue up at Temporal. */
const sideBySide = 16
/** A run that does not answer so often is not going to. */
const maximumAttempts = 5

interface TakenRow {
  id: string
  subject: BulkItem['subject']
  attempts: number
  superseded: boolean
  fits: boolean
  state: string | null
  card: string | null
}
interface Settled {
  id: string
  state: 'done' | 'skipped' | 'failed' | 'pending'
  reason: string | null
}

/**
 * Deals with the next items. That one is tried is written before, what came of it after: who dies in between leaves an item
 * that is tried again, by a kind that knows what it has done.
 */
export async function workItems(
  deps: Deps,
  operation: BulkRow,
  limit: number,
): Promise<{ worked: number; again: number }> {
  const taken = await takeItems(deps, operation, limit)
  const settled: Settled[] = []
  const queue = [...taken]
  const workNext = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) settled.push(await workItem(deps, operation, row))
  }
  await Promise.all(Array.from({ length: Math.min(sideBySide, taken.length) }, workNext))
  await settle(deps, operation, settled)
  const again = settled.filter(({ state }) => state === 'pending').length
  return { worked: taken.length - again, again }
}

async function takeItems(deps: Deps, operation: BulkRow, limit: number): Promise<TakenRow[]> {
  const { id, workspaceId } = operation
  const fits = runsOf(operation)
  return forkFor(deps.orm, workspaceId).execute<TakenRow[]>(
    `with taken as (
       update bulk_items i set attempts = attempts + 1, tried_at = coalesce(tried_at, now()) from (
         select item_id from bulk_items where operation_id = ? and workspace_id = ? and state = 'pending'
         order by place, item_id limit ?) next
       where i.operation_id = ? and i.item_id = next.item_id
       returning i.item_id, i.subject, i.attempts, i.superseded)
     select t.item_id as id, t.subject, t.attempts, t.superseded, coalesce(${fits.sql}, false) as fits, r.state, coalesce(r.at_card, r.card_id) as card
     from taken t left join runs r on r.id = t.item_id`,
    [id, workspaceId, limit, id, ...fits.params],
  )
}

async function workItem(deps: Deps, operation: BulkRow, row: TakenRow): Promise<Settled> {
  const { id, subject, attempts } = row
  const isRepeat = attempts > 1
  // Who was tried before may look different by that very try: the kind knows.
  if (subject === 'run' && !row.fits && !isRepeat)
    return { id, state: 'skipped', reason: `it is not among them any more: it is ${placeOf(row)}` }
  const { workspaceId, id: operationId, factId: causeId, by } = operation
  const item = { id, subject, workspaceId, operationId, isRepeat, isSuperseded: row.superseded, by, causeId }
  try {
    const outcome: BulkOutcome = await kindOf(operation.kind).act(deps, item, operation.order)
    return { id, state: outcome.state, reason: 'reason' in outcome ? outcome.reason : null }
  } catch (error) {
    return judgeError(deps, operation, row, error)
  }
}

function placeOf({ state, card }: TakenRow): string {
  if (state === null) return 'gone'
  return card === null ? state : `${state} at card "${card}"`
}

function judgeError(deps: Deps, operation: BulkRow, { id, attempts }: TakenRow, error: unknown): Settled {
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof AppError && !errorTable[error.code].retry)
    return { id, state: error.code === 'conflict' ? 'skipped' : 'failed', reason }
  deps.log.warn({ err: error, operationId: operation.id, itemId: id }, 'an item is to be tried again')
  return { id, state: attempts < maximumAttempts ? 'pending' : 'failed', reason }
}

/** Each item once, whoever else had taken it too. */
async function settle(deps: Deps, { id, workspaceId }: BulkRow, settled: Settled[]): Promise<void> {
  if (settled.length === 0) return
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const counted = await em.execute<{ state: string; n: number }[]>(
      `with settled as (
         update bulk_items i set state = s.state, reason = s.reason, settled_at = case when s.state <> 'pending' then now() end
         from jsonb_to_recordset(?::jsonb) s(id uuid, state text, reason text)
         where i.operation_id = ? and i.workspace_id = ? and i.item_id = s.id and i.state = 'pending' returning i.state)
       select state, count(*)::int as n from settled group by state`,
      [JSON.stringify(settled), id, workspaceId],
    )
    const count = (state: string) => counted.find((each) => each.state === state)?.n ?? 0
    await em.execute(
      `update bulk_operations set done = done + ?, skipped = skipped + ?, failed = failed + ?, updated_at = now()
       where workspace_id = ? and id = ?`,
      [count('done'), count('skipped'), count('failed'), workspaceId, id],
    )
  })
}
