import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { varsProblem } from '../model/run-vars.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { bestVerdict, findStartable } from './evaluate-triggers.ts'
import { startRun } from './start-run.ts'
import { loadTriggerScope } from './trigger-scope.ts'

export interface RunRequest {
  workspaceId: string
  journeyId: string
  /** Undefined: the journey runs about nobody. */
  contactId: string | undefined
  /** By hand in the app, or by another system. The journey must have a trigger of that type. */
  trigger: 'manual' | 'api'
  vars: JsonObject
  /** The caller's key of this entry: the same key never starts twice. */
  entry?: string | undefined
  /** Who asked, for the trace. */
  by: string
}

type Decision = { outbox: OutboxRow[] } & (
  | { started: true; runId: string; isNew: boolean }
  | { started: false; reason: string }
)

/** Starts a journey for a contact because somebody asked. A refusal is a fact too: "why not" is answered from it. */
export async function requestRun(
  deps: Deps,
  request: RunRequest,
): Promise<{ runId: string; isNew: boolean }> {
  const message = varsProblem(request.vars)
  if (message !== undefined)
    throw new AppError('unprocessable', message, { fields: [{ field: 'vars', message }] })
  const decision = await forkFor(deps.orm, request.workspaceId).transactional((em) => decide(em, request))
  relaySoon(deps, decision.outbox)
  if (decision.started) return { runId: decision.runId, isNew: decision.isNew }
  throw new AppError('not_started', `not started: ${decision.reason}`, {
    details: { reason: decision.reason },
  })
}

async function decide(em: Em, request: RunRequest): Promise<Decision> {
  const { workspaceId, journeyId, contactId, trigger, vars, by } = request
  const entry = `${trigger}:${request.entry ?? newId()}`
  const [same] = await em.execute<{ id: string }[]>(
    `select id from runs where workspace_id = ? and journey_id = ? and contact_id is not distinct from ?::uuid
       and entry = ?`,
    [workspaceId, journeyId, contactId ?? null, entry],
  )
  if (same) return { started: true, runId: same.id, isNew: false, outbox: [] }
  const name = await nameOf(em, workspaceId, journeyId)
  const askedId = newId()
  const judgedId = newId()
  const found = await findStartable(em, workspaceId, journeyId)
  const asked = { workspaceId, contactId, vars, stimuli: [{ type: trigger }], atMs: Date.now() }
  const { scope, candidates } = await loadTriggerScope(em, asked, found ? [found] : [])
  const [journey] = candidates
  const verdict = journey
    ? bestVerdict(journey.triggers, asked.stimuli, scope)
    : { matched: false, reason: 'it is not published' }
  const result =
    journey && verdict.matched
      ? await startRun(em, { workspaceId, journey, contactId, entry, causeId: judgedId, vars })
      : { started: false as const, reason: verdict.reason }
  const reason = result.started ? verdict.reason : `not started: ${result.reason}`
  const candidate = { journey: journeyId, name, matched: verdict.matched, started: result.started, reason }
  const atMs = Date.now()
  const judged = { stimulus: trigger, candidates: [candidate] }
  await recordFacts(em, workspaceId, [
    {
      id: askedId,
      atMs,
      kind: 'start.requested',
      contactId,
      data: { journey: journeyId, name, trigger, by },
    },
    { id: judgedId, atMs, kind: 'trigger.evaluated', contactId, causeId: askedId, data: judged },
  ])
  return result.started
    ? { started: true, runId: result.runId, isNew: result.outbox.length > 0, outbox: result.outbox }
    : { started: false, reason: result.reason, outbox: [] }
}

async function nameOf(em: Em, workspaceId: string, journeyId: string): Promise<string> {
  const [journey] = await em.execute<{ name: string }[]>(
    'select name from journeys where workspace_id = ? and id = ? and deleted_at is null',
    [workspaceId, journeyId],
  )
  if (!journey) throw new AppError('not_found', `journey ${journeyId} does not exist`)
  return journey.name
}
