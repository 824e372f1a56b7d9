import { isDeepStrictEqual } from 'node:util'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { toText, type JsonObject } from '../model/json.ts'
import type { Reply } from '../model/reply.ts'
import { eventArrived, replied, type RehearsalOpening, type RehearsedStep } from '../../workflows/contract.ts'
import { findDifference } from './find-difference.ts'
import type { TapeEntry } from './record-tape.ts'

interface RehearsalRef {
  workspaceId: string
  rehearsalId: string
}

/** What a rehearsal begins with. */
export async function openRehearsal(deps: Pick<Deps, 'orm'>, ref: RehearsalRef): Promise<RehearsalOpening> {
  const { workspaceId, rehearsalId } = ref
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ opening: RehearsalOpening }[]>(
    `select r.opening || jsonb_build_object('definition', s.frozen #> '{order,definition}') as opening
     from rehearsals r join certifications c on c.id = r.certification_id join simulations s on s.id = c.simulation_id
     where r.workspace_id = ? and r.id = ? and r.opening <> '{}'`,
    [workspaceId, rehearsalId],
  )
  if (!row) throw new AppError('not_found', `the rehearsal ${rehearsalId} is gone`)
  return row.opening
}

/** Holds one operation against the tape and answers with what the simulator was told there. What people do comes as a signal. */
export async function rehearse(
  deps: Pick<Deps, 'orm' | 'temporal'>,
  step: RehearsalRef & { at: number; op: string; request: JsonObject },
): Promise<RehearsedStep> {
  const { workspaceId, rehearsalId, at, op, request } = step
  const [row] = await forkFor(deps.orm, workspaceId).execute<
    { entry: TapeEntry | null; workflow_id: string }[]
  >('select tape -> ?::int as entry, workflow_id from rehearsals where workspace_id = ? and id = ?', [
    ...[at, workspaceId, rehearsalId],
  ])
  if (!row) throw new AppError('not_found', `the rehearsal ${rehearsalId} is gone`)
  const { entry, workflow_id: workflowId } = row
  if (!entry) return { nowMs: 0, diverged: `it goes on with ${op}, where the simulator had ended` }
  const { op: taped, request: asked, ...answer } = entry
  if (taped !== op) return { nowMs: 0, diverged: `operation ${at + 1} is ${op}; the simulator did ${taped}` }
  if (!isDeepStrictEqual(asked, request)) {
    const difference = findDifference(asked, request)
    return { nowMs: 0, diverged: `operation ${at + 1} (${op}) differs from the simulator's at ${difference}` }
  }
  if ('value' in answer && answer.value !== null) {
    const eventId = `${rehearsalId}:${at}`
    const handle = deps.temporal.workflow.getHandle(workflowId)
    if (op === 'waitForReply') {
      const reply = answer.value as unknown as Reply
      await handle.signal(replied, { eventId, askKey: toText(request['askKey']), reply })
    }
    if (op === 'waitForEvent') {
      const { attributes, factId } = answer.value as { attributes: JsonObject; factId: string }
      await handle.signal(eventArrived, { eventId, attributes, factId, waitKey: toText(request['key']) })
    }
  }
  return answer
}
