import { isSpam } from '../conversations/is-spam.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'

/** The one conversation of a contact and a number; made when there is none yet, without opening an episode. */
export async function conversationOf(
  em: Em,
  { workspaceId, numberId, contactId }: { workspaceId: string; numberId: string; contactId: string },
): Promise<string> {
  const [row] = await em.execute<{ id: string }[]>(
    `insert into conversations (id, workspace_id, number_id, contact_id, spam)
     select ?, ?, ?, n.contact_id, ${isSpam('n')} from (values (?::uuid)) as n(contact_id)
     on conflict (number_id, contact_id) do update set number_id = excluded.number_id returning id`,
    [newId(), workspaceId, numberId, contactId],
  )
  return row?.id ?? ''
}
