import { createHash } from 'node:crypto'
import type { InboundOther } from '../../integrations/whatsapp/webhook.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'

/**
 * Webhooks of the field `flows`: a change of status, and alerts about error rates, latency and availability of an endpoint.
 * Each is kept once beside its Flow; the newest status stands on the Flow, in whatever order they come: of one second the
 * one that follows from what stands. About a Flow that is not here nothing is known:
 * the raw item is kept all the same.
 */
export async function receiveFlowNotices(em: Em, workspaceId: string, others: InboundOther[]): Promise<void> {
  const notices = others.flatMap((other) => (other.field === 'flows' ? toNotice(other) : []))
  if (notices.length === 0) return
  await em.execute(
    `with given as (
       select * from jsonb_to_recordset(?::jsonb) as n(id uuid, flow text, event text, status text, data jsonb,
         dedupe_key text, at timestamptz)),
     kept as (
       insert into flow_notices (id, workspace_id, flow_id, event, data, at, dedupe_key)
       select n.id, ?, f.id, n.event, n.data, coalesce(n.at, now()), n.dedupe_key
       from given n join flows f on f.workspace_id = ? and f.meta_id = n.flow
       on conflict (dedupe_key) do nothing returning id, flow_id)
     update flows f set status = n.status, status_at = coalesce(n.at, now()), updated_at = now()
     from kept k join given n on n.id = k.id
     where f.id = k.flow_id and n.status is not null and (coalesce(n.at, now()) > f.status_at
       or n.at = f.status_at and n.data ->> 'old_status' = f.status)`,
    [JSON.stringify(notices), workspaceId, workspaceId],
  )
}

const statusChange = 'FLOW_STATUS_CHANGE'

function toNotice({ raw, field, atMs }: InboundOther) {
  const value = (raw['value'] ?? {}) as Record<string, unknown>
  const { flow_id: flow, event, new_status: status } = value
  if (typeof flow !== 'string' || typeof event !== 'string') return []
  const dedupe_key = createHash('sha256')
    .update(`${field}\n${atMs ?? ''}\n${JSON.stringify(raw)}`)
    .digest('hex')
  const at = atMs === undefined ? null : new Date(atMs).toISOString()
  const isStatus = event === statusChange && typeof status === 'string'
  return [{ id: newId(), flow, event, status: isStatus ? status : null, data: value, dedupe_key, at }]
}
