import { sayFacts } from '../analytics/say-facts.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { historyUrl } from '../temporal/history-url.ts'
import { JourneyVersion, Run, type RunState } from './entities.ts'

type RunRow = Awaited<ReturnType<typeof findRun>>

export interface RunFilter {
  journeyId?: string | undefined
  contactId?: string | undefined
  state?: RunState | undefined
  cardId?: string | undefined
  errorCode?: string | undefined
}

/** A run as the API shows one. */
export type RunView = ReturnType<typeof toRunView>

export async function getRun(deps: Deps, workspaceId: string, runId: string): Promise<RunView> {
  const run = await findRun(deps, workspaceId, runId)
  const version = await forkFor(deps.orm, workspaceId).findOneOrFail(JourneyVersion, run.versionId)
  return toRunView(deps, run, version.number)
}

export async function findRun(deps: Pick<Deps, 'orm'>, workspaceId: string, runId: string) {
  const run = await forkFor(deps.orm, workspaceId).findOne(Run, { id: runId })
  if (!run) throw new AppError('not_found', `run ${runId} does not exist`)
  return run
}

/** Newest first. */
export async function listRuns(
  deps: Deps,
  input: RunFilter & { workspaceId: string; before?: string | undefined; limit: number },
): Promise<RunView[]> {
  const { workspaceId, before, limit, ...filter } = input
  const em = forkFor(deps.orm, workspaceId)
  const wanted = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  const rows = await em.find(
    Run,
    { ...wanted, ...(before && { id: { $lt: before } }) },
    { orderBy: { id: 'desc' }, limit },
  )
  const versionIds = [...new Set(rows.map((row) => row.versionId))]
  const versions = await em.find(
    JourneyVersion,
    { id: { $in: versionIds } },
    { fields: ['id', 'number', 'workspaceId'] },
  )
  const numbers = new Map(versions.map(({ id, number }) => [id, number]))
  return rows.map((row) => toRunView(deps, row, numbers.get(row.versionId) ?? 0))
}

function toRunView(deps: Pick<Deps, 'config'>, run: RunRow, version: number) {
  const { id, journeyId, versionId, contactId, conversationId, lineageId, entry, workflowId } = run
  const error = !run.errorCode ? null : { code: run.errorCode, reason: run.errorReason ?? '' }
  return {
    id,
    journeyId,
    versionId,
    version,
    contactId: contactId ?? null,
    conversationId: conversationId ?? null,
    lineageId,
    entry,
    state: run.state,
    cardId: run.cardId ?? null,
    error,
    outcome: run.outcome ?? null,
    goalReached: run.goalReached ?? null,
    /** As they were at the start, and, once it has ended, at the end. */
    vars: run.vars,
    epoch: run.epoch,
    startedAt: run.startedAt.toISOString(),
    updatedAt: run.updatedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    temporal: { workflowId, url: historyUrl(deps.config, workflowId) },
  }
}

export interface TracedFact {
  id: string
  at: string
  kind: string
  causeId: string | null
  words: string
  data: JsonObject
}

/** What a run did, oldest first. */
export async function traceRun(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    runId: string
    after?: readonly [at: string, id: string] | undefined
    limit: number
  },
): Promise<TracedFact[]> {
  const { workspaceId, runId, after, limit } = input
  await findRun(deps, workspaceId, runId)
  const em = forkFor(deps.orm, workspaceId)
  const facts = await em.execute<Omit<TracedFact, 'words'>[]>(
    `select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, kind, cause_id as "causeId", data
     from facts where workspace_id = ? and run_id = ? and (?::timestamptz is null or (at, id) > (?::timestamptz, ?::uuid))
     order by facts.at, facts.id limit ?`,
    [workspaceId, runId, after?.[0] ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
  )
  const words = await sayFacts(em, workspaceId, facts)
  return facts.map((fact, at) => ({ ...fact, words: words[at] ?? fact.kind }))
}

export interface StuckGroup {
  journeyId: string
  journeyName: string
  versionId: string
  version: number
  cardId: string
  errorCode: string
  count: number
  exampleRunId: string
  exampleReason: string
  since: string
}

/** Runs that wait for an engineer, by what they have in common; the largest groups first. */
export async function listStuck(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; journeyId?: string | undefined; offset: number; limit: number },
): Promise<StuckGroup[]> {
  const { workspaceId, journeyId, offset, limit } = input
  return forkFor(deps.orm, workspaceId).execute<StuckGroup[]>(
    `select r.journey_id as "journeyId", j.name as "journeyName", r.version_id as "versionId", v.number as version,
       coalesce(r.card_id, '') as "cardId", coalesce(r.error_code, '') as "errorCode", count(*)::int as count,
       (array_agg(r.id order by r.updated_at desc))[1] as "exampleRunId",
       coalesce((array_agg(r.error_reason order by r.updated_at desc))[1], '') as "exampleReason",
       ${isoTime('min(r.updated_at)')} as since
     from runs r join journeys j on j.id = r.journey_id join journey_versions v on v.id = r.version_id
     where r.workspace_id = ? and r.state = 'stuck' and r.ended_at is null and (?::uuid is null or r.journey_id = ?)
     group by r.journey_id, j.name, r.version_id, v.number, r.card_id, r.error_code
     order by count(*) desc, r.version_id, r.card_id, r.error_code limit ? offset ?`,
    [workspaceId, journeyId ?? null, journeyId ?? null, limit, offset],
  )
}
