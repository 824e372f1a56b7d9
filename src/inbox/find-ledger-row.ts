import { refusedColumn } from '../consent/find-refused.ts'
import type { Em } from '../db/orm.ts'
import { holdValues, isHolding } from '../holds/check-holds.ts'
import type { Refused } from '../model/consent.ts'
import { AppError } from '../model/errors.ts'

/** A message's row in the send ledger, as planning looks at it. */
export interface LedgerRow {
  id: string
  state: string
  attempt: number
  epoch: number
  age_ms: number
  reason_code: string | null
  reason: string | null
}

/**
 * The row, what the contact refused, and whether something may hold the run: read after the lock on the conversation was
 * granted. The statement that waited for it sees other rows as they were before, so a STOP or an agent that came in the
 * meantime would go unseen.
 */
export async function findLedgerRow(
  em: Em,
  input: { workspaceId: string; sendKey: string },
  run: Parameters<typeof holdValues>[0] & { contactId: string },
): Promise<{ row: LedgerRow | undefined; refused: Refused; isHeld: boolean }> {
  const [found] = await em.execute<((LedgerRow | { id: null }) & { refused: Refused; is_held: boolean })[]>(
    `select m.id, m.state, m.attempt, m.epoch, m.reason_code, m.reason,
       extract(epoch from now() - m.inflight_at)::float8 * 1000 as age_ms, ${refusedColumn},
       exists (select 1 from holds h where ${isHolding}) as is_held
     from contacts c left join messages m on m.workspace_id = c.workspace_id and m.send_key = ?
     where c.id = ? and c.workspace_id = ?`,
    [...holdValues(run), input.sendKey, run.contactId, input.workspaceId],
  )
  if (!found) throw new AppError('not_found', `contact ${run.contactId} does not exist`)
  const { refused, is_held: isHeld } = found
  return { row: found.id === null ? undefined : found, refused, isHeld }
}
