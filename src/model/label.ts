import { z } from 'zod'

/** An index holds no longer words than this. */
const maximumBytes = 2_500

/** What a conversation is labelled with. */
export const labelSchema = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .refine((label) => byteLength(label) <= maximumBytes, { message: `has more than ${maximumBytes} bytes` })

/** In UTF-8. */
function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
