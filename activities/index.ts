import type { SendDeps } from '../src/inbox/send-message.ts'
import { createBulkActivities } from './bulk.ts'
import { createCampaignActivities } from './campaigns.ts'
import { createOccurrenceActivities } from './campaign-occurrences.ts'
import { createChatActivities } from './chat.ts'
import { createContactActivities } from './contact.ts'
import { createEffectActivities } from './effects.ts'
import { createJourneyActivities } from './journey.ts'
import { createMediaActivities } from './media.ts'
import { createRehearsalActivities } from './rehearsal.ts'
import { createRuleActivities } from './rules.ts'
import { createTransferActivities } from './transfers.ts'
import { translateErrors } from './translate-errors.ts'
import { createWebhookActivities } from './webhooks.ts'

/** Every activity there is, bound to what the worker constructed. */
export function createActivities(deps: SendDeps) {
  return translateErrors({
    ...createBulkActivities(deps),
    ...createCampaignActivities(deps),
    ...createChatActivities(deps),
    ...createContactActivities(deps),
    ...createEffectActivities(deps),
    ...createJourneyActivities(deps),
    ...createMediaActivities(deps),
    ...createRehearsalActivities(deps),
    ...createRuleActivities(deps),
    ...createOccurrenceActivities(deps),
    ...createTransferActivities(deps),
    ...createWebhookActivities(deps),
  })
}

export type Activities = ReturnType<typeof createActivities>
