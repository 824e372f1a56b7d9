import { countCampaigns } from '../campaign-reports/load-numbers.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { CampaignRow } from './find-campaigns.ts'
import { listNextRuns } from './find-next-runs.ts'
import type { RunState } from './find-runs.ts'

interface LastRun {
  campaignId: string
  state: RunState
  startsAt: string
}

/** What a list says of campaigns beside themselves: when they ran and will run, and what became of all their runs. */
export interface CampaignLine {
  lastRunAt: string | null
  nextRunAt: string | null
  numbers: Record<'sent' | 'delivered' | 'read' | 'clicked' | 'replied' | 'failed', number>
}

/** Of a page of campaigns, in two questions. */
export async function describeCampaigns(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  campaigns: CampaignRow[],
): Promise<(CampaignRow & CampaignLine)[]> {
  const ids = campaigns.map(({ id }) => id)
  const counted = await countCampaigns(deps, workspaceId, ids)
  const runs = await forkFor(deps.orm, workspaceId).execute<LastRun[]>(
    `select distinct on (campaign_id) campaign_id as "campaignId", state, ${isoTime('starts_at')} as "startsAt"
     from campaign_runs where workspace_id = ? and campaign_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     order by campaign_id, number desc`,
    [workspaceId, JSON.stringify(ids)],
  )
  const last = new Map(runs.map((run) => [run.campaignId, run]))
  return campaigns.map((campaign) => {
    const run = last.get(campaign.id)
    const isAhead = run?.state === 'scheduled'
    const numbers = counted.get(campaign.id)
    const { sent = 0, delivered = 0, read = 0, clicked = 0, replied = 0, failed = [] } = numbers ?? {}
    return {
      ...campaign,
      lastRunAt: run && !isAhead ? run.startsAt : null,
      nextRunAt: isAhead ? run.startsAt : nextOf(campaign),
      numbers: {
        ...{ sent, delivered, read, clicked, replied },
        failed: failed.reduce((sum, { count }) => sum + count, 0),
      },
    }
  })
}

/** What goes on by itself was sound when it was launched, and cannot be changed since. */
function nextOf(campaign: CampaignRow): string | null {
  if (campaign.kind !== 'recurring' || campaign.state !== 'active') return null
  return listNextRuns(campaign, 1)[0] ?? null
}
