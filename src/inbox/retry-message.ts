import { sendWorkflowId } from '../../workflows/contract.ts'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { getMessage } from './find-messages.ts'
import type { MessageDetail } from './message-detail.ts'
import { sendFromInbox, type InboxSender } from './send-from-inbox.ts'

interface RetryRow {
  conversation_id: string
  contact_id: string
  direction: string
  state: string | null
  epoch: number
  class: MessageClass | null
  content: JsonObject
  fact_id: string
  is_of_run: boolean
}

/**
 * Sends again what did not arrive, or of which nobody knows. A message of the inbox's or an API's is the same message with
 * another attempt; what a journey or a campaign wrote is sent as a new one, so that their counts stay what they were.
 */
export async function retryMessage(
  deps: Deps,
  input: InboxSender & { workspaceId: string; messageId: string },
): Promise<MessageDetail> {
  const { workspaceId, messageId } = input
  const em = forkFor(deps.orm, workspaceId)
  const done = await em.transactional(async (tx) => {
    const row = await lockRow(tx, workspaceId, messageId)
    return row.is_of_run ? { row, outbox: [] } : { row, outbox: await planAgain(tx, input, row) }
  })
  relaySoon(deps, done.outbox)
  if (!done.row.is_of_run) return getMessage(deps, workspaceId, messageId)
  const { row } = done
  return sendFromInbox(deps, {
    ...{ ...input, conversationId: row.conversation_id, vars: {}, class: row.class ?? 'utility' },
    what: { content: row.content as unknown as MessageContent },
    key: `retry:${messageId}:${newId()}`,
  })
}

async function lockRow(em: Em, workspaceId: string, messageId: string): Promise<RetryRow> {
  const [row] = await em.execute<RetryRow[]>(
    `select conversation_id, contact_id, direction, state, epoch, class, content, fact_id,
       run_id is not null or campaign_run_id is not null as is_of_run
     from messages where id = ? and workspace_id = ? for update`,
    [messageId, workspaceId],
  )
  if (!row) throw new AppError('not_found', `message ${messageId} does not exist`)
  if (row.direction !== 'out') throw new AppError('conflict', 'this message came from the customer')
  if (!['failed', 'unknown', 'skipped'].includes(row.state ?? '')) {
    const message =
      row.state === 'accepted' ? 'WhatsApp has this message' : 'this message is on its way already'
    throw new AppError('conflict', message)
  }
  return row
}

/** The ledger's row as it was before its first attempt: what is told of earlier ones does not count against it. */
async function planAgain(
  em: Em,
  { workspaceId, messageId, by }: { workspaceId: string; messageId: string; by: string },
  row: RetryRow,
): Promise<OutboxRow[]> {
  const epoch = row.epoch + 1
  await em.execute(
    `with planned as (
       update messages set state = 'planned', epoch = ?, reason_code = null, reason = null, status = null, failed_at = null,
         accepted_at = null, wamid = null where id = ? and workspace_id = ? returning ${countedRows}),
     ${countingMessages('planned')}
     select count(*) from planned`,
    [epoch, messageId, workspaceId],
  )
  await recordFacts(em, workspaceId, [
    {
      ...{ id: newId(), atMs: Date.now(), kind: 'message.retried', contactId: row.contact_id },
      ...{ causeId: row.fact_id, data: { message: messageId, by, was: row.state ?? '' } },
    },
  ])
  await announce(em, workspaceId, [
    {
      ...{ kind: 'message.changed', conversationId: row.conversation_id },
      data: { messageId, what: 'status' },
    },
  ])
  const workflowId = `${sendWorkflowId(workspaceId, messageId)}/${epoch}`
  return enqueue(em, [{ name: 'send', workflowId, payload: { workspaceId, messageId } }])
}
