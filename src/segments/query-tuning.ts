import type { Em } from '../db/orm.ts'

/**
 * For one query over all contacts of a workspace, in the caller's transaction: room for hash tables of a million contacts,
 * and no compiling of expressions, which takes longer than it saves. Nor nested loops: PostgreSQL cannot guess how many
 * contacts such conditions leave over, takes it for one, and would go through all events' contacts for each of thousands.
 * @param timeoutMs 0 for as long as it takes.
 */
export async function tuneForManyContacts(em: Em, timeoutMs: number): Promise<void> {
  await em.execute(
    `select set_config('work_mem', '128MB', true), set_config('jit', 'off', true),
       set_config('enable_nestloop', 'off', true), set_config('statement_timeout', ?, true)`,
    [String(timeoutMs)],
  )
}
