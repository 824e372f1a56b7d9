import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { durationMs } from '../model/schedule.ts'
import { enqueue } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockRun } from './find-runs.ts'

/** Whether something happened to a message, by what the winner is chosen by. */
const happened = {
  delivered: 'coalesce(m.delivered_at, m.read_at) is not null',
  read: 'm.read_at is not null',
  clicked: 'm.clicked_at is not null',
  replied: 'm.replied_at is not null',
  converted: 'm.converted_at is not null',
}

interface Trial {
  variant: string
  accepted: number
  rate: number
}

/** Runs whose trial of variants has been out for long enough get their winner; everybody else is sent that one. */
export async function chooseWinners(deps: Deps): Promise<void> {
  const due = await deps.orm.em.fork().execute<{ id: string; workspace_id: string }[]>(
    `select r.id, r.workspace_id from campaign_runs r where ended_at is null and state = 'sending' and winner is null
       and definition -> 'winner' is not null and planned_at + (${afterMs}) * interval '1 millisecond' <= now()
       and ${isTried}`,
  )
  for (const { id, workspace_id } of due) await chooseWinner(deps, { workspaceId: workspace_id, runId: id })
}

const afterMs = `(r.definition #>> '{winner,after,amount}')::float8 * case r.definition #>> '{winner,after,unit}'
  ${(['seconds', 'minutes', 'hours', 'days', 'weeks'] as const)
    .map((unit) => `when '${unit}' then ${durationMs({ amount: 1, unit })}`)
    .join(' ')} end`

/**
 * Nobody of the trial has yet to be written to, and the last one has had as long as the others: a run that was slow or stood
 * still is not decided by those it did not reach. Until the winner is known nobody else is in the ledger.
 */
const isTried = `not exists (select 1 from campaign_lanes l join campaign_recipients p on p.run_id = l.run_id and p.lane = l.lane
    and p.seq = l.cursor + 1 where l.run_id = r.id and p.variant is not null)
  and coalesce((select m.created_at from messages m where m.campaign_run_id = r.id and m.direction = 'out' order by m.id desc limit 1), planned_at)
    + (${afterMs}) * interval '1 millisecond' <= now()`

/** By rate; of equals the first. Undefined when another was faster, or the run has none to choose. */
async function chooseWinner(
  deps: Deps,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<string | undefined> {
  const { winner, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const run = await lockRun(em, workspaceId, runId)
    const { definition, number, name, campaignId, factId, workflowId } = run
    const by = definition.winner?.by
    if (!by || run.winner !== null || run.endedAt !== null) return { winner: undefined, outbox: [] }
    const trials = await em.execute<Trial[]>(
      `select m.variant, count(*)::int as accepted, avg((${happened[by]})::int)::float8 as rate from messages m
       where m.workspace_id = ? and m.campaign_run_id = ? and m.accepted_at is not null and m.variant is not null group by 1`,
      [workspaceId, runId],
    )
    const best = pickBest(
      definition.variants.map(({ id }) => id),
      trials,
    )
    await em.execute(
      'update campaign_runs set winner = ?, updated_at = now() where workspace_id = ? and id = ?',
      [best, workspaceId, runId],
    )
    const rates = Object.fromEntries(trials.map(({ variant, rate }) => [variant, rate]))
    const data = { campaign: campaignId, name, run: runId, number, winner: best, by, rates }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'campaign.winner-chosen', causeId: factId, data },
    ])
    const told = await enqueue(em, [{ name: 'campaign', workflowId, payload: { workspaceId, runId } }])
    return { winner: best, outbox: told }
  })
  relaySoon(deps, outbox)
  return winner
}

function pickBest(variants: string[], trials: Trial[]): string {
  const rateOf = (id: string) => trials.find(({ variant }) => variant === id)?.rate ?? 0
  return variants.reduce((best, id) => (rateOf(id) > rateOf(best) ? id : best), variants[0] ?? '')
}
