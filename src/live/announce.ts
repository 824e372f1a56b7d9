import type { Em } from '../db/orm.ts'

/**
 * What happened in the inbox, in ids: open screens are told at once, whoever is called back in turn. A reader looks up what
 * stands behind the ids, and only where it may.
 */
export type InboxEvent =
  | { kind: 'message.received'; conversationId: string; data: { messageId: string } }
  /** Shown in the chat from now on, whatever becomes of it. */
  | { kind: 'message.sent'; conversationId: string; data: { messageId: string } }
  /** A status, an edit, a deletion, a reaction, or its file has come. */
  | { kind: 'message.changed'; conversationId: string; data: { messageId: string; what: string } }
  /** @param what names of what is different: `status`, `priority`, `spam`, `contact` … */
  | { kind: 'conversation.changed'; conversationId: string; data: { what: string[] } }
  | { kind: 'conversation.assigned'; conversationId: string; data: { eventId: string } }
  | { kind: 'conversation.tagged'; conversationId: string; data: { eventId: string } }
  | { kind: 'message.tagged'; conversationId: string; data: { eventId: string; messageId: string } }
  | { kind: 'note.changed'; conversationId: string; data: { noteId: string } }
  /** Of one user: no other one hears it. */
  | { kind: 'chat.read'; conversationId: string; data: { userId: string } }
  | { kind: 'notification.created'; conversationId: string | null; data: { userId: string; id: string } }
  | { kind: 'user.changed'; conversationId: null; data: { userId: string } }

/** Writes events down in the caller's transaction: nobody hears of what was rolled back. */
export async function announce(em: Em, workspaceId: string, events: InboxEvent[]): Promise<void> {
  if (events.length === 0) return
  await em.execute(
    `insert into live_events (workspace_id, kind, conversation_id, data)
     select ?, e.kind, e.conversation_id, e.data
     from jsonb_to_recordset(?::jsonb) as e(at int, kind text, conversation_id uuid, data jsonb) order by e.at`,
    [
      workspaceId,
      JSON.stringify(
        events.map(({ kind, conversationId, data }, at) => ({
          ...{ at, kind, conversation_id: conversationId, data },
        })),
      ),
    ],
  )
}
