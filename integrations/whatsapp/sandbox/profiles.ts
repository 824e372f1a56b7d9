import { z } from 'zod'
import { unknownObject } from './graph-errors.ts'
import type { Journal } from './journal.ts'
import { chars, link, parseInput } from './shape-parts.ts'
import type { SettingsHolder } from './settings.ts'

const profileSchema = z.object({
  about: chars(139).optional(),
  address: chars(256, 0).optional(),
  description: chars(512, 0).optional(),
  email: z.union([z.literal(''), z.email().max(128)]).optional(),
  websites: z.array(link.max(256)).max(2).optional(),
  vertical: z.string().max(64).optional(),
  profile_picture_handle: z.string().optional(),
})
type Profile = z.infer<typeof profileSchema>
export type Profiles = ReturnType<typeof createProfiles>

/** The business profile of each number. */
export function createProfiles({ journal }: { journal: Journal }) {
  const byNumber = new Map<string, Profile>()
  return {
    read(phoneNumberId: string, fields: string | null) {
      const profile = { about: 'Hey there! I am using WhatsApp.', ...byNumber.get(phoneNumberId) }
      const names = fields ? fields.split(',') : ['about']
      const shown = Object.fromEntries(Object.entries(profile).filter(([name]) => names.includes(name)))
      return { ...shown, messaging_product: 'whatsapp' }
    },
    update(phoneNumberId: string, input: unknown) {
      const { profile_picture_handle: _handle, ...change } = parseInput(profileSchema, input)
      const profile = { ...byNumber.get(phoneNumberId), ...change }
      byNumber.set(phoneNumberId, profile)
      journal.append({ kind: 'profile', phoneNumberId, profile })
    },
    restore: (phoneNumberId: string, profile: Profile) => byNumber.set(phoneNumberId, profile),
    all: () => [...byNumber].map(([phoneNumberId, profile]) => ({ phoneNumberId, profile })),
  }
}

/** What `GET /{phone_number_id}` knows; without `fields` Meta's defaults. */
export function numberFields(settings: SettingsHolder, phoneNumberId: string, fields: string | null) {
  const number = settings.number(phoneNumberId)
  if (!number) throw unknownObject(phoneNumberId)
  const fast = (settings.current.messagesPerSecond ?? 1_000) > 80
  const all: Record<string, unknown> = {
    verified_name: number.verifiedName ?? 'Sandbox',
    display_phone_number: number.displayNumber,
    quality_rating: number.quality ?? 'GREEN',
    throughput: { level: fast ? 'HIGH' : 'STANDARD' },
    code_verification_status: 'VERIFIED',
    platform_type: 'CLOUD_API',
    webhook_configuration: { application: settings.current.webhookUrl ?? '' },
    status: 'CONNECTED',
    name_status: 'APPROVED',
    whatsapp_business_manager_messaging_limit: settings.current.messagingLimit,
    messaging_limit_tier: settings.current.messagingLimit,
    is_official_business_account: false,
    account_mode: 'SANDBOX',
  }
  const defaults = Object.keys(all).slice(0, 7)
  const names = fields ? fields.split(',').map((name) => name.replace(/[{(].*/, '').trim()) : defaults
  return {
    ...Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]])),
    id: phoneNumberId,
  }
}
