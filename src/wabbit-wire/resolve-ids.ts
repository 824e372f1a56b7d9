import { z } from 'zod'
import type { Em } from '../db/orm.ts'

/**
 * The message that the wire names so: by WhatsApp's id, or by ours before WhatsApp gave one.
 * @param numberId of this number only; of any of the workspace when absent
 */
export async function findWireMessage(
  em: Em,
  { workspaceId, numberId = null, id }: { workspaceId: string; numberId?: string | null; id: string },
): Promise<{ id: string; conversationId: string } | undefined> {
  const uuid = z.uuid().safeParse(id).success ? id : null
  const [row] = await em.execute<{ id: string; conversationId: string }[]>(
    `select m.id, m.conversation_id as "conversationId" from messages m
     where m.workspace_id = ? and (m.id = ?::uuid or m.number_id in (select p.id from phone_numbers p
       where p.workspace_id = ?) and m.wamid = ?) and (?::uuid is null or m.number_id = ?) limit 1`,
    [workspaceId, uuid, workspaceId, id, numberId, numberId],
  )
  return row
}

/**
 * The conversation of a number with the customer that the wire names so: by phone, by WhatsApp's user id, or by ours.
 */
export async function findWireChat(
  em: Em,
  { workspaceId, numberId, waId }: { workspaceId: string; numberId: string; waId: string },
): Promise<{ id: string; contactId: string } | undefined> {
  const uuid = z.uuid().safeParse(waId).success ? waId : null
  const [row] = await em.execute<{ id: string; contactId: string }[]>(
    `select v.id, v.contact_id as "contactId" from conversations v
     where v.workspace_id = ? and v.number_id = ? and v.merged_into is null and v.contact_id in (
       select coalesce(c.merged_into, c.id) from identities i join contacts c on c.id = i.contact_id
         where i.workspace_id = ? and i.kind in ('wa_id', 'bsuid') and i.value = ? and i.valid_to is null
       union select coalesce(c.merged_into, c.id) from contacts c where c.workspace_id = ? and c.id = ?::uuid)
     limit 1`,
    [workspaceId, numberId, workspaceId, waId.replace(/^\+/, ''), workspaceId, uuid],
  )
  return row
}
