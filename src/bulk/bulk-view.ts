import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'
import { bulkStates, canarySchema } from './bulk-schema.ts'
import type { BulkRow } from './find-bulk.ts'

export const bulkView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    selection: jsonObjectSchema,
    order: jsonObjectSchema,
    ratePerMinute: z.number().nullable(),
    spreadHours: z.number().nullable(),
    canary: canarySchema.extend({ passed: z.boolean() }).nullable(),
    state: z.enum(bulkStates).meta({ description: '`stopped`: too many of the canary failed' }),
    total: z.int().meta({ description: 'grows while the operation is pending' }),
    done: z.int(),
    skipped: z.int().meta({ description: 'nothing was to be done any more' }),
    failed: z.int(),
    reason: z.string().nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BulkOperation' })
export function toBulkView(row: BulkRow): z.input<typeof bulkView> {
  const { id, kind, order, ratePerMinute, spreadHours, canary, state, total, done, skipped, failed } = row
  const { reason, by, createdAt, endedAt } = row
  return {
    ...{ id, kind, order, ratePerMinute, spreadHours, state, total, done, skipped, failed, reason, by },
    ...{ createdAt, endedAt, selection: { ...row.selection } },
    canary: canary && { ...canary, passed: row.canaryPassedAt !== null },
  }
}
