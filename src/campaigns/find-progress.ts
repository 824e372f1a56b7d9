import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findRun, type RunRow } from './find-runs.ts'

export interface RunProgress {
  /** Whose turn in the lanes has come: sent, or judged at its sending. */
  taken: number
  /** Taken and not settled: waits for its next attempt, or for WhatsApp's answer. */
  planned: number
  accepted: number
  failed: number
  skipped: number
  unknown: number
  /** At the pace of the last minutes; null when nothing is being sent. */
  secondsLeft: number | null
  /** What it is doing, in words. */
  words: string
}

/** A run and how far it is. */
export async function findProgress(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<{ run: RunRow; progress: RunProgress }> {
  const em = forkFor(deps.orm, workspaceId)
  const run = await findRun(em, workspaceId, runId)
  const counts = await countAll(em, run)
  const left = Math.max(0, (run.intended ?? 0) - counts.taken) + counts.planned
  const secondsLeft =
    run.state === 'sending' && counts.pace > 0
      ? Math.ceil((left / counts.pace) * measuredSeconds(run, Date.now()))
      : null
  const { pace: _pace, ...progress } = counts
  return { run, progress: { ...progress, secondsLeft, words: say(run, progress, secondsLeft) } }
}

/** Counts are kept by the minute: those of the last two, or since it began to send, whichever is less. */
function measuredSeconds({ sendingAt }: RunRow, nowMs: number): number {
  const firstMinuteMs = Math.ceil((nowMs - 120_000) / 60_000) * 60_000
  const fromMs = Math.max(firstMinuteMs, sendingAt === null ? 0 : Date.parse(sendingAt))
  return Math.max(1, (nowMs - fromMs) / 1_000)
}

type Counts = Omit<RunProgress, 'secondsLeft' | 'words'> & { pace: number }

/** Of sums that are kept, and of the lanes' cursors: nothing is scanned. */
async function countAll(em: Em, { workspaceId, id }: RunRow): Promise<Counts> {
  const [row] = await em.execute<Counts[]>(
    `select coalesce((select sum(cursor) from campaign_lanes where run_id = ?), 0)::int as taken,
       coalesce(sum(n) filter (where metric = 'planned' and at = '-infinity'), 0)::int as planned,
       coalesce(sum(n) filter (where metric = 'accepted' and at = '-infinity'), 0)::int as accepted,
       coalesce(sum(n) filter (where metric = 'failed' and at = '-infinity'), 0)::int as failed,
       coalesce(sum(n) filter (where metric = 'skipped' and at = '-infinity'), 0)::int as skipped,
       coalesce(sum(n) filter (where metric = 'unknown' and at = '-infinity'), 0)::int as unknown,
       coalesce(sum(n) filter (where metric = 'accepted' and at > now() - interval '2 minutes' and at <= now()), 0)::int as pace
     from campaign_counts where workspace_id = ? and run_id = ?`,
    [id, workspaceId, id],
  )
  return row ?? { taken: 0, planned: 0, accepted: 0, failed: 0, skipped: 0, unknown: 0, pace: 0 }
}

function say(run: RunRow, { taken }: { taken: number }, secondsLeft: number | null): string {
  const { state, reason, startsAt, intended } = run
  const because = reason === null ? '' : `: ${reason}`
  switch (state) {
    case 'scheduled':
      return `begins ${startsAt}`
    case 'planning':
      return 'looks up its audience'
    case 'sending':
      return `${taken} of ${intended} people have had their turn${secondsLeft === null ? '' : `; about ${secondsLeft} seconds to go`}`
    case 'settling':
      return 'everybody has had their turn; waits for the last answers'
    default:
      return `is ${state}${because}`
  }
}
