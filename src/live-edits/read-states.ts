import { withinTime } from '../kit/within-time.ts'
import type { Deps } from '../deps.ts'
import { progress, type JourneyProgress } from '../../workflows/contract.ts'
import type { SampledRun } from './occupancy.ts'

/** Asked side by side; a workflow that no worker has in memory is replayed first. */
const sideBySide = 16
const queryTimeoutMs = 3_000
/** A preview is not waited for longer: who has not answered by then is not counted. */
const patienceMs = 20_000

/** Where runs stand, out of their own mouths; those that do not answer are missing. */
export async function readStates(deps: Deps, runs: SampledRun[]): Promise<Map<string, JourneyProgress>> {
  const states = new Map<string, JourneyProgress>()
  const queue = [...runs]
  const until = Date.now() + patienceMs
  const readNext = async (): Promise<void> => {
    for (let run = queue.shift(); run && Date.now() < until; run = queue.shift()) {
      const state = await readState(deps, run)
      if (state) states.set(run.id, state)
    }
  }
  await Promise.all(Array.from({ length: Math.min(sideBySide, runs.length) }, readNext))
  return states
}

async function readState(deps: Deps, { id, workflowId }: SampledRun): Promise<JourneyProgress | undefined> {
  try {
    const handle = deps.temporal.workflow.getHandle(workflowId)
    const answer = await withinTime(deps, queryTimeoutMs, () => handle.query(progress))
    return answer.state.cursor === null ? undefined : answer
  } catch (error) {
    deps.log.info({ err: error, runId: id }, 'a run did not say where it stands: a preview does without it')
    return undefined
  }
}
