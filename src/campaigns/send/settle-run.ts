import { recordFacts } from '../../analytics/facts.ts'
import { newId } from '../../db/columns.ts'
import { forkFor, type Em } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { leaveUnsent } from './leave-unsent.ts'
import type { CampaignInput } from '../../../workflows/contract.ts'
import { sweepInflight } from './sweep-inflight.ts'

export interface RunLook {
  state: string
  /** Of a run that is to begin later. */
  startsInMs: number
  lanes: number[]
}

/** Temporal knows no timers of centuries: who waits longer looks again. */
const longestMs = 30 * 86_400_000

/** Where a run stands, for whoever comes back to it. */
export async function lookAtRun(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, runId }: CampaignInput,
): Promise<RunLook> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<
    { state: string; starts_in_ms: number; lanes: number[] }[]
  >(
    `select r.state, extract(epoch from r.starts_at - now())::float8 * 1000 as starts_in_ms,
       coalesce((select jsonb_agg(l.lane order by l.lane) from campaign_lanes l where l.run_id = r.id), '[]') as lanes
     from campaign_runs r where r.id = ? and r.workspace_id = ?`,
    [runId, workspaceId],
  )
  if (!row) return { state: 'cancelled', startsInMs: 0, lanes: [] }
  if (row.state === 'cancelled') await leaveUnsent(deps, { workspaceId, runId })
  return {
    state: row.state,
    startsInMs: Math.min(longestMs, Math.max(0, Math.ceil(row.starts_in_ms))),
    lanes: row.lanes,
  }
}

export interface Settling {
  state: string
  /** Messages are to be tried again: the lanes go on. */
  isAgain: boolean
  /** Until what is in doubt is decided. */
  waitMs?: number
  words: string
}

/** When everybody has been written to: what is in flight comes to its end, and then the run is over. */
export async function settleRun(
  deps: Pick<Deps, 'orm' | 'config'>,
  { workspaceId, runId }: CampaignInput,
): Promise<Settling> {
  const reconcileMs = deps.config.SEND_RECONCILE_MS
  const em = forkFor(deps.orm, workspaceId)
  await sweepInflight(em, { workspaceId, runId, reconcileMs })
  return em.transactional(async (tx) => {
    const state = await moveToSettling(tx, { workspaceId, runId })
    if (state !== 'settling') return { state, isAgain: false, words: state }
    const [left] = await tx.execute<{ planned: boolean; oldest_ms: number | null }[]>(
      `select exists (select 1 from messages where campaign_run_id = ? and workspace_id = ? and state = 'planned') as planned,
         (select extract(epoch from now() - min(inflight_at))::float8 * 1000 from messages
           where campaign_run_id = ? and workspace_id = ? and state = 'inflight') as oldest_ms`,
      [runId, workspaceId, runId, workspaceId],
    )
    if (left?.planned) return { state, isAgain: true, words: 'messages are to be tried again' }
    if (left && left.oldest_ms !== null) {
      const waitMs = Math.max(50, Math.ceil(reconcileMs - left.oldest_ms) + 50)
      return { state, isAgain: false, waitMs, words: 'waiting to learn what became of the last messages' }
    }
    await complete(tx, { workspaceId, runId })
    return { state: 'completed', isAgain: false, words: 'completed' }
  })
}

async function moveToSettling(em: Em, { workspaceId, runId }: CampaignInput): Promise<string> {
  const [row] = await em.execute<{ state: string }[]>(
    `update campaign_runs set state = case when state = 'sending' then 'settling' else state end,
       sent_at = case when state = 'sending' then now() else sent_at end, updated_at = now()
     where id = ? and workspace_id = ? returning state`,
    [runId, workspaceId],
  )
  return row?.state ?? 'cancelled'
}

async function complete(em: Em, { workspaceId, runId }: CampaignInput): Promise<void> {
  const [row] = await em.execute<{ campaign_id: string; fact_id: string }[]>(
    `update campaign_runs set state = 'completed', ended_at = now(), updated_at = now()
     where id = ? and workspace_id = ? and state = 'settling' returning campaign_id, fact_id`,
    [runId, workspaceId],
  )
  if (!row) return
  const data = { campaign: row.campaign_id, campaignRun: runId, by: 'system' }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'campaign.completed', causeId: row.fact_id, data },
  ])
}
