import { recordFacts } from '../analytics/facts.ts'
import { lockCampaign } from '../campaigns/find-campaigns.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Audience } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { launch, lookAtTemplate } from './request-run.ts'

interface Waiting {
  id: string
  workspace_id: string
  campaign_id: string
  audience: Audience
  at_ms: number | null
  by: string
  fact_id: string
}

/** How many are looked at together. */
const pageSize = 200

/**
 * Launches the runs whose template WhatsApp has approved meanwhile, in the order in which they were asked for, and closes those
 * whose template it has rejected. A worker's maintenance looks every few seconds.
 */
export async function launchWaiting(deps: Deps): Promise<void> {
  let last = firstId
  for (;;) {
    const rows = await deps.orm.em.fork().execute<Waiting[]>(
      `select id, workspace_id, campaign_id, audience, (extract(epoch from starts_at) * 1000)::float8 as at_ms, by, fact_id
       from campaign_requests where state = 'waiting' and id > ? order by id limit ?`,
      [last, pageSize],
    )
    for (const row of rows) await settle(deps, row)
    if (rows.length < pageSize) return
    last = rows.at(-1)?.id ?? last
  }
}

const firstId = '00000000-0000-0000-0000-000000000000'

async function settle(deps: Deps, row: Waiting): Promise<void> {
  const em = forkFor(deps.orm, row.workspace_id)
  try {
    const outbox = await em.transactional(async (tx) => {
      if (!(await take(tx, row))) return []
      const campaign = await lockCampaign(tx, row.workspace_id, row.campaign_id)
      // One run after the other.
      if (['scheduled', 'active', 'paused'].includes(campaign.state)) return []
      const { standing, words } = await lookAtTemplate(tx, campaign)
      if (standing === 'awaited') return []
      if (standing === 'refused') throw new AppError('unprocessable', words)
      const { requested, outbox: told } = await launch(tx, deps, {
        ...{ workspaceId: row.workspace_id, campaignId: row.campaign_id, audience: row.audience, by: row.by },
        ...{ atMs: row.at_ms ?? undefined, causeId: row.fact_id },
      })
      await tx.execute(
        `update campaign_requests set state = 'launched', run_id = ?, reason = null, settled_at = now()
         where workspace_id = ? and id = ?`,
        [requested.runId, row.workspace_id, row.id],
      )
      return told
    })
    relaySoon(deps, outbox)
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    await em.transactional((tx) => refuse(tx, row, error.message))
  }
}

/** Another worker may be at it, or have settled it. */
async function take(em: Em, { workspace_id: workspaceId, id }: Waiting): Promise<boolean> {
  const rows = await em.execute<object[]>(
    `select 1 from campaign_requests where workspace_id = ? and id = ? and state = 'waiting' for update skip locked`,
    [workspaceId, id],
  )
  return rows.length > 0
}

async function refuse(em: Em, row: Waiting, reason: string): Promise<void> {
  const { id, workspace_id: workspaceId, campaign_id: campaign, fact_id: causeId } = row
  const changed = await em.execute<object[]>(
    `update campaign_requests set state = 'refused', reason = ?, settled_at = now()
     where workspace_id = ? and id = ? and state = 'waiting' returning 1`,
    [reason, workspaceId, id],
  )
  if (changed.length === 0) return
  const data = { campaign, request: id, reason }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'campaign.request_refused', causeId, data },
  ])
}
