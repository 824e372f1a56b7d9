import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Audience, CampaignDefinition, CampaignSchedule } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { campaignScheduleId } from '../../workflows/contract.ts'
import { createRun } from './create-run.ts'
import { findCampaign, lockCampaign, type CampaignRow } from './find-campaigns.ts'
import type { RunRow } from './find-runs.ts'
import { demandSound } from './judge-campaign.ts'
import { isJourneyKind } from './judge-definition.ts'
import { firstLocalMs } from './place-in-time.ts'
import { openJourney } from './open-journey.ts'

export interface Launch {
  workspaceId: string
  campaignId: string
  /** Of this run only, in place of the campaign's own; of one-time campaigns. */
  audience?: Audience | undefined
  schedule?: Exclude<CampaignSchedule, { kind: 'recurring' }> | undefined
  by: string
  causeId?: string | undefined
}
export interface Launched {
  campaign: CampaignRow
  /** Of one-time campaigns and of those that a journey runs. */
  run: RunRow | undefined
}

/**
 * Sets a campaign going: a one-time campaign gets a run, now or at its time; a recurring one its schedule; one that the API
 * triggers takes calls from now on; a journey of its own runs the others. Refused while it is going already.
 */
export async function launchCampaign(deps: Deps, order: Launch): Promise<Launched> {
  const { workspaceId, campaignId, by, causeId } = order
  const em = forkFor(deps.orm, workspaceId)
  const found = await findCampaign(em, workspaceId, campaignId)
  if (isJourneyKind(found.kind)) {
    const definition = await demandReady(em, deps, found, order)
    const run = await openJourney(deps, { campaign: found, definition, by, causeId })
    return { campaign: await findCampaign(em, workspaceId, campaignId), run }
  }
  const { outbox, ...launched } = await em.transactional((tx) => launchIn(tx, deps, order))
  relaySoon(deps, outbox)
  return launched
}

/** The same of what no journey runs, in the caller's transaction: relay the outbox after its commit. */
export async function launchIn(
  em: Em,
  deps: Pick<Deps, 'config'>,
  order: Launch,
): Promise<Launched & { outbox: OutboxRow[] }> {
  const { workspaceId, campaignId, by, causeId } = order
  // Of two who launch at once the second one waits here, and finds the run of the first.
  const campaign = await lockCampaign(em, workspaceId, campaignId)
  const definition = await demandReady(em, deps, campaign, order)
  if (campaign.kind === 'one-time') {
    const made = await createRun(em, { campaign, definition, startsAtMs: startOf(definition), by, causeId })
    return { campaign: await findCampaign(em, workspaceId, campaignId), ...made }
  }
  await em.execute(
    `update campaigns set state = 'active', updated_at = now() where workspace_id = ? and id = ?`,
    [workspaceId, campaignId],
  )
  const data = { campaign: campaignId, name: campaign.name, by }
  await recordFacts(em, workspaceId, [
    {
      ...{ id: newId(), atMs: Date.now(), kind: 'campaign.activated', data },
      causeId: causeId ?? campaign.factId,
    },
  ])
  const outbox = campaign.kind === 'recurring' ? await tellSchedule(em, workspaceId, campaignId) : []
  return { campaign: await findCampaign(em, workspaceId, campaignId), run: undefined, outbox }
}

async function demandReady(
  em: Em,
  { config }: Pick<Deps, 'config'>,
  campaign: CampaignRow,
  order: Launch,
): Promise<CampaignDefinition> {
  if (campaign.archivedAt !== null) throw new AppError('conflict', 'the campaign is archived')
  if (['scheduled', 'active', 'paused'].includes(campaign.state))
    throw new AppError('conflict', `the campaign is ${campaign.state} already`)
  if (campaign.kind !== 'one-time' && (order.audience || order.schedule))
    throw new AppError(
      'unprocessable',
      'only a run of a one-time campaign has an audience or a time of its own',
    )
  return demandSound(em, config, { ...campaign, draft: draftOf(campaign, order) })
}

/** Brings the Temporal Schedule of a recurring campaign to what its row says. */
export function tellSchedule(em: Em, workspaceId: string, campaignId: string): Promise<OutboxRow[]> {
  const workflowId = campaignScheduleId(workspaceId, campaignId)
  return enqueue(em, [{ name: 'campaignSchedule', workflowId, payload: { workspaceId, campaignId } }])
}

function draftOf({ draft }: CampaignRow, { audience, schedule }: Launch): CampaignRow['draft'] {
  const changes = { ...(audience && { audience }), ...(schedule && { schedule }) }
  return { ...draft, ...(JSON.parse(JSON.stringify(changes)) as CampaignRow['draft']) }
}

/** What is past is at once. */
function startOf({ schedule }: CampaignDefinition): number {
  const now = Date.now()
  if (schedule.kind === 'at') return Math.max(now, Date.parse(schedule.at))
  return schedule.kind === 'local' ? Math.max(now, firstLocalMs(schedule)) : now
}
