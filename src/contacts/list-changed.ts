import { exactTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { listDetails, type ContactDetail } from './find-contacts.ts'

/** A contact and when, to the microsecond: what a cursor is made of. */
export type ChangedContact = ContactDetail & { at: string }

/**
 * Contacts by when they were created or last changed, the oldest first: one that changes while its pages are read comes
 * again at the end, and none is missed.
 */
export async function listChanged(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    by: 'created' | 'updated'
    /** At this time or later. */
    from?: string | undefined
    /** Before this time. */
    to?: string | undefined
    after?: { at: string; id: string } | undefined
    limit: number
  },
): Promise<ChangedContact[]> {
  const { workspaceId, from = null, to = null, after, limit } = input
  const column = input.by === 'created' ? 'c.created_at' : 'c.updated_at'
  const em = forkFor(deps.orm, workspaceId)
  const rows = await em.execute<{ id: string; at: string }[]>(
    `select c.id, ${exactTime(column)} as at from contacts c where c.workspace_id = ? and c.merged_into is null
       and ${column} >= coalesce(?::timestamptz, '-infinity') and ${column} < coalesce(?::timestamptz, 'infinity')
       and (${column}, c.id) > (coalesce(?::timestamptz, '-infinity'), coalesce(?::uuid, '00000000-0000-0000-0000-000000000000'))
     order by ${column}, c.id limit ?`,
    [workspaceId, from, to, after?.at ?? null, after?.id ?? null, limit],
  )
  const details = await listDetails(
    em,
    workspaceId,
    rows.map(({ id }) => id),
  )
  const byId = new Map(details.map((detail) => [detail.id, detail]))
  return rows.flatMap(({ id, at }) => {
    const detail = byId.get(id)
    return detail ? [{ ...detail, at }] : []
  })
}
