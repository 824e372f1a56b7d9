import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em, type Orm } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { Audience } from './audience-schema.ts'
import type { AudienceResult } from './audience-tally.ts'

export const simulationStates = ['queued', 'running', 'completed', 'cancelled', 'failed'] as const

export interface SimulationRow {
  id: string
  journeyId: string
  version: number | null
  state: (typeof simulationStates)[number]
  audience: Audience
  seed: number
  contacts: number
  done: number
  error: string | null
  by: string
  createdAt: string
  startedAt: string | null
  endedAt: string | null
}

const columns = `id, journey_id as "journeyId", version, state, audience, (frozen #>> '{order,seed}')::int as seed,
  contacts, done, error, by, ${isoTime('created_at')} as "createdAt", ${isoTime('started_at')} as "startedAt",
  ${isoTime('ended_at')} as "endedAt"`

export interface SimulationRef {
  workspaceId: string
  journeyId: string
  simulationId: string
}

/** With the result, as far as there is one: that of a cancelled simulation counts who was done. */
export async function findSimulation(
  em: Em,
  { workspaceId, journeyId, simulationId }: SimulationRef,
): Promise<SimulationRow & { result: AudienceResult | null }> {
  const [row] = await em.execute<(SimulationRow & { result: AudienceResult | null })[]>(
    `select ${columns}, result from simulations where workspace_id = ? and journey_id = ? and id = ?`,
    [workspaceId, journeyId, simulationId],
  )
  if (!row) throw new AppError('not_found', `there is no simulation ${simulationId}`)
  return row
}

/** Newest first, without results. */
export async function listSimulations(
  em: Em,
  input: { workspaceId: string; journeyId: string; before?: string | undefined; limit: number },
): Promise<SimulationRow[]> {
  const { workspaceId, journeyId, before = null, limit } = input
  return em.execute<SimulationRow[]>(
    `select ${columns} from simulations where workspace_id = ? and journey_id = ? and (?::uuid is null or id < ?)
     order by id desc limit ?`,
    [workspaceId, journeyId, before, before, limit],
  )
}

/** One that waits ends at once; one that runs within a second, with what it has counted. */
export async function cancelSimulation(
  deps: Pick<Deps, 'orm'>,
  { by, ...ref }: SimulationRef & { by: string },
): Promise<void> {
  const { workspaceId, simulationId } = ref
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await findSimulation(em, ref)
    const stopped = await em.execute<{ id: string }[]>(
      `update simulations set asked_to_stop = true,
         state = case when state = 'queued' then 'cancelled' else state end,
         ended_at = case when state = 'queued' then now() else ended_at end
       where workspace_id = ? and id = ? and state in ('queued', 'running') and not asked_to_stop returning id`,
      [workspaceId, simulationId],
    )
    if (stopped.length === 0) return
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'simulation.cancelled', data: { simulation: simulationId, by } },
    ])
  })
}

export async function deleteSimulation(
  deps: Pick<Deps, 'orm'>,
  { by, ...ref }: SimulationRef & { by: string },
): Promise<void> {
  const { workspaceId, simulationId } = ref
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { state } = await findSimulation(em, ref)
    if (state === 'running') throw new AppError('conflict', 'the simulation is running: cancel it first')
    await em.execute('delete from simulations where workspace_id = ? and id = ?', [workspaceId, simulationId])
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'simulation.deleted', data: { simulation: simulationId, by } },
    ])
  })
}

/** Journeys change within weeks; what was simulated before says nothing any more. */
const keptFor = '30 days'

export async function forgetSimulations(orm: Orm): Promise<void> {
  await orm.em
    .fork()
    .execute(
      `delete from simulations where created_at < now() - ?::interval and state not in ('queued', 'running')`,
      [keptFor],
    )
}
