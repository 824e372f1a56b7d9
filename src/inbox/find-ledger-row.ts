import { refusedColumn } from '../consent/find-refused.ts'
import type { Em } from '../db/orm.ts'
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
 * The row, and what the contact refused: read after the lock on the conversation was granted. The statement that waited
 * for it sees other rows as they were before, so a STOP that came in the meantime would go unseen.
 */
export async function findLedgerRow(
  em: Em,
  input: { workspaceId: string; sendKey: string },
  contactId: string,
): Promise<{ row: LedgerRow | undefined; refused: Refused }> {
  const [found] = await em.execute<((LedgerRow | { id: null }) & { refused: Refused })[]>(
    `select m.id, m.state, m.attempt, m.epoch, m.reason_code, m.reason,
       extract(epoch from now() - m.inflight_at)::float8 * 1000 as age_ms, ${refusedColumn}
     from contacts c left join messages m on m.workspace_id = c.workspace_id and m.send_key = ?
     where c.id = ? and c.workspace_id = ?`,
    [input.sendKey, contactId, input.workspaceId],
  )
  if (!found) throw new AppError('not_found', `contact ${contactId} does not exist`)
  return { row: found.id === null ? undefined : found, refused: found.refused }
}
