import { createHash } from 'node:crypto'
import type { InboundOther } from '../../integrations/whatsapp/webhook.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'

/** Keeps what is neither message nor status, whole; the same content is one row. */
export async function storeOthers(em: Em, workspaceId: string, others: InboundOther[]): Promise<void> {
  if (others.length === 0) return
  const rows = others.map(({ field, raw, atMs, problem }) => ({
    id: newId(),
    field,
    raw,
    error: problem ?? null,
    dedupe_key: createHash('sha256')
      // The same words at another time are another event: a template may be approved twice.
      .update(`${workspaceId}\n${field}\n${atMs ?? ''}\n${JSON.stringify(raw)}`)
      .digest('hex'),
  }))
  await em.execute(
    `insert into inbound_items (id, workspace_id, field, dedupe_key, raw, error)
     select n.id, ?, n.field, n.dedupe_key, n.raw, n.error
     from jsonb_to_recordset(?::jsonb) as n(id uuid, field text, dedupe_key text, raw jsonb, error text)
     order by n.dedupe_key on conflict do nothing`,
    [workspaceId, JSON.stringify(rows)],
  )
}
