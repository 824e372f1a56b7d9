import { loadPolicy } from '../../autopilot/policies.ts'
import { listRateCards } from '../../pricing/rate-cards.ts'
import { createPriceList, type PriceList } from '../../pricing/price-list.ts'
import type { Em } from '../../db/orm.ts'
import { forkFor } from '../../db/orm.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import type { CampaignDefinition } from '../../model/campaign-definition.ts'
import type { AutopilotPolicy } from '../../model/autopilot.ts'
import { AppError } from '../../model/errors.ts'
import { findNumberAccess, type NumberAccess } from '../../settings/numbers.ts'
import { createComposer, type Composer } from './compose-variant.ts'

export interface LaneRef {
  workspaceId: string
  runId: string
  lane: number
}

/** What a slice of a lane works with: one number that sends its share of a run. */
export interface Lane extends LaneRef {
  campaignId: string
  /** Of the run: what its messages follow from. */
  factId: string
  definition: CampaignDefinition
  number: NumberAccess
  composer: Composer
  prices: PriceList
  /** What the number's autopilot goes by. */
  policy: AutopilotPolicy
  /** The run's own speed, or the one that the autopilot allows. */
  messagesPerSecond: number | null
  /** Messages a person gets, at most. */
  width: number
}

interface OpenedRow {
  campaign_id: string
  fact_id: string
  definition: CampaignDefinition
  number_id: string
  messages_per_second: number | null
}

/** What a run froze when it began, with what changes seldom: prices and templates, which are as old as the slice. */
export async function openLane(deps: SendDeps, ref: LaneRef): Promise<Lane> {
  const { workspaceId, runId, lane } = ref
  const em = forkFor(deps.orm, workspaceId)
  const [row] = await em.execute<OpenedRow[]>(
    `select r.campaign_id, r.fact_id, r.definition, r.messages_per_second, l.number_id from campaign_runs r
     join campaign_lanes l on l.run_id = r.id and l.lane = ? where r.id = ? and r.workspace_id = ?`,
    [lane, runId, workspaceId],
  )
  if (!row) throw new AppError('not_found', `run ${runId} has no lane ${lane}`)
  const number = await findNumberAccess(deps, row.number_id)
  const { definition, campaign_id: campaignId, fact_id: factId } = row
  return {
    ...{ ...ref, campaignId, factId, definition, number, messagesPerSecond: row.messages_per_second },
    composer: await createComposer(deps, em, { workspaceId, runId, definition, number }),
    policy: await loadPolicy(em, workspaceId, number.id),
    prices: await loadPrices(em, workspaceId),
    width: Math.max(
      ...definition.variants.map(({ message }) => (message.kind === 'direct' ? message.contents.length : 1)),
    ),
  }
}

/** As many cards as somebody enters by hand. */
const maximumCards = 1_000

async function loadPrices(em: Em, workspaceId: string): Promise<PriceList> {
  return createPriceList(await listRateCards(em, { workspaceId, limit: maximumCards }))
}
