import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockRun, type RunRow, type RunState } from './find-runs.ts'
import { isJourneyKind } from './judge-definition.ts'

const going: RunState[] = ['scheduled', 'planning', 'sending', 'settling']
const steps = {
  pause: { from: [...going, 'paused'], word: 'paused', kind: 'campaign.paused' },
  resume: { from: [...going, 'paused', 'stopped'], word: 'resumed', kind: 'campaign.resumed' },
  cancel: {
    from: [...going, 'paused', 'stopped', 'cancelled'],
    word: 'cancelled',
    kind: 'campaign.cancelled',
  },
} as const satisfies Record<string, { from: RunState[]; word: string; kind: string }>
export type RunStep = keyof typeof steps

interface Order {
  workspaceId: string
  runId: string
  by: string
}

/**
 * Holds a run, lets it go on, or ends it: what was sent stays sent. The row rules: whoever sends looks at it before each
 * handful of messages; the workflow is only woken.
 */
export async function steerRun(deps: Deps, order: Order, step: RunStep): Promise<RunRow> {
  const { run, outbox } = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    steerRunIn(em, order, step),
  )
  relaySoon(deps, outbox)
  return run
}

/** The same in the caller's transaction: relay the outbox after its commit. */
export async function steerRunIn(
  em: Em,
  { workspaceId, runId, by }: Order,
  step: RunStep,
): Promise<{ run: RunRow; outbox: OutboxRow[] }> {
  const { from, word, kind } = steps[step]
  const before = await lockRun(em, workspaceId, runId)
  refuseStanding(before)
  if (!(from as RunState[]).includes(before.state))
    throw new AppError('conflict', `the run cannot be ${word}: it is ${before.state}`)
  const state = step === 'cancel' ? 'cancelled' : step === 'pause' ? 'paused' : resumedState(before)
  if (state === before.state) return { run: before, outbox: await wake(em, before) }
  if (step === 'resume') await refuseStopped(em, before)
  await em.execute(
    `update campaign_runs set state = ?, reason = null, stopped_by = null, updated_at = now(), ended_at = case when ? then now() end,
       canary = case when ? and state = 'stopped' and stopped_by = 'canary' then canary || '{"verdict": "passed"}' else canary end
     where workspace_id = ? and id = ?`,
    // Whoever lets a run go on that its first recipients stopped has seen how it went for them.
    [state, step === 'cancel', step === 'resume', workspaceId, runId],
  )
  await tell(em, before, kind, { by })
  const run = await lockRun(em, workspaceId, runId)
  return { run, outbox: await wake(em, run) }
}

/** How fast a run may be sent, on each of its numbers; undefined is as fast as they may. At once. */
export async function setRunSpeed(
  deps: Deps,
  order: Order & { messagesPerSecond: number | undefined },
): Promise<RunRow> {
  const { workspaceId, runId, by, messagesPerSecond = null } = order
  const { run, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const before = await lockRun(em, workspaceId, runId)
    refuseStanding(before)
    if (before.endedAt !== null)
      throw new AppError('conflict', `the run has no speed any more: it is ${before.state}`)
    await em.execute(
      'update campaign_runs set messages_per_second = ?, updated_at = now() where workspace_id = ? and id = ?',
      [messagesPerSecond, workspaceId, runId],
    )
    await tell(em, before, 'campaign.speed-set', { by, messagesPerSecond })
    const after = await lockRun(em, workspaceId, runId)
    return { run: after, outbox: await wake(em, after) }
  })
  relaySoon(deps, outbox)
  return run
}

/** Of live runs of a workspace, or of one number: what held them may be over, or has begun. */
export async function wakeRuns(em: Em, workspaceId: string, numberId?: string): Promise<OutboxRow[]> {
  const runs = await em.execute<{ id: string; workflow_id: string }[]>(
    `select r.id, r.workflow_id from campaign_runs r join campaigns c on c.id = r.campaign_id
     where r.workspace_id = ? and r.ended_at is null and c.journey_id is null and (?::uuid is null or exists (
       select 1 from campaign_lanes l where l.run_id = r.id and l.number_id = ?))`,
    [workspaceId, numberId ?? null, numberId ?? null],
  )
  return enqueue(
    em,
    runs.map(({ id, workflow_id: workflowId }) => ({
      ...{ name: 'campaign' as const, workflowId, payload: { workspaceId, runId: id } },
    })),
  )
}

function wake(em: Em, { workspaceId, id: runId, workflowId }: RunRow): Promise<OutboxRow[]> {
  return enqueue(em, [{ name: 'campaign', workflowId, payload: { workspaceId, runId } }])
}

/** Where it was when it was held. */
function resumedState({ state, startsAt, plannedAt, sentAt }: RunRow): RunState {
  if (state !== 'paused' && state !== 'stopped') return state
  if (plannedAt === null) return Date.parse(startsAt) > Date.now() ? 'scheduled' : 'planning'
  return sentAt === null ? 'sending' : 'settling'
}

function refuseStanding({ kind }: RunRow): void {
  if (!isJourneyKind(kind)) return
  throw new AppError('conflict', `the run of a ${kind} campaign goes on as long as the campaign: steer that`)
}

/** It would only come to stand there again. */
async function refuseStopped(em: Em, { workspaceId, id }: RunRow): Promise<void> {
  const [stop] = await em.execute<{ reason: string; display_number: string }[]>(
    `select s.reason, p.display_number from number_stops s join campaign_lanes l on l.number_id = s.number_id
       join phone_numbers p on p.id = s.number_id
     where s.workspace_id = ? and l.run_id = ? and s.scope = 'campaigns' and s.lifted_at is null
       and (s.until is null or s.until > now()) limit 1`,
    [workspaceId, id],
  )
  if (stop)
    throw new AppError(
      'conflict',
      `campaigns of ${stop.display_number} are stopped: ${stop.reason}: lift the stop first`,
    )
}

async function tell(em: Em, run: RunRow, kind: string, data: JsonObject): Promise<void> {
  const { workspaceId, campaignId, name, id, number, factId } = run
  await recordFacts(em, workspaceId, [
    {
      ...{ id: newId(), atMs: Date.now(), kind, runId: id, causeId: factId },
      data: { campaign: campaignId, name, run: id, number, ...data },
    },
  ])
}
