import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import type { JsonObject } from '../model/json.ts'
import { estimateCampaign, type Estimate } from './estimate-campaign.ts'
import { findCampaign, type CampaignRow } from './find-campaigns.ts'
import { audienceOf, judgeCampaign } from './judge-campaign.ts'
import { isJourneyKind, warning, type CampaignProblem } from './judge-definition.ts'
import { previewMessages, type MessagePreview } from './preview-message.ts'

export interface CampaignCheck {
  valid: boolean
  problems: CampaignProblem[]
  /**
   * Null while something is wrong with the audience, and of campaigns whose audience nobody knows beforehand. Cost and time are
   * right as soon as all is.
   */
  estimate: Estimate | null
  preview: MessagePreview[]
}

/** What is wrong with a campaign, what a run of it would come to, and what a contact would see. Nothing is stored. */
export async function checkCampaign(
  deps: Pick<Deps, 'orm' | 'config'>,
  input: {
    workspaceId: string
    campaignId: string
    contactId?: string | undefined
    given?: JsonObject | undefined
  },
): Promise<CampaignCheck> {
  const { workspaceId, campaignId, contactId, given = {} } = input
  const em = forkFor(deps.orm, workspaceId)
  const campaign = await findCampaign(em, workspaceId, campaignId)
  const { problems, definition } = await judgeCampaign(em, deps.config, campaign)
  const valid = problems.every(({ severity }) => severity !== 'error')
  const counted = valid ? definition : soundAudience(campaign, problems)
  const isCounted = counted && !isJourneyKind(campaign.kind) && campaign.kind !== 'api'
  const estimate = isCounted ? await estimateCampaign(deps, campaign, counted) : null
  if (estimate === undefined)
    problems.push(warning('audience', 'counting the audience took too long: nothing is said of it'))
  if (estimate) problems.push(...judgeEstimate(estimate, valid))
  const preview =
    definition && contactId !== undefined
      ? await previewMessages(em, campaign, definition, { contactId, given })
      : []
  return { valid, problems, estimate: estimate ?? null, preview }
}

/** People are counted before the message is written. */
function soundAudience({ draft }: CampaignRow, problems: CampaignProblem[]): CampaignDefinition | undefined {
  return problems.some(({ field }) => /^(audience|holdOut|class)\b/.test(field))
    ? undefined
    : audienceOf(draft)
}

function judgeEstimate({ intended, skipped, reach, unpriced }: Estimate, valid: boolean): CampaignProblem[] {
  const problems: CampaignProblem[] = []
  const { initiated, used, limit } = reach
  if (intended === 0) problems.push(warning('audience', 'nobody would get it now'))
  const { no_contact: strangers = 0 } = skipped
  if (strangers > 0)
    problems.push(
      warning(
        'audience',
        `${strangers} numbers of the lists are no contacts: they get nothing unless they become some before the run begins`,
      ),
    )
  if (!valid) return problems
  if (limit !== null && initiated + used > limit)
    problems.push(
      warning(
        'audience',
        `WhatsApp lets the numbers write first to ${limit} people in 24 hours, ${used} are used: ${initiated} more take longer`,
      ),
    )
  if (unpriced > 0)
    problems.push(warning('variants', `no rate card has a price for ${unpriced} of the messages`))
  return problems
}
