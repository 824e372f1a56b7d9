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
  | { kind: 'message.changed'; conversationId: string; data: MessageChange }
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

interface MessageChange {
  messageId: string
  what: string
  /** The one that it has now. */
  status?: string
}

/** Writes events down in the caller's transaction: nobody hears of what was rolled back. */
export async function announce(em: Em, workspaceId: string, events: InboxEvent[]): Promise<void> {
  if (events.length === 0) return
  await em.execute(
    `with ${announcing(
      `select ?::uuid as workspace_id, e.at, e.kind, e.conversation_id, e.data
       from jsonb_to_recordset(?::jsonb) as e(at int, kind text, conversation_id uuid, data jsonb)`,
    )} select count(*) from announced`,
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

/**
 * Parts of a statement (after `with`) that announce what another part of it says, and write down what is owed to the endpoints
 * that want to hear of it.
 * @param said a query of workspace_id, at (the order), kind, conversation_id and data.
 */
export function announcing(said: string): string {
  return `announced as (
    insert into live_events (workspace_id, kind, conversation_id, data)
    select s.workspace_id, s.kind, s.conversation_id, s.data from (${said}) as s order by s.at
    returning seq, workspace_id, conversation_id, data,
      case when kind = 'message.changed' and data ->> 'what' = 'status' then 'message.status' else kind end as public_kind),
  owed as (
    insert into webhook_deliveries (workspace_id, endpoint_id, event_seq, kind, conversation_id, data)
    select a.workspace_id, w.id, a.seq, a.public_kind, a.conversation_id, a.data from announced a
    join webhook_endpoints w on w.workspace_id = a.workspace_id and w.disabled_at is null and a.public_kind = any (w.kinds)
      and (w.number_id is null
        or w.number_id = (select v.number_id from conversations v where v.id = a.conversation_id)))`
}
