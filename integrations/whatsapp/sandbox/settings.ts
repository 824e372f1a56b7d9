import { z } from 'zod'

/** How many people all numbers together may write to first in a day. */
export const messagingLimits = ['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'] as const

const delayMs = z.number().int().min(0)
const rate = z.number().min(0).max(1)

/** A business phone number that the sandbox answers for. */
const numberSchema = z.strictObject({
  phoneNumberId: z.string().regex(/^\d+$/, 'must be digits'),
  wabaId: z.string().regex(/^\d+$/, 'must be digits'),
  displayNumber: z.string().min(1),
  verifiedName: z.string().optional(),
  quality: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).optional(),
})
export type SandboxNumber = z.infer<typeof numberSchema>

const statusDelaysSchema = z.strictObject({
  sent: delayMs.nullable(),
  delivered: delayMs.nullable(),
  read: delayMs.nullable(),
})

/** Everything that `PUT /sandbox/settings` may change; null in a delay means that the status never comes. */
export const settingsSchema = z.strictObject({
  accessTokens: z.array(z.string().min(1)).min(1),
  numbers: z.array(numberSchema).min(1),
  graphVersions: z.array(z.string().regex(/^v\d+\.\d+$/)).nullable(),
  webhookUrl: z.url({ protocol: /^https?$/ }).nullable(),
  appSecret: z.string().min(1),
  verifyToken: z.string().nullable(),
  webhookBatchMs: delayMs,
  webhookConcurrency: z.number().int().min(1).max(64),
  webhookRetryMs: z.strictObject({ first: delayMs, max: delayMs }),
  webhookQueueLimit: z.number().int().min(1),
  duplicateRate: rate,
  reorder: z.boolean(),
  statusDelaysMs: statusDelaysSchema,
  messagesPerSecond: z.number().int().min(1).nullable(),
  pairLimit: z.boolean(),
  windowErrors: z.enum(['sync', 'async', 'off']),
  templateReviewMs: delayMs,
  templateVerdict: z.enum(['APPROVED', 'REJECTED']),
  ledgerLimit: z.number().int().min(1),
  messagingLimit: z.enum(messagingLimits),
})
export type Settings = z.infer<typeof settingsSchema>

const patchSchema = settingsSchema.partial().extend({
  statusDelaysMs: statusDelaysSchema.partial().optional(),
  webhookRetryMs: settingsSchema.shape.webhookRetryMs.partial().optional(),
})

const defaults = {
  graphVersions: null,
  webhookUrl: null,
  verifyToken: null,
  webhookBatchMs: 0,
  webhookConcurrency: 8,
  // Meta backs off over days; a demo that was down for a minute should not wait an hour for its messages.
  webhookRetryMs: { first: 500, max: 10_000 },
  webhookQueueLimit: 200_000,
  duplicateRate: 0,
  reorder: false,
  statusDelaysMs: { sent: 5, delivered: 20, read: null },
  messagesPerSecond: 80,
  pairLimit: true,
  windowErrors: 'sync',
  templateReviewMs: 300,
  templateVerdict: 'APPROVED',
  ledgerLimit: 500_000,
  messagingLimit: 'TIER_UNLIMITED',
} satisfies Partial<Settings>

export type SettingsHolder = ReturnType<typeof createSettings>

/** Holds the live settings; readers look at `current` each time, so that a change takes hold at once. */
export function createSettings(initial: Record<string, unknown>) {
  const listeners: (() => void)[] = []
  const given = Object.fromEntries(Object.entries(initial).filter(([, value]) => value !== undefined))
  const holder = {
    current: settingsSchema.parse({ ...defaults, ...given }),
    merge(patch: unknown) {
      const { statusDelaysMs, webhookRetryMs, ...rest } = patchSchema.parse(patch)
      const before = holder.current
      holder.current = settingsSchema.parse({
        ...before,
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
        statusDelaysMs: { ...before.statusDelaysMs, ...statusDelaysMs },
        webhookRetryMs: { ...before.webhookRetryMs, ...webhookRetryMs },
      })
      for (const listener of listeners) listener()
    },
    onChange(listener: () => void) {
      listeners.push(listener)
    },
    number(phoneNumberId: string) {
      return holder.current.numbers.find((number) => number.phoneNumberId === phoneNumberId)
    },
    /** The settings without their secrets: what a page may show. */
    visible() {
      const { appSecret: _secret, accessTokens: _tokens, verifyToken: _verify, ...rest } = holder.current
      return rest
    },
  }
  return holder
}
