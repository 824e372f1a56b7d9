import { forkFor } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import type { SendResult } from './plan-send.ts'
import { sendMessage, type SendDeps } from './send-message.ts'

/** A message of no run is not written down at a hold: it looks again by itself. */
const lookAgainMs = 5_000

interface PlannedRow {
  number_id: string
  conversation_id: string
  send_key: string
  class: MessageClass
  content: MessageContent
  fact_id: string
  epoch: number
}

/** Sends a message that stands in the ledger as `planned`, its texts final. */
export async function sendPlanned(
  deps: SendDeps,
  input: { workspaceId: string; messageId: string; workflowId: string },
): Promise<Exclude<SendResult, { state: 'held' }>> {
  const { workspaceId, messageId, workflowId } = input
  const [row] = await forkFor(deps.orm, workspaceId).execute<PlannedRow[]>(
    `select number_id, conversation_id, send_key, class, content, fact_id, epoch from messages
     where id = ? and workspace_id = ? and direction = 'out'`,
    [messageId, workspaceId],
  )
  if (!row) throw new AppError('not_found', `message ${messageId} does not exist`)
  const result = await sendMessage(deps, {
    workspaceId,
    workflowId,
    numberId: row.number_id,
    conversationId: row.conversation_id,
    sendKey: row.send_key,
    class: row.class,
    content: row.content,
    causeId: row.fact_id,
    vars: undefined,
    epoch: row.epoch,
  })
  if (result.state !== 'held') return result
  return { state: 'deferred', retryAfterMs: lookAgainMs, reason: result.hold.reason }
}
