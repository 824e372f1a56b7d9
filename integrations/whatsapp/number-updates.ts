import { z } from 'zod'
import type { InboundOther } from './webhook.ts'

/** What WhatsApp tells of a number, its account or its portfolio. A limit of null is none. */
export type NumberUpdate = { atMs: number } & (
  | { kind: 'limit'; limit: number | null }
  | { kind: 'throughput'; displayNumber: string; level: string }
  | { kind: 'quality'; displayNumber: string; quality: string }
  | { kind: 'restricted'; types: string[]; untilMs: number | null }
  | { kind: 'reinstated' }
)

const text = z.string().nullish()
const limitSchema = z.union([z.number(), z.string()]).nullish()
const valueSchema = z.object({
  display_phone_number: z.union([z.string(), z.number()]).transform(String).nullish(),
  event: text,
  current_limit: limitSchema,
  max_daily_conversations_per_business: limitSchema,
  max_daily_conversation_per_phone: limitSchema,
  restriction_info: z
    .array(
      z.object({ restriction_type: z.string(), expiration: z.union([z.string(), z.number()]).nullish() }),
    )
    .nullish(),
  ban_info: z.object({ waba_ban_state: z.union([z.string(), z.array(z.string())]).nullish() }).nullish(),
})
type Value = z.infer<typeof valueSchema>
type Told = NumberUpdate extends infer U ? (U extends NumberUpdate ? Omit<U, 'atMs'> : never) : never

const tiers: Record<string, number> = {
  ...{ TIER_50: 50, TIER_250: 250, TIER_1K: 1_000, TIER_2K: 2_000 },
  ...{ TIER_10K: 10_000, TIER_100K: 100_000 },
}

/** How many people a day, from a tier's name or a number; null is without limit, undefined is not told. */
export function readLimit(told: string | number | null | undefined): number | null | undefined {
  if (told === 'TIER_UNLIMITED' || Number(told) === -1) return null
  if (typeof told === 'string' && Object.hasOwn(tiers, told)) return tiers[told]
  const number = Number(told ?? Number.NaN)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

function limitOf(told: string | number | null | undefined): Told[] {
  const limit = readLimit(told)
  return limit === undefined ? [] : [{ kind: 'limit', limit }]
}

/** Words for a number whose messages people block and report, and for one that has recovered. */
const qualities: Record<string, string> = { FLAGGED: 'RED', UNFLAGGED: 'GREEN' }

const readers: Record<string, (value: Value) => Told[]> = {
  phone_number_quality_update(value) {
    const displayNumber = value.display_phone_number ?? ''
    const event = value.event ?? ''
    const quality = qualities[event]
    return [
      ...limitOf(value.max_daily_conversations_per_business ?? value.current_limit),
      ...(event === 'THROUGHPUT_UPGRADE'
        ? [{ kind: 'throughput' as const, displayNumber, level: 'HIGH' }]
        : []),
      ...(quality ? [{ kind: 'quality' as const, displayNumber, quality }] : []),
    ]
  },
  business_capability_update: (value) =>
    limitOf(value.max_daily_conversations_per_business ?? value.max_daily_conversation_per_phone),
  account_update({ event, restriction_info, ban_info }) {
    const states = [ban_info?.waba_ban_state ?? []].flat()
    if (event === 'ACCOUNT_RESTRICTION')
      return [restricted(restriction_info ?? [])].flatMap((each) => each ?? [])
    if (event !== 'DISABLED_UPDATE') return []
    if (states.includes('REINSTATE')) return [{ kind: 'reinstated' }]
    return states.includes('DISABLE') ? [{ kind: 'restricted', types: ['DISABLED'], untilMs: null }] : []
  },
}

/** Restrictions of other things, such as adding numbers, keep no message back. */
const messaging = /MESSAG/

function restricted(info: NonNullable<Value['restriction_info']>): Told | undefined {
  const ours = info.filter(({ restriction_type }) => messaging.test(restriction_type))
  if (ours.length === 0) return undefined
  const ends = ours.map(({ expiration }) => endOf(expiration))
  const types = ours.map(({ restriction_type }) => restriction_type)
  return { kind: 'restricted', types, untilMs: ends.includes(null) ? null : Math.max(...ends.map(Number)) }
}

/** Unix seconds or a time in words. */
function endOf(told: string | number | null | undefined): number | null {
  const seconds = Number(told ?? Number.NaN)
  const ms = seconds > 0 ? seconds * 1_000 : Date.parse(String(told))
  return Number.isFinite(ms) && ms < 4_102_444_800_000 ? ms : null
}

/** @param nowMs stands in for a time that Meta did not give */
export function readNumberUpdates(
  { field, raw, atMs, problem }: InboundOther,
  nowMs: number,
): NumberUpdate[] {
  const reader = Object.hasOwn(readers, field) ? readers[field] : undefined
  const { data: value } = valueSchema.safeParse(raw['value'])
  if (!reader || !value || problem !== undefined) return []
  return reader(value).map((told) => ({ ...told, atMs: atMs ?? nowMs }))
}
