import { playBulk } from './play-bulk.ts'
import { playCampaign } from './play-campaign.ts'
import { playImport } from './play-import.ts'
import { playOccurrence } from './play-occurrence.ts'

/** Workflows that wait on their way, and go on to their end or are cancelled. */
export const heldCourses = {
  import: playImport,
  bulk: playBulk,
  campaign: playCampaign,
  campaignOccurrence: playOccurrence,
}
