import type { Em } from '../db/orm.ts'

/** Last seen is right to so many seconds: a contact who writes in a burst is written down once. */
const precision = '10 seconds'

/**
 * Notes when contacts were last seen and holds their rows until the caller's transaction ends, so that a merge comes before
 * or after what the caller stores. Returns whom each is now: one that was merged a moment ago is the other.
 */
export async function touchContacts(
  em: Em,
  workspaceId: string,
  given: { contactId: string; seenAtMs: number }[],
): Promise<string[]> {
  const seen = new Map<string, number>()
  for (const { contactId, seenAtMs } of given)
    seen.set(contactId, Math.max(seen.get(contactId) ?? 0, seenAtMs))
  const rows = await em.execute<{ id: string; merged_into: string | null }[]>(
    `with n as materialized (
       select * from jsonb_to_recordset(?::jsonb) as n(id uuid, at_ms double precision)),
     held as materialized (
       select c.id, c.merged_into, c.last_seen_at from contacts c
       where c.workspace_id = ? and c.id in (select id from n) order by c.id for no key update),
     touched as (
       update contacts c set last_seen_at = to_timestamp(n.at_ms / 1000.0) from held join n on n.id = held.id
       where c.id = held.id and held.merged_into is null and n.at_ms > 0
         and (held.last_seen_at is null or held.last_seen_at < to_timestamp(n.at_ms / 1000.0) - interval '${precision}'))
     select id, merged_into from held where merged_into is not null`,
    [JSON.stringify([...seen].map(([id, atMs]) => ({ id, at_ms: atMs }))), workspaceId],
  )
  if (rows.length === 0) return given.map(({ contactId }) => contactId)
  const now = new Map(rows.map((row) => [row.id, row.merged_into ?? row.id]))
  return touchContacts(
    em,
    workspaceId,
    given.map((each) => ({ ...each, contactId: now.get(each.contactId) ?? each.contactId })),
  )
}
