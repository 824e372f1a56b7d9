import { derivedId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { campaignDefinitionSchema } from '../model/campaign-definition.ts'
import { relaySoon } from '../outbox/relay.ts'
import { createRun } from './create-run.ts'
import { lockCampaign } from './find-campaigns.ts'
import { findRun } from './find-runs.ts'
import { tellSchedule } from './launch-campaign.ts'
import { steerRun } from './steer-run.ts'

interface Occurrence {
  workspaceId: string
  campaignId: string
  /** The workflow's id: it holds the time that has come. */
  occurrence: string
}

/** The run of one occurrence, made once. Undefined when the campaign does not recur any more. */
export async function openOccurrence(
  deps: Deps,
  { workspaceId, campaignId, occurrence }: Occurrence,
): Promise<{ runId: string } | undefined> {
  const id = derivedId(campaignId, occurrence)
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const campaign = await lockCampaign(em, workspaceId, campaignId)
    const known = await em.execute<object[]>(
      'select 1 from campaign_runs where workspace_id = ? and id = ?',
      [workspaceId, id],
    )
    if (known.length > 0) return []
    if (campaign.state !== 'active') return undefined
    const definition = campaignDefinitionSchema.parse(campaign.draft)
    const made = await createRun(em, { campaign, definition, startsAtMs: Date.now(), by: 'schedule', id })
    const { schedule } = definition
    const isTold = schedule.kind === 'recurring' && schedule.rule.kind === 'rrule'
    return [...made.outbox, ...(isTold ? await tellSchedule(em, workspaceId, campaignId) : [])]
  })
  if (!outbox) return undefined
  relaySoon(deps, outbox)
  return { runId: id }
}

interface RunOf {
  workspaceId: string
  runId: string
}

/**
 * Whether a run has come to its end: the next occurrence may depend on it. The schedule is told its times anew then: while a run
 * stood still all that it knew of may have been passed over.
 */
export async function isRunOver(deps: Deps, { workspaceId, runId }: RunOf): Promise<boolean> {
  const em = forkFor(deps.orm, workspaceId)
  const { endedAt, campaignId } = await findRun(em, workspaceId, runId)
  if (endedAt === null) return false
  relaySoon(deps, await em.transactional((tx) => tellSchedule(tx, workspaceId, campaignId)))
  return true
}

/** The next occurrence takes its place. */
export async function cancelOccurrence(deps: Deps, { workspaceId, runId }: RunOf): Promise<void> {
  if ((await findRun(forkFor(deps.orm, workspaceId), workspaceId, runId)).endedAt !== null) return
  await steerRun(deps, { workspaceId, runId, by: 'schedule' }, 'cancel')
}
