import { forkFor, type Em } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import type { CampaignDefinition } from '../../model/campaign-definition.ts'
import { durationMs } from '../../model/schedule.ts'
import type { OutboxRow } from '../../outbox/outbox.ts'
import { relaySoon } from '../../outbox/relay.ts'
import { findRun, type RunRow } from '../find-runs.ts'
import { doFollowUp } from './do-follow-up.ts'
import { findDue } from './find-due.ts'

/** People of one transaction. */
const batch = 200
/** How long a reaction is waited for that has no time of its own. */
const patienceMs = 30 * 86_400_000
const shortestMs = 2_000
const longestMs = 5 * 60_000

/**
 * Looks at the runs that have follow-ups whether some have become due. A run that nothing happens to is looked at less and less
 * often, and no more when every time has passed. Runs without follow-ups cost nothing, here and where statuses come in.
 */
export async function followUpRuns(deps: Deps): Promise<number> {
  const due = await deps.orm.em
    .fork()
    .execute<{ id: string; workspace_id: string }[]>(
      'select id, workspace_id from campaign_runs where follow_up_at <= now() order by follow_up_at limit 20',
    )
  let done = 0
  for (const { id: runId, workspace_id: workspaceId } of due)
    done += await followUpRun(deps, { workspaceId, runId })
  return done
}

export async function followUpRun(deps: Deps, ref: { workspaceId: string; runId: string }): Promise<number> {
  const { workspaceId, runId } = ref
  const { outbox, done } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    // One worker at a time: what the others would find is being done.
    const mine = await em.execute<object[]>(
      'select 1 from campaign_runs where workspace_id = ? and id = ? and follow_up_at <= now() for update skip locked',
      [workspaceId, runId],
    )
    if (mine.length === 0) return { outbox: [], done: 0 }
    const run = await findRun(em, workspaceId, runId)
    const told: OutboxRow[] = []
    let people = 0
    for (const followUp of run.definition.followUps) {
      const found = await findDue(em, ref, followUp, batch)
      people += found.length
      if (found.length > 0) told.push(...(await doFollowUp(em, deps, { run, followUp, people: found })))
    }
    await setNextLook(em, run, people)
    return { outbox: told, done: people }
  })
  relaySoon(deps, outbox)
  return done
}

async function setNextLook(em: Em, { workspaceId, id, definition }: RunRow, found: number): Promise<void> {
  await em.execute(
    `update campaign_runs set follow_up_idle = case when ? > 0 then 0 else follow_up_idle + 1 end,
       follow_up_at = case when ended_at + ? * interval '1 millisecond' < now() and ? = 0 then null
         when ? > 0 then now()
         else now() + least(${longestMs}, ${shortestMs} * power(1.2, least(follow_up_idle, 40))) * interval '1 millisecond' end
     where workspace_id = ? and id = ?`,
    [found, horizonMs(definition), found, found, workspaceId, id],
  )
}

function horizonMs({ followUps }: CampaignDefinition): number {
  return Math.max(...followUps.map(({ within }) => (within ? durationMs(within) + longestMs : patienceMs)))
}
