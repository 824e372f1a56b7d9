import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'

interface Place {
  workspaceId: string
  conversationId: string
  userId: string
}
export interface Draft {
  content: JsonObject
  updatedAt: string
}

/** What somebody began to write into a chat: nobody else sees it. */
export async function getDraft(
  em: Em,
  { workspaceId, conversationId, userId }: Place,
): Promise<Draft | undefined> {
  const [draft] = await em.execute<Draft[]>(
    `select content, ${isoTime('updated_at')} as "updatedAt" from conversation_drafts
     where user_id = ? and conversation_id = ? and workspace_id = ?`,
    [userId, conversationId, workspaceId],
  )
  return draft
}

export async function keepDraft(
  em: Em,
  { workspaceId, conversationId, userId, content }: Place & { content: JsonObject },
): Promise<void> {
  await em.execute(
    `insert into conversation_drafts (user_id, conversation_id, workspace_id, content) values (?, ?, ?, ?::jsonb)
     on conflict (user_id, conversation_id) do update set content = excluded.content, updated_at = now()`,
    [userId, conversationId, workspaceId, JSON.stringify(content)],
  )
}

export async function dropDraft(em: Em, { workspaceId, conversationId, userId }: Place): Promise<void> {
  await em.execute(
    'delete from conversation_drafts where user_id = ? and conversation_id = ? and workspace_id = ?',
    [userId, conversationId, workspaceId],
  )
}
