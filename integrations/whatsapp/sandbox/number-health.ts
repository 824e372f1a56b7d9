import { z } from 'zod'
import { messagingLimits, type SandboxNumber, type SettingsHolder } from './settings.ts'
import type { Webhooks } from './webhooks.ts'

/** What a test or a demo says WhatsApp thinks of a number now. */
export const healthSchema = z.strictObject({
  quality: z.enum(['GREEN', 'RED']).optional(),
  messagingLimit: z.enum(messagingLimits).optional(),
})

const peopleOf = { TIER_250: 250, TIER_2K: 2_000, TIER_10K: 10_000, TIER_100K: 100_000, TIER_UNLIMITED: -1 }

/** Changes it and tells of it, as Meta does: the limit for the whole portfolio, the quality for the number. */
export function changeHealth(
  { settings, webhooks }: { settings: SettingsHolder; webhooks: Webhooks },
  number: SandboxNumber,
  { quality, messagingLimit }: z.infer<typeof healthSchema>,
): void {
  const { wabaId, displayNumber, phoneNumberId } = number
  const tell = (field: string, value: Record<string, unknown>) =>
    webhooks.push({ part: 'value', field, wabaId, value })
  if (messagingLimit) {
    settings.merge({ messagingLimit })
    const people = peopleOf[messagingLimit]
    tell('business_capability_update', {
      ...{ max_daily_conversations_per_business: people, max_daily_conversation_per_phone: people },
      ...{ max_phone_numbers_per_business: 20, max_phone_numbers_per_waba: 20 },
    })
  }
  if (!quality) return
  const numbers = settings.current.numbers.map((each) =>
    each.phoneNumberId === phoneNumberId ? { ...each, quality } : each,
  )
  settings.merge({ numbers })
  const limit = settings.current.messagingLimit
  tell('phone_number_quality_update', {
    ...{ display_phone_number: displayNumber, event: quality === 'RED' ? 'FLAGGED' : 'UNFLAGGED' },
    ...{ current_limit: limit, max_daily_conversations_per_business: limit },
  })
}
