import { z } from 'zod'
import { runVarsSchema } from '../model/run-vars.ts'

const vars = runVarsSchema.optional().meta({ description: 'variables to set before going on' })

/** What an engineer decides about a stuck run. */
export const resolutionSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('retry'), vars }),
    z.strictObject({ action: z.literal('skip'), outlet: z.string().min(1).max(200).optional(), vars }),
    z.strictObject({ action: z.literal('goto'), card: z.string().min(1).max(64), vars }),
    z.strictObject({
      action: z.literal('use-version'),
      versionId: z
        .uuid()
        .optional()
        .meta({ description: 'of the same journey; the published one when absent' }),
      card: z.string().min(1).max(64).optional().meta({ description: 'where it stands when absent' }),
      timing: z
        .enum(['keep-elapsed', 'restart'])
        .default('keep-elapsed')
        .meta({ description: '`restart`: its card begins anew, and what it sent is sent again' }),
      vars,
    }),
    z.strictObject({ action: z.literal('exit'), reason: z.string().min(1).max(500).optional(), vars }),
  ])
  .meta({ id: 'Resolution' })
export type GivenResolution = z.output<typeof resolutionSchema>
