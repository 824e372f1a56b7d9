import { recordFacts } from '../analytics/facts.ts'
import { takeTurnOfContact } from '../contacts/lock-contact.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { withinTime } from '../kit/within-time.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { relaySoon } from '../outbox/relay.ts'
import { progress } from '../../workflows/contract.ts'
import { Journey, JourneyVersion } from './entities.ts'
import { findRun } from './find-runs.ts'
import { startRun, type StartableJourney, type StartResult } from './start-run.ts'
import { resolveRun, type RunOrder } from './steer-run.ts'

export interface Restart extends RunOrder {
  cardId: string
  /** Another version of the same journey, e.g. the one that mends the card; the run's own by default. */
  versionId?: string | undefined
  /** Over the variables that the run had. */
  vars?: JsonObject | undefined
}
type RunRow = Awaited<ReturnType<typeof findRun>>

/**
 * A new run of the same lineage from a chosen card, after one that has ended or is stuck (which ends by this). The ledger
 * is keyed by lineage, card and visit, so what the lineage has sent is not sent again.
 */
export async function restartRun(deps: Deps, order: Restart): Promise<{ runId: string }> {
  const run = await findRun(deps, order.workspaceId, order.runId)
  if (!run.endedAt && run.state !== 'stuck')
    throw new AppError('conflict', `the run is ${run.state}: only a run that has ended or is stuck restarts`)
  const journey = await loadStartable(deps, run, order)
  const vars = { ...(await varsOf(deps, run)), ...order.vars }
  if (!run.endedAt) await leave(deps, order)
  const result = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    startAgain(em, run, journey, { ...order, vars }),
  )
  if (!result.started) throw new AppError('not_started', `not started: ${result.reason}`)
  relaySoon(deps, result.outbox)
  return { runId: result.runId }
}

async function loadStartable(deps: Deps, run: RunRow, order: Restart): Promise<StartableJourney> {
  const em = forkFor(deps.orm, order.workspaceId)
  const id = order.versionId ?? run.versionId
  const version = await em.findOne(JourneyVersion, { id, journeyId: run.journeyId })
  if (!version) throw unprocessable('versionId', `the journey has no version ${id}`)
  if (!version.definition.cards[order.cardId])
    throw unprocessable('cardId', `version ${version.number} has no card "${order.cardId}"`)
  const { name, numberId } = await em.findOneOrFail(Journey, { id: run.journeyId })
  const { start, entry } = version.definition
  return { id: run.journeyId, name, numberId, versionId: id, startCard: start, entry }
}

function unprocessable(field: string, message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field, message }] })
}

/** A live run's variables are in its workflow; the row has them once it has ended. */
async function varsOf(deps: Deps, run: RunRow): Promise<JsonObject> {
  if (run.endedAt) return run.vars
  const handle = deps.temporal.workflow.getHandle(run.workflowId)
  const { state } = await withinTime(deps, 10_000, () => handle.query(progress))
  return state.vars
}

async function leave(deps: Deps, order: Restart): Promise<void> {
  const resolution = { action: 'exit', reason: `restarted from card ${order.cardId}` } as const
  await resolveRun(deps, { ...order, resolution })
}

async function startAgain(
  em: Em,
  run: RunRow,
  journey: StartableJourney,
  { workspaceId, cardId, by, vars, operationId }: Restart,
): Promise<StartResult> {
  // The lock that every start takes: two restarts at once are one after the other.
  const contactId = run.contactId ?? undefined
  if (contactId !== undefined) await takeTurnOfContact(em, workspaceId, contactId)
  await em.execute('select id from runs where id = ? and workspace_id = ? for update', [
    run.lineageId,
    workspaceId,
  ])
  const lineage = await readLineage(em, run)
  // What an operation restarts it restarts once, however often it tries.
  const entry = `restart:${operationId ?? lineage.runs}:${run.entry.replace(/^restart:[^:]+:/, '')}`
  const [same] = await em.execute<{ id: string; workflow_id: string }[]>(
    'select id, workflow_id from runs where workspace_id = ? and lineage_id = ? and entry = ?',
    [workspaceId, run.lineageId, entry],
  )
  if (same) return { started: true, runId: same.id, workflowId: same.workflow_id, outbox: [] }
  if (lineage.live !== null)
    throw new AppError('conflict', `run ${lineage.live} of this lineage is going on already`)
  const factId = newId()
  const data = { journey: journey.id, name: journey.name, trigger: 'restart', run: run.id, card: cardId, by }
  await recordFacts(em, workspaceId, [
    {
      id: factId,
      atMs: Date.now(),
      kind: 'start.requested',
      contactId,
      causeId: lineage.lastFact ?? run.factId,
      data,
    },
  ])
  return startRun(em, {
    workspaceId,
    journey,
    contactId,
    entry,
    causeId: factId,
    vars: vars ?? {},
    entryKey: lineage.entryKey ?? undefined,
    resume: { lineageId: run.lineageId, cardId, epoch: lineage.epoch + 1, visits: {} },
  })
}

interface Lineage {
  runs: number
  live: string | null
  epoch: number
  lastFact: string | null
  entryKey: string | null
}

/** The highest epoch may be a message's: a run that was resolved raises it without telling its row. */
async function readLineage(em: Em, run: RunRow): Promise<Lineage> {
  const [lineage] = await em.execute<Lineage[]>(
    `select count(*)::int as runs, (array_agg(r.id) filter (where r.ended_at is null and r.id <> ?))[1] as live,
       greatest(max(r.epoch), (select max(m.epoch) from messages m join runs o on o.id = m.run_id
         where o.lineage_id = ?)) as epoch,
       (select f.id from facts f where f.run_id = ? order by f.at desc limit 1) as "lastFact",
       max(r.entry_key) as "entryKey"
     from runs r where r.lineage_id = ? and r.workspace_id = ?`,
    [run.id, run.lineageId, run.id, run.lineageId, run.workspaceId],
  )
  return lineage ?? { runs: 1, live: null, epoch: run.epoch, lastFact: null, entryKey: null }
}
