import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'

/**
 * Usernames as WhatsApp tells them with a message. They change hands: who has one now takes it from whoever had it, and a
 * contact has one at a time. Nothing is written while they are as they were.
 */
export async function claimUsernames(
  em: Em,
  workspaceId: string,
  given: { contactId: string; username: string }[],
): Promise<void> {
  if (given.length === 0) return
  const byName = new Map(given.map((each) => [each.username, each]))
  const latest = new Map([...byName.values()].map((each) => [each.contactId, each]))
  const list = JSON.stringify([...latest.values()].map((each) => ({ ...each, id: newId() })))
  const wanted = `jsonb_to_recordset(?::jsonb) as n(id uuid, "contactId" uuid, username text)`
  const news = await em.execute<object[]>(
    `select 1 from ${wanted} where not exists (select 1 from identities i where i.workspace_id = ? and i.kind = 'username'
       and i.scope = '' and i.value = n.username and i.valid_to is null and i.contact_id = n."contactId") limit 1`,
    [list, workspaceId],
  )
  if (news.length === 0) return
  await em.execute(
    `update identities set valid_to = now() where id in (
       select i.id from ${wanted} join identities i on i.workspace_id = ? and i.kind = 'username' and i.scope = ''
         and i.value = n.username and i.valid_to is null where i.contact_id <> n."contactId"
       union all
       select i.id from ${wanted} join identities i on i.workspace_id = ? and i.contact_id = n."contactId"
         and i.kind = 'username' and i.valid_to is null where i.value <> n.username)`,
    [list, workspaceId, list, workspaceId],
  )
  await em.execute(
    `insert into identities (id, workspace_id, contact_id, kind, value, source)
     select n.id, ?, n."contactId", 'username', n.username, 'whatsapp webhook' from ${wanted} order by n.username
     on conflict do nothing`,
    [workspaceId, list],
  )
}
