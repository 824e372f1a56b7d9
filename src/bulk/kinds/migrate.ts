import { migrateRun } from '../../live-edits/migrate-run.ts'
import { migrationOrderSchema, selectMovable } from '../../live-edits/migration-order.ts'
import { defineBulkKind } from '../bulk-kind.ts'

/** Moves runs to another version of their journey, or back: ordered by a plan, which is checked before. */
export const migrate = defineBulkKind({
  order: migrationOrderSchema,
  states: ['running', 'waiting', 'stuck', 'paused'],
  isDirect: false,
  fits: selectMovable,
  act: migrateRun,
})
