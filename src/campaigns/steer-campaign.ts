import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findLatestHold } from '../holds/find-holds.ts'
import { pause, resume } from '../holds/pause.ts'
import { unpublishJourney } from '../journeys/manage-journeys.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { findCampaign, lockCampaign, type CampaignRow, type CampaignState } from './find-campaigns.ts'
import { findLiveRun } from './find-runs.ts'
import { tellSchedule } from './launch-campaign.ts'
import { steerRunIn, type RunStep } from './steer-run.ts'

const steps = {
  pause: { from: ['active', 'paused'], to: 'paused', run: 'pause', kind: 'campaign.paused' },
  resume: { from: ['active', 'paused'], to: 'active', run: 'resume', kind: 'campaign.resumed' },
  end: { from: ['active', 'paused', 'ended'], to: 'ended', run: 'cancel', kind: 'campaign.ended' },
} as const satisfies Record<string, { from: CampaignState[]; to: CampaignState; run: RunStep; kind: string }>
export type CampaignStep = keyof typeof steps

/** Of all journeys of a campaign that go on after a pause: as many a minute. */
const ratePerMinute = 6_000

/**
 * Holds a campaign that goes on by itself, lets it go on, or ends it for good: nobody new gets it. A one-time campaign is its
 * run. Who is inside a drip that ends goes on to its end.
 */
export async function steerCampaign(
  deps: Deps,
  order: { workspaceId: string; campaignId: string; by: string },
  step: CampaignStep,
): Promise<CampaignRow> {
  const { workspaceId, campaignId, by } = order
  const { campaign, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const before = await lockCampaign(em, workspaceId, campaignId)
    const told =
      before.kind === 'one-time' ? await steerItsRun(em, before, step, by) : await move(em, before, step, by)
    return { campaign: await findCampaign(em, workspaceId, campaignId), outbox: told }
  })
  relaySoon(deps, outbox)
  if (campaign.journeyId !== null) await steerJourney(deps, campaign, campaign.journeyId, step, by)
  return campaign
}

async function steerItsRun(
  em: Em,
  { workspaceId, id, state }: CampaignRow,
  step: CampaignStep,
  by: string,
): Promise<OutboxRow[]> {
  const run = await findLiveRun(em, workspaceId, id)
  if (!run) throw new AppError('conflict', `no run of the campaign is under way: it is ${state}`)
  return (await steerRunIn(em, { workspaceId, runId: run.id, by }, steps[step].run)).outbox
}

async function move(em: Em, before: CampaignRow, step: CampaignStep, by: string): Promise<OutboxRow[]> {
  const { workspaceId, id, kind, name, state, factId } = before
  const { from, to, kind: fact } = steps[step]
  if (!(from as CampaignState[]).includes(state))
    throw new AppError(
      'conflict',
      `the campaign cannot be ${step === 'end' ? 'ended' : `${step}d`}: it is ${state}`,
    )
  if (state !== to) {
    await em.execute('update campaigns set state = ?, updated_at = now() where workspace_id = ? and id = ?', [
      ...[to, workspaceId, id],
    ])
    const standing = before.journeyId === null ? undefined : await findLiveRun(em, workspaceId, id)
    await recordFacts(em, workspaceId, [
      {
        ...{ id: newId(), atMs: Date.now(), kind: fact, runId: standing?.id, causeId: factId },
        data: { campaign: id, name, by },
      },
    ])
  }
  if (step === 'end' && before.journeyId !== null)
    await em.execute(
      `update campaign_runs set state = 'completed', ended_at = now(), updated_at = now()
       where workspace_id = ? and campaign_id = ? and ended_at is null`,
      [workspaceId, id],
    )
  if (before.journeyId !== null) return []
  const outbox = await steerItsRuns(em, before, step, by)
  return kind === 'recurring' ? [...outbox, ...(await tellSchedule(em, workspaceId, id))] : outbox
}

/** Those that are under way stand still, go on or end with it: whoever holds a campaign means its messages. */
async function steerItsRuns(
  em: Em,
  { workspaceId, id }: CampaignRow,
  step: CampaignStep,
  by: string,
): Promise<OutboxRow[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from campaign_runs where workspace_id = ? and campaign_id = ? and ended_at is null
       and case ? when 'pause' then state not in ('paused', 'stopped') when 'resume' then state = 'paused' else true end
     order by id`,
    [workspaceId, id, step],
  )
  const outbox: OutboxRow[] = []
  for (const { id: runId } of rows)
    outbox.push(...(await steerRunIn(em, { workspaceId, runId, by }, steps[step].run)).outbox)
  return outbox
}

/** After the campaign's own row, which is what counts: asked once more the same follows. */
async function steerJourney(
  deps: Deps,
  { workspaceId, name }: CampaignRow,
  journeyId: string,
  step: CampaignStep,
  by: string,
): Promise<void> {
  const place = { workspaceId, scope: 'journey', scopeId: journeyId, kind: 'pause' } as const
  if (step === 'pause') {
    await pause(deps, {
      ...place,
      timers: 'freeze',
      entrants: 'queue',
      reason: `campaign "${name}" is paused`,
      by,
    })
    return
  }
  if (step === 'end') await unpublishJourney(deps, { workspaceId, journeyId })
  const held = await findLatestHold(forkFor(deps.orm, workspaceId), place)
  if (held && held.releasedAt === null)
    await resume(deps, { ...place, backlog: { how: 'all' }, ratePerMinute, by })
}
