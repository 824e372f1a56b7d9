import { z } from 'zod'
import { joined, sql, type Fragment } from '../segments/fragment.ts'
import { planSchema } from './plan.ts'

/** What a bulk operation of the kind `migrate` does to each of its runs. */
export const migrationOrderSchema = z.discriminatedUnion('direction', [
  z.strictObject({
    direction: z.literal('forth'),
    journeyId: z.uuid(),
    fromVersionIds: z.array(z.uuid()).min(1),
    toVersionId: z.uuid(),
    plan: planSchema,
    /** Cards whose people the plan leaves alone. */
    staying: z.array(z.strictObject({ versionId: z.uuid(), card: z.string() })),
  }),
  z.strictObject({
    direction: z.literal('back'),
    journeyId: z.uuid(),
    /** The migration whose runs go back to where it found them. */
    migrationId: z.uuid(),
  }),
])
export type MigrationOrder = z.output<typeof migrationOrderSchema>

/** Of the runs of the journey, `r`, those that the order is for. */
export function selectMovable(order: MigrationOrder): Fragment {
  if (order.direction === 'back')
    return sql`(exists (select 1 from migrated_runs m where m.migration_id = ${order.migrationId} and m.run_id = r.id)
      or exists (select 1 from bulk_items b where b.operation_id = ${order.migrationId} and b.item_id = r.id and b.state = 'done'))`
  const staying = JSON.stringify(order.staying)
  return joined(
    [
      sql`r.version_id in (select jsonb_array_elements_text(${JSON.stringify(order.fromVersionIds)}::jsonb)::uuid)`,
      sql`not exists (select 1 from jsonb_to_recordset(${staying}::jsonb) s("versionId" uuid, card text)
        where s."versionId" = r.version_id and s.card = coalesce(r.at_card, r.card_id))`,
    ],
    ' and ',
  )
}
