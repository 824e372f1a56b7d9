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

/** In its first hours a run is looked at as soon as something has happened to its messages. */
const freshHours = 6
/** A look at a million messages takes its time: so many times as long nobody looks again because of what happened. */
const restTimes = 5

/** How much has happened to the messages of `r` that something may follow from, by the counters. */
const happenings = `(select coalesce(sum(k.n), 0)::bigint from campaign_counts k where k.run_id = r.id and k.at = '-infinity'
  and k.metric in ('delivered', 'read', 'clicked', 'replied', 'failed'))`

/**
 * Looks at the runs that have follow-ups whether some have become due. A run that nothing happens to is looked at less and less
 * often, at once when something has happened to it or a time of its is over, and no more when every time has passed. Runs without follow-ups cost nothing, here and where statuses come in.
 */
export async function followUpRuns(deps: Deps): Promise<number> {
  await deps.orm.em.fork().execute(
    `update campaign_runs r set follow_up_at = now() where r.follow_up_at > now() and r.follow_up_rest <= now()
       and coalesce(r.ended_at, now()) > now() - interval '${freshHours} hours' and r.follow_up_seen is distinct from ${happenings}`,
  )
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
    const [mine] = await em.execute<object[]>(
      'select 1 from campaign_runs where workspace_id = ? and id = ? and follow_up_at <= now() for update skip locked',
      [workspaceId, runId],
    )
    if (!mine) return { outbox: [], done: 0 }
    const since = performance.now()
    // Before the look: what happens meanwhile is for the next one.
    const [counted] = await em.execute<{ seen: string }[]>(
      `select ${happenings}::text as seen from campaign_runs r where r.workspace_id = ? and r.id = ?`,
      [workspaceId, runId],
    )
    const run = await findRun(em, workspaceId, runId)
    const told: OutboxRow[] = []
    let people = 0
    for (const followUp of run.definition.followUps) {
      const found = await findDue(em, ref, followUp, batch)
      people += found.length
      if (found.length > 0) told.push(...(await doFollowUp(em, deps, { run, followUp, people: found })))
    }
    const due = people > 0 ? undefined : await findNextTime(em, run)
    const restMs = Math.max(shortestMs, (performance.now() - since) * restTimes)
    await setNextLook(em, run, { people, due, restMs, seen: counted?.seen ?? '0' })
    return { outbox: told, done: people }
  })
  relaySoon(deps, outbox)
  return done
}

/** When the next time of a follow-up that waits for one is over, in milliseconds from now. */
async function findNextTime(em: Em, { workspaceId, id, definition }: RunRow): Promise<number | undefined> {
  const waits = definition.followUps.flatMap(({ on, within }) =>
    on.startsWith('not-') && within ? [durationMs(within)] : [],
  )
  const found: number[] = []
  for (const ms of new Set(waits)) {
    const [row] = await em.execute<{ ms: number | null }[]>(
      `select extract(epoch from min(coalesce(m.accepted_at, m.inflight_at)) - now())::float8 * 1000 + ? as ms from messages m
       where m.workspace_id = ? and m.campaign_run_id = ? and m.direction = 'out' and m.state in ('accepted', 'unknown')
         and coalesce(m.accepted_at, m.inflight_at) > now() - ? * interval '1 millisecond'`,
      [ms, workspaceId, id, ms],
    )
    if (row && row.ms !== null) found.push(row.ms)
  }
  return found.length === 0 ? undefined : Math.min(...found)
}

async function setNextLook(
  em: Em,
  { workspaceId, id, definition }: RunRow,
  look: { people: number; due: number | undefined; restMs: number; seen: string },
): Promise<void> {
  const { people, due = longestMs, restMs, seen } = look
  await em.execute(
    `update campaign_runs set follow_up_seen = ?::bigint, follow_up_rest = now() + ? * interval '1 millisecond',
       follow_up_idle = case when ? > 0 then 0 else follow_up_idle + 1 end,
       follow_up_at = case when ended_at + ? * interval '1 millisecond' < now() and ? = 0 then null
         when ? > 0 then now()
         else now() + least(${longestMs}, ?::float8, ${shortestMs} * power(1.2, least(follow_up_idle, 40))) * interval '1 millisecond' end
     where workspace_id = ? and id = ?`,
    [
      ...[seen, restMs, people, horizonMs(definition), people, people],
      ...[Math.max(restMs, due), workspaceId, id],
    ],
  )
}

function horizonMs({ followUps }: CampaignDefinition): number {
  return Math.max(...followUps.map(({ within }) => (within ? durationMs(within) + longestMs : patienceMs)))
}
