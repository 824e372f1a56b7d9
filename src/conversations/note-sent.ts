import type { Em } from '../db/orm.ts'
import { pairIntervalMs } from '../inbox/pair-pace.ts'

/**
 * A message is on its way: the pair's pace, and how the chat stands. Nobody waits for an answer any more, and the chat comes
 * up; a campaign's blast does neither.
 */
export async function noteSent(
  em: Em,
  sent: {
    workspaceId: string
    conversationId: string
    messageId: string
    /** We write first: the 24-hour window is closed. */
    initiates: boolean
    isCampaign: boolean
    /** A reaction is none: no list shows it, and whoever waits for an answer still does. */
    isWord: boolean
  },
): Promise<void> {
  const { workspaceId, conversationId, messageId, initiates, isCampaign, isWord } = sent
  const isSilent = isCampaign || !isWord
  await em.execute(
    `update conversations set pair_free_at = greatest(pair_free_at, now()) + interval '${pairIntervalMs} ms',
       last_message_at = now(), initiated_at = case when ? then now() else initiated_at end,
       campaigned_at = case when ? then now() else campaigned_at end,
       active_at = case when ? then active_at else now() end,
       last_message_id = case when ? then last_message_id else greatest(last_message_id, ?::uuid) end,
       waiting_since = case when ? then waiting_since end
     where id = ? and workspace_id = ?`,
    [initiates, isCampaign, ...[isSilent, isSilent], messageId, isSilent, conversationId, workspaceId],
  )
}

/** The same of what somebody typed on the phone. */
export async function noteEchoes(
  em: Em,
  workspaceId: string,
  echoes: { id: string; conversationId: string }[],
): Promise<void> {
  if (echoes.length === 0) return
  await em.execute(
    `update conversations v set active_at = now(), waiting_since = null,
       last_message_id = greatest(v.last_message_id, n.message_id)
     from (select conversation_id, max(message_id::text)::uuid as message_id
       from jsonb_to_recordset(?::jsonb) as r(conversation_id uuid, message_id uuid) group by conversation_id) n
     where v.id = n.conversation_id and v.workspace_id = ?`,
    [
      JSON.stringify(
        echoes.map(({ id, conversationId }) => ({ conversation_id: conversationId, message_id: id })),
      ),
      workspaceId,
    ],
  )
}
