import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { toMicros } from '../pricing/price-list.ts'
import { campaignWorkflowId } from '../../workflows/contract.ts'
import type { CampaignRow } from './find-campaigns.ts'
import { findRun, type RunRow } from './find-runs.ts'

/** Anything told of how a run came to be that its fact keeps. */
interface Cause {
  by: string
  causeId?: string | undefined
}
export interface NewRun extends Cause {
  campaign: CampaignRow
  /** Frozen with the run: what is changed in the campaign later is of later runs. */
  definition: CampaignDefinition
  startsAtMs: number
  /** Makes it one run, however often it is asked for. */
  id?: string
}

/** A run in the caller's transaction, which holds the campaign's row. The workflow that is told sleeps until it begins. */
export async function createRun(em: Em, input: NewRun): Promise<{ run: RunRow; outbox: OutboxRow[] }> {
  const { campaign, id = newId() } = input
  const { workspaceId } = campaign
  const workflowId = await insertRun(em, { ...input, id, state: 'scheduled' })
  const outbox = await enqueue(em, [{ name: 'campaign', workflowId, payload: { workspaceId, runId: id } }])
  return { run: await findRun(em, workspaceId, id), outbox }
}

/** What a hidden journey sends belongs to one run for ever, which nobody plans. */
export async function createStandingRun(em: Em, input: Omit<NewRun, 'startsAtMs'>): Promise<RunRow> {
  const id = input.id ?? newId()
  await insertRun(em, { ...input, startsAtMs: Date.now(), id, state: 'sending' })
  return findRun(em, input.campaign.workspaceId, id)
}

/** What messages cost is told in the currency of the rate card that counts when the run is made. */
const cardCurrency = `(select currency from rate_cards where workspace_id = ? and effective_from <= now()
  and (effective_until is null or effective_until > now()) order by effective_from desc limit 1)`

async function insertRun(
  em: Em,
  input: NewRun & { id: string; state: 'scheduled' | 'sending' },
): Promise<string> {
  const { campaign, definition, startsAtMs, by, causeId, id, state } = input
  const { workspaceId } = campaign
  const [counted] = await em.execute<{ number: number }[]>(
    `update campaigns set last_run_number = last_run_number + 1, updated_at = now() where workspace_id = ? and id = ?
     returning last_run_number as number`,
    [workspaceId, campaign.id],
  )
  const number = counted?.number ?? 1
  const workflowId = campaignWorkflowId(workspaceId, campaign.id, number)
  const factId = newId()
  const { budget, messagesPerSecond } = definition
  await em.execute(
    `insert into campaign_runs (id, workspace_id, campaign_id, number, state, definition, starts_at, workflow_id, by, cause_id,
       fact_id, messages_per_second, budget_micros, currency, sending_at, follow_up_at)
     values (?, ?, ?, ?, ?, ?::jsonb, ?::timestamptz, ?, ?, ?, ?, ?, ?, coalesce(?, ${cardCurrency}), case when ? = 'sending' then now() end, case when ? then now() end)`,
    [
      ...[id, workspaceId, campaign.id, number, state, JSON.stringify(definition)],
      ...[new Date(startsAtMs).toISOString(), workflowId, by, causeId ?? null, factId],
      ...[
        messagesPerSecond ?? null,
        budget ? toMicros(budget.amount) : null,
        budget?.currency ?? null,
        workspaceId,
        state,
        state === 'sending' && definition.followUps.length > 0,
      ],
    ],
  )
  const data = { campaign: campaign.id, name: campaign.name, run: id, number, by }
  await recordFacts(em, workspaceId, [
    {
      ...{ id: factId, atMs: Date.now(), kind: 'campaign.launched', data },
      causeId: causeId ?? campaign.factId,
    },
  ])
  return workflowId
}
