import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { InboxSettings } from '../model/inbox-settings.ts'
import type { MessageContent } from '../model/message.ts'
import { satisfactionPayload } from '../model/satisfaction-tap.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { Ringing } from './do-timer.ts'
import { say } from './say.ts'

/** One question an episode. What cannot be asked (the 24 hours are over, the customer refused messages) has no row. */
export async function askSatisfaction(
  em: Em,
  { workspaceId, conversationId, chat, timer }: Ringing,
): Promise<OutboxRow[]> {
  const { satisfaction } = chat.settings
  const { contactId } = chat
  if (!satisfaction) return []
  const answerId = newId()
  const message = { content: question(satisfaction, answerId) }
  const place = { workspaceId, conversationId, contactId }
  const { messageId, outbox } = await say(em, {
    ...{ ...place, what: 'satisfaction', basis: timer.basis, message },
  })
  if (messageId === null) return outbox
  await em.execute(
    `insert into satisfaction_answers (id, workspace_id, conversation_id, episode_id, contact_id, user_id, asked_at,
       question_message_id)
     values (?, ?, ?, ?, ?, coalesce((select m.by_user_id from messages m where m.conversation_id = ? and m.by_user_id is not null
       order by m.id desc limit 1), ?::uuid), now(), ?) on conflict do nothing`,
    [
      ...[answerId, workspaceId, conversationId, timer.basis, contactId, conversationId],
      ...[chat.state.assignedUserId, messageId],
    ],
  )
  return outbox
}

function question(
  { question: text, button, scores }: NonNullable<InboxSettings['satisfaction']>,
  answerId: string,
): MessageContent {
  const rows = scores.map((title, at) => ({ id: satisfactionPayload({ answerId, score: at + 1 }), title }))
  return {
    type: 'interactive',
    interactive: {
      ...{ type: 'list', body: { text } },
      action: { button, sections: [{ rows: rows.toReversed() }] },
    },
  }
}
