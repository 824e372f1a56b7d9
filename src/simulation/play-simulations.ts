import type { Em, Orm } from '../db/orm.ts'
import { readAudience } from './audience-contacts.ts'
import type { Audience } from './audience-schema.ts'
import type { FrozenSimulation } from './create-simulation.ts'
import type { ScriptPool } from '../scripts/script-pool.ts'
import { createScriptRunner } from './run-simulated-script.ts'
import { simulateAudience } from './simulate-audience.ts'

interface Claimed {
  id: string
  workspaceId: string
  audience: Audience
  frozen: FrozenSimulation
  attempt: number
}

const beatEveryMs = 400
/** A simulation whose process gives no sign of life for so long is taken up by another, from its start. */
export const abandonedAfter = '30 seconds'
/** One that ends its process again and again is not tried for ever. */
const maximumAttempts = 3

/** Plays what waits, one after the other, until nothing does. Each begins anew when its process died: it comes out the same. */
export async function playSimulations(orm: Orm, scripts: ScriptPool): Promise<void> {
  const em = orm.em.fork()
  const runScript = createScriptRunner(scripts)
  for (let claimed = await claim(em); claimed; claimed = await claim(em)) await play(em, claimed, runScript)
}

async function claim(em: Em): Promise<Claimed | undefined> {
  const [row] = await em.execute<Claimed[]>(
    `update simulations set state = 'running', started_at = coalesce(started_at, now()), beat_at = now(),
       attempt = attempt + 1, done = 0
     where id = (select id from simulations where state = 'queued'
         or (state = 'running' and beat_at < now() - interval '${abandonedAfter}')
       order by id limit 1 for update skip locked)
     returning id, workspace_id as "workspaceId", audience, frozen, attempt`,
  )
  return row
}

async function play(
  em: Em,
  claimed: Claimed,
  runScript: ReturnType<typeof createScriptRunner>,
): Promise<void> {
  if (claimed.attempt > maximumAttempts)
    return end(em, claimed, 'failed', { error: 'it ended its process, again and again' })
  let isStopped = false
  try {
    const { order, surroundings } = claimed.frozen
    let beatMs = performance.now()
    const progress = async (done: number) => {
      if (performance.now() - beatMs < beatEveryMs) return false
      isStopped = await beat(em, claimed, done)
      beatMs = performance.now()
      return isStopped
    }
    const contacts = readAudience(em, claimed)
    const result = await simulateAudience(order, surroundings, contacts, progress, runScript)
    await end(em, claimed, isStopped ? 'cancelled' : 'completed', { result })
  } catch (error) {
    await end(em, claimed, 'failed', { error: String(error).slice(0, 2_000) })
  }
}

/** True when somebody asked it to stop. */
async function beat(em: Em, { id, workspaceId, frozen }: Claimed, done: number): Promise<boolean> {
  const [row] = await em.execute<{ asked_to_stop: boolean }[]>(
    `update simulations set done = ?, contacts = ?, beat_at = now() where workspace_id = ? and id = ?
     returning asked_to_stop`,
    [done, frozen.order.count, workspaceId, id],
  )
  return row?.asked_to_stop ?? true
}

async function end(
  em: Em,
  { id, workspaceId, frozen, attempt }: Claimed,
  state: 'completed' | 'cancelled' | 'failed',
  { result, error }: { result?: Awaited<ReturnType<typeof simulateAudience>>; error?: string },
): Promise<void> {
  await em.execute(
    `update simulations set state = ?, done = coalesce(?, done), contacts = ?, result = ?::jsonb, error = ?, ended_at = now()
     where workspace_id = ? and id = ? and state = 'running' and attempt = ?`,
    [
      ...[state, result?.contacts ?? null, frozen.order.count, result ? JSON.stringify(result) : null],
      ...[error ?? null, workspaceId, id, attempt],
    ],
  )
}
