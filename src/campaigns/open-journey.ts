import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { publishJourney } from '../journeys/publish-journey.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import { compileJourney } from './compile-journey.ts'
import { createStandingRun } from './create-run.ts'
import { findCampaign, lockCampaign, type CampaignRow } from './find-campaigns.ts'
import type { RunRow } from './find-runs.ts'

interface Opening {
  campaign: CampaignRow
  definition: CampaignDefinition
  by: string
  causeId?: string | undefined
}

/**
 * Sets a triggered campaign or a drip going: its hidden journey is written anew and published, and in the same transaction the
 * campaign becomes active and gets the run that all its messages belong to.
 */
export async function openJourney(
  deps: Pick<Deps, 'orm' | 'scripts'>,
  { campaign, definition, by, causeId }: Opening,
): Promise<RunRow> {
  const { workspaceId, id: campaignId, kind } = campaign
  if (kind !== 'triggered' && kind !== 'drip') throw new Error(`a ${kind} campaign has no journey`)
  const runId = newId()
  const draft = compileJourney(kind, definition, runId)
  const journeyId = await forkFor(deps.orm, workspaceId).transactional((em) =>
    writeJourney(em, campaign, draft),
  )
  let run: RunRow | undefined
  await publishJourney(deps, {
    workspaceId,
    journeyId,
    also: async (em) => {
      const now = await lockCampaign(em, workspaceId, campaignId)
      if (now.state !== 'draft' && now.state !== 'ended')
        throw new AppError('conflict', `the campaign is ${now.state} already`)
      await em.execute(
        `update campaigns set state = 'active', updated_at = now() where workspace_id = ? and id = ?`,
        [workspaceId, campaignId],
      )
      const opened = await findCampaign(em, workspaceId, campaignId)
      run = await createStandingRun(em, { campaign: opened, definition, by, causeId, id: runId })
    },
  })
  if (!run) throw new Error('a journey was published without its run')
  return run
}

/** The campaign's journey; lists of journeys leave it out. */
async function writeJourney(
  em: Em,
  { workspaceId, id, numberId, name }: CampaignRow,
  draft: object,
): Promise<string> {
  const { journeyId: known } = await lockCampaign(em, workspaceId, id)
  const journeyId = known ?? newId()
  await em.execute(
    `insert into journeys (id, workspace_id, number_id, name, draft) values (?, ?, ?, ?, ?::jsonb)
     on conflict (id) do update set number_id = excluded.number_id, name = excluded.name, draft = excluded.draft,
       updated_at = now()`,
    [journeyId, workspaceId, numberId, name, JSON.stringify(draft)],
  )
  if (!known)
    await em.execute('update campaigns set journey_id = ? where workspace_id = ? and id = ?', [
      journeyId,
      workspaceId,
      id,
    ])
  return journeyId
}
