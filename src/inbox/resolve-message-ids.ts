import { z } from 'zod'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { MessageContent } from '../model/message.ts'

/** A message as WhatsApp takes it, with the one it replies or reacts to by its wamid, however it was named. */
export interface Addressed {
  content: MessageContent
  contextWamid: string | null
  targetWamid: string | null
}

/** A reply or a reaction may name a message by our id: then it must be one of this conversation that WhatsApp knows. */
export async function resolveMessageIds(
  em: Em,
  { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
  content: MessageContent,
): Promise<Addressed> {
  const find = (name: string, field: string) =>
    wamidOf(em, { workspaceId, conversationId }, name, `content.${field}.message_id`)
  if (content.type === 'reaction') {
    const targetWamid = await find(content.reaction.message_id, 'reaction')
    const reaction = { ...content.reaction, message_id: targetWamid }
    return { content: { ...content, reaction }, contextWamid: null, targetWamid }
  }
  if (!content.context) return { content, contextWamid: null, targetWamid: null }
  const contextWamid = await find(content.context.message_id, 'context')
  return { content: { ...content, context: { message_id: contextWamid } }, contextWamid, targetWamid: null }
}

async function wamidOf(
  em: Em,
  place: { workspaceId: string; conversationId: string },
  name: string,
  field: string,
): Promise<string> {
  if (!z.uuid().safeParse(name).success) return name
  const [row] = await em.execute<{ wamid: string | null; deleted: boolean }[]>(
    `select wamid, deleted_at is not null as deleted from messages where id = ? and workspace_id = ? and conversation_id = ?`,
    [name, place.workspaceId, place.conversationId],
  )
  if (!row) throw refuse(field, `there is no message ${name} in this conversation`)
  if (row.deleted) throw refuse(field, 'this message was deleted')
  if (!row.wamid) throw refuse(field, 'WhatsApp does not have this message')
  return row.wamid
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field, message }] })
}
