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
    /** Not so of what a chat says by itself: the customer waits on. */
    answers: boolean
  },
): Promise<void> {
  const { workspaceId, conversationId, messageId, initiates, isCampaign, isWord, answers } = sent
  const isSilent = isCampaign || !isWord
  const isAnswer = !isSilent && answers
  await em.execute(
    `with before as (select id, waiting_since from conversations where id = ? and workspace_id = ?),
     answered as (
       update conversation_episodes e set first_response_at = now(), first_response_by = (
         select case when m.by_user_id is not null then 'user ' || m.by_user_id when m.run_id is not null then 'a journey'
           else 'an API' end from messages m where m.id = ?)
       from before where ? and e.conversation_id = before.id and e.closed_at is null and e.first_response_at is null
         and before.waiting_since is not null)
     update conversations set pair_free_at = greatest(pair_free_at, now()) + interval '${pairIntervalMs} ms',
       last_message_at = now(), initiated_at = case when ? then now() else initiated_at end,
       campaigned_at = case when ? then now() else campaigned_at end,
       active_at = case when ? then active_at else now() end,
       last_message_id = case when ? then last_message_id else greatest(last_message_id, ?::uuid) end,
       waiting_since = case when ? then null else waiting_since end
     where id = ? and workspace_id = ?`,
    [
      ...[conversationId, workspaceId, messageId, isAnswer, initiates, isCampaign],
      ...[isSilent, isSilent, messageId, isAnswer, conversationId, workspaceId],
    ],
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
    `with n as (
       select conversation_id, max(message_id::text)::uuid as message_id
       from jsonb_to_recordset(?::jsonb) as r(conversation_id uuid, message_id uuid) group by conversation_id),
     answered as (
       update conversation_episodes e set first_response_at = now(), first_response_by = 'the phone'
       from n join conversations w on w.id = n.conversation_id and w.waiting_since is not null
       where e.conversation_id = n.conversation_id and e.closed_at is null and e.first_response_at is null)
     update conversations v set active_at = now(), waiting_since = null,
       last_message_id = greatest(v.last_message_id, n.message_id)
     from n where v.id = n.conversation_id and v.workspace_id = ?`,
    [
      JSON.stringify(
        echoes.map(({ id, conversationId }) => ({ conversation_id: conversationId, message_id: id })),
      ),
      workspaceId,
    ],
  )
}
