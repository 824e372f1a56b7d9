import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { toNumbers, type CampaignNumbers, type CountRow } from './campaign-numbers.ts'

type Owner = 'run_id' | 'campaign_id'

/** What became of campaigns, all their runs together: for as many as one likes in one question. */
export async function countCampaigns(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  campaignIds: string[],
): Promise<Map<string, CampaignNumbers>> {
  return byOwner(await loadRows(forkFor(deps.orm, workspaceId), workspaceId, 'campaign_id', campaignIds))
}

export async function countRuns(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  runIds: string[],
): Promise<Map<string, CampaignNumbers>> {
  return byOwner(await loadRows(forkFor(deps.orm, workspaceId), workspaceId, 'run_id', runIds))
}

function byOwner(rows: Map<string, CountRow[]>): Map<string, CampaignNumbers> {
  return new Map([...rows].map(([id, counted]) => [id, toNumbers(counted)]))
}

interface OwnedRow extends CountRow {
  owner: string
}

/** Of all time, from the counters: as many rows after a year as on the first day. Everybody asked for is in the answer. */
export async function loadRows(
  em: Em,
  workspaceId: string,
  owner: Owner,
  ids: string[],
): Promise<Map<string, CountRow[]>> {
  const name = owner === 'run_id' ? 'r.id' : 'r.campaign_id'
  const rows = await em.execute<OwnedRow[]>(
    `select ${name} as owner, c.metric, c.variant, c.detail, sum(c.n)::float8 as n
     from campaign_runs r join campaign_counts c on c.run_id = r.id and c.at = '-infinity'
     where r.workspace_id = ? and ${name} in (select jsonb_array_elements_text(?::jsonb)::uuid)
     group by 1, 2, 3, 4 having sum(c.n) <> 0`,
    [workspaceId, JSON.stringify(ids)],
  )
  const found = Map.groupBy(rows, (row) => row.owner)
  return new Map(ids.map((id) => [id, found.get(id) ?? []]))
}
