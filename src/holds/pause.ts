import { createBulk } from '../bulk/start-bulk.ts'
import { findBulk, type BulkRow } from '../bulk/find-bulk.ts'
import { wakeRuns } from '../campaigns/steer-run.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { BacklogPlan } from './backlog-plan.ts'
import { findLatestHold, getHold, type HoldPlace, type HoldRow } from './find-holds.ts'
import { liftHold, placeHold, type HoldInput } from './place-hold.ts'

/** Pauses a workspace, a number, a journey or a contact. What is paused already stays as it is. */
export async function pause(
  deps: Pick<Deps, 'orm'>,
  input: HoldPlace & Pick<HoldInput, 'timers' | 'entrants' | 'reason' | 'by'>,
): Promise<HoldRow> {
  const { workspaceId } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await refuseUnknown(em, input)
    const { holdId } = await placeHold(em, input)
    return (await getHold(em, workspaceId, holdId)) as HoldRow
  })
}

export interface Resumption extends HoldPlace {
  backlog: BacklogPlan
  ratePerMinute?: number | undefined
  by: string
}

/**
 * Lifts a pause at once; who stands at it goes on as an operation in bulk, by the plan. Who resumes twice gets the same
 * operation.
 */
export async function resume(deps: Deps, input: Resumption): Promise<{ hold: HoldRow; operation: BulkRow }> {
  const { workspaceId, by } = input
  const { hold, operation, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await refuseUnknown(em, input)
    await refusePlan(em, input)
    const before = await findLatestHold(em, input)
    const lifted = before && (await liftHold(em, { workspaceId, holdId: before.id, by }))
    if (!before) throw new AppError('conflict', `the ${input.scope} is not paused`)
    const after = (await getHold(em, workspaceId, before.id)) as HoldRow
    if (!lifted) return { hold: after, operation: await findRelease(em, input, before.id), outbox: [] }
    const created = await createBulk(em, releaseOf(input, after))
    const { scope, scopeId } = input
    const isOfCampaigns = scope === 'workspace' || scope === 'number'
    const woken = isOfCampaigns
      ? await wakeRuns(em, workspaceId, scope === 'number' ? scopeId : undefined)
      : []
    return { hold: after, operation: created.operation, outbox: [...created.outbox, ...woken] }
  })
  relaySoon(deps, outbox)
  return { hold, operation }
}

function releaseOf({ workspaceId, backlog, ratePerMinute, by }: Resumption, hold: HoldRow) {
  return {
    ...{ workspaceId, kind: 'release', ratePerMinute, by },
    selection: { heldBy: hold.id },
    order: { holdId: hold.id, liftedAtMs: Date.parse(hold.releasedAt ?? hold.placedAt), backlog },
    ...(backlog.how === 'spread' && { spreadHours: backlog.hours }),
  }
}

/** The operation that lets go on who stood at it: the answer to who presses once more. */
async function findRelease(em: Em, { workspaceId, scope }: Resumption, holdId: string): Promise<BulkRow> {
  const [row] = await em.execute<{ id: string }[]>(
    `select id from bulk_operations where workspace_id = ? and kind = 'release' and state in ('pending', 'running', 'paused')
       and selection ->> 'heldBy' = ? order by id desc limit 1`,
    [workspaceId, holdId],
  )
  if (!row) throw new AppError('conflict', `the ${scope} is not paused`)
  return findBulk(em, workspaceId, row.id)
}

async function refuseUnknown(em: Em, { workspaceId, scope, scopeId }: HoldPlace): Promise<void> {
  if (scope === 'workspace' || scope === 'run') return
  const known = await em.execute<object[]>(existing[scope], [workspaceId, scopeId])
  if (known.length === 0) throw new AppError('not_found', `${scope} ${scopeId} does not exist`)
}

const existing = {
  number: 'select 1 from phone_numbers where workspace_id = ? and id = ?',
  journey: 'select 1 from journeys where workspace_id = ? and id = ?',
  contact: 'select 1 from contacts where workspace_id = ? and id = ?',
}

/** A card is one of a journey: elsewhere nobody could go on at it. */
async function refusePlan(em: Em, { workspaceId, scope, scopeId, backlog }: Resumption): Promise<void> {
  if (backlog.how !== 're-enter-at') return
  const refuse = (message: string) => {
    throw new AppError('unprocessable', message, { fields: [{ field: 'backlog.card', message }] })
  }
  if (scope !== 'journey') refuse('only those who stand in one journey can go on at a card of it')
  const known = await em.execute<object[]>(
    `select 1 from journey_versions where workspace_id = ? and journey_id = ? and definition -> 'cards' -> ? is not null limit 1`,
    [workspaceId, scopeId, backlog.card],
  )
  if (known.length === 0) refuse(`no version of the journey has a card "${backlog.card}"`)
}
