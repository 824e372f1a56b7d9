import type { Em } from '../../db/orm.ts'
import type { Judged } from './judge-candidates.ts'
import type { Lane } from './lane.ts'
import { campaignSendKey } from './load-candidates.ts'

/** Others who want to write to the same people know who waits, and until when. Nothing to do where nobody asked the arbiter. */
export async function keepArbiterWaits(em: Em, lane: Lane, judged: Judged[]): Promise<void> {
  const { workspaceId, runId, definition, factId } = lane
  const waits = judged.flatMap(({ candidate, category, verdict }) => {
    if (verdict.kind !== 'wait' || verdict.expiresAtMs === undefined) return []
    const { untilMs: until_ms, expiresAtMs: expires_ms, code, reason } = verdict
    const send_key = campaignSendKey(runId, candidate.recipient_id, 1)
    return [{ send_key, contact_id: candidate.contact_id, category, code, reason, until_ms, expires_ms }]
  })
  const over = judged
    .filter(({ candidate, verdict }) => candidate.seq === null && verdict.kind !== 'wait')
    .map(({ candidate }) => campaignSendKey(runId, candidate.recipient_id, 1))
  if (over.length > 0)
    await em.execute(
      `delete from arbiter_waits where workspace_id = ? and send_key in (select jsonb_array_elements_text(?::jsonb))`,
      [workspaceId, JSON.stringify(over)],
    )
  if (waits.length === 0) return
  await em.execute(
    `insert into arbiter_waits (workspace_id, send_key, contact_id, category, priority, code, reason, until, expires_at, fact_id)
     select ?, n.send_key, n.contact_id, n.category, ?, n.code, n.reason, to_timestamp(n.until_ms / 1000.0),
       to_timestamp(n.expires_ms / 1000.0), ?
     from jsonb_to_recordset(?::jsonb) as n(send_key text, contact_id uuid, category text, code text, reason text,
       until_ms float8, expires_ms float8) order by n.send_key
     on conflict (workspace_id, send_key) do update set code = excluded.code, reason = excluded.reason, until = excluded.until`,
    [workspaceId, definition.priority, factId, JSON.stringify(waits)],
  )
}
