import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'

const vars = jsonObjectSchema.optional().meta({ description: 'variables to set before going on' })

/** What an engineer decides about a stuck run. */
export const resolutionSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('retry'), vars }),
    z.strictObject({ action: z.literal('skip'), outlet: z.string().min(1).max(200).optional(), vars }),
    z.strictObject({ action: z.literal('goto'), card: z.string().min(1).max(64), vars }),
    z.strictObject({ action: z.literal('exit'), reason: z.string().min(1).max(500).optional(), vars }),
  ])
  .meta({ id: 'Resolution' })
