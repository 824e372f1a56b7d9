import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'

/**
 * A customer moved to another phone number: the old claim ends, the new one begins, the person stays.
 * When somebody else holds the new number already, that claim stands: people are merged by hand, never by a webhook.
 */
export async function changeNumber(
  em: Em,
  workspaceId: string,
  contactId: string,
  newWaId: string,
): Promise<'changed' | 'held by another contact'> {
  const inserted = await em.execute<{ id: string }[]>(
    `insert into identities (id, workspace_id, contact_id, kind, value, source)
     values (?, ?, ?, 'wa_id', ?, 'number change') on conflict do nothing returning id`,
    [newId(), workspaceId, contactId, newWaId],
  )
  if (inserted.length === 0) return 'held by another contact'
  await em.execute(
    `update identities set valid_to = now()
     where contact_id = ? and kind = 'wa_id' and value <> ? and valid_to is null`,
    [contactId, newWaId],
  )
  return 'changed'
}
