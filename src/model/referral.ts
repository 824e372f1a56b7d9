import type { JsonObject } from './json.ts'

/** Fields of a click-to-WhatsApp referral, as the Cloud API names them. */
const fields = [
  'source_id',
  'source_type',
  'source_url',
  'headline',
  'body',
  'media_type',
  'image_url',
  'video_url',
  'thumbnail_url',
  'ctwa_clid',
] as const

/** It travels in variables: a history holds short values. */
const maximumLength = 1_000

/** The ad or post that brought a customer, out of the message as it came; undefined when none did. */
export function readReferral(message: Record<string, unknown>): JsonObject | undefined {
  const { referral } = message
  if (typeof referral !== 'object' || referral === null) return undefined
  const told = referral as Record<string, unknown>
  const known = fields.flatMap((name) => {
    const value = told[name]
    return typeof value === 'string' && value !== '' ? [[name, value.slice(0, maximumLength)] as const] : []
  })
  return known.length > 0 ? Object.fromEntries(known) : undefined
}
