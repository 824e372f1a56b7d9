import { z } from 'zod'
import type { HoldRow } from './find-holds.ts'

export const holdView = z
  .object({
    id: z.uuid(),
    scope: z.enum(['workspace', 'number', 'journey', 'contact', 'run']),
    scopeId: z.uuid(),
    kind: z.enum(['pause', 'stop', 'agent']),
    timers: z
      .enum(['freeze', 'run'])
      .meta({ description: 'frozen ones have as much left after it as before' }),
    entrants: z.enum(['enter', 'queue', 'drop']),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: z.iso.datetime(),
    releasedAt: z.iso.datetime().nullable(),
    releasedBy: z.string().nullable(),
  })
  .meta({ id: 'Hold' }) satisfies z.ZodType<HoldRow>
