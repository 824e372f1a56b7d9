import { recordFacts } from '../analytics/facts.ts'
import { getBlock } from '../blocks/find-blocks.ts'
import { notify } from '../conversations/notify.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { planFromInbox } from '../inbox/send-from-inbox.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockChat } from '../takeover/active-takeover.ts'

interface ScheduledRow {
  id: string
  conversation_id: string
  contact_id: string
  what: { blockId: string } | { content: MessageContent }
  vars: JsonObject
  class: MessageClass
  by: string
  by_user_id: string | null
}

/** As many of one chat at once; what is left is due still. */
const maximumTurns = 50

/**
 * Sends what is due of one chat, each in a transaction of its own: its row is marked with the ledger's, so that it goes out
 * once whatever crashes. A customer who writes in the meantime holds it, because both lock the chat first.
 */
export async function sendScheduled(
  deps: Deps,
  { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
): Promise<void> {
  const em = forkFor(deps.orm, workspaceId)
  for (let turn = 0; turn < maximumTurns; turn += 1) {
    const sent = await em.transactional((tx) => sendNext(deps, tx, workspaceId, conversationId))
    if (!sent) return
    relaySoon(deps, sent)
  }
}

/** Undefined: nothing is due. */
async function sendNext(
  deps: Deps,
  em: Em,
  workspaceId: string,
  given: string,
): Promise<OutboxRow[] | undefined> {
  const { conversationId, contactId } = await lockChat(em, workspaceId, given)
  const [row] = await em.execute<ScheduledRow[]>(
    `select id, conversation_id, what, vars, class, by, by_user_id from scheduled_messages
     where conversation_id = ? and workspace_id = ? and state = 'scheduled' and due_at <= now() order by due_at, id limit 1`,
    [conversationId, workspaceId],
  )
  if (!row) return undefined
  const scheduled = { ...row, contact_id: contactId }
  try {
    const content = await contentOf(deps, workspaceId, row.what)
    const { messageId, outbox } = await planFromInbox(
      em,
      {
        ...{ workspaceId, conversationId, what: row.what, vars: row.vars, class: row.class, by: row.by },
        ...{ key: `scheduled:${row.id}`, ...(row.by_user_id !== null && { byUserId: row.by_user_id }) },
      },
      content,
    )
    await settle(em, workspaceId, scheduled, { state: 'sent', messageId })
    return outbox
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // It was refused before anything was written.
    await settle(em, workspaceId, scheduled, { state: 'failed', reason: `${error.code}: ${error.message}` })
    return []
  }
}

async function contentOf(
  deps: Deps,
  workspaceId: string,
  what: ScheduledRow['what'],
): Promise<MessageContent> {
  if ('content' in what) return what.content
  return { type: 'interactive', interactive: (await getBlock(deps, workspaceId, what.blockId)).content }
}

async function settle(
  em: Em,
  workspaceId: string,
  { id, conversation_id: conversationId, contact_id: contactId, by, by_user_id: userId }: ScheduledRow,
  outcome: { state: 'sent'; messageId: string } | { state: 'failed'; reason: string },
): Promise<void> {
  const { state } = outcome
  const messageId = outcome.state === 'sent' ? outcome.messageId : null
  const reason = outcome.state === 'failed' ? outcome.reason : null
  await em.execute(
    `update scheduled_messages set state = ?, message_id = ?, reason = ?, settled_at = now(), updated_at = now()
     where id = ? and workspace_id = ?`,
    [state, messageId, reason, id, workspaceId],
  )
  const data = { scheduled: id, conversation: conversationId, message: messageId, reason, by }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: `scheduled.${state}`, contactId, data },
  ])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['scheduled'] } },
  ])
  if (state === 'sent' || userId === null) return
  const notice = { workspaceId, kind: 'scheduled', conversationId, userIds: [userId] }
  await notify(em, { ...notice, data: { scheduled: id, state, reason } })
}
