import { condition } from '@temporalio/workflow'
import type { JsonObject } from '../src/model/json.ts'
import { listPlaceholders } from '../src/model/template.ts'
import { act } from './act.ts'
import type { Delivery, SendRequest } from './cards/run-journey.ts'
import type { JourneyInput } from './contract.ts'
import type { JourneyMailbox } from './journey-mailbox.ts'
import type { JourneyStanding } from './journey-standing.ts'

/** Sends through the ledger until it is settled; a limit or a doubt becomes a timer, which a status webhook cuts short. */
export async function deliver(
  { run, definition }: JourneyInput,
  workflowId: string,
  mailbox: JourneyMailbox,
  standing: JourneyStanding,
  request: SendRequest,
): Promise<Delivery> {
  const { key, ask, epoch, content, causeId, cardId } = request
  const { workspaceId, numberId, conversationId, lineageId, runId } = run
  const sendKey = `journey:${lineageId}:${key}`
  const askKey = ask ? `${runId}:${key}` : undefined
  const vars = neededVars(request)
  const plan = {
    workspaceId,
    numberId,
    conversationId,
    sendKey,
    class: definition.messageClass,
    epoch,
    content,
    vars,
  }
  standing.show('running', `sending ${content.type}`)
  for (;;) {
    const progress = standing.takeProgress(ask ? 'waiting' : 'running')
    const result = await act.sendMessage({ ...plan, causeId, workflowId, askKey, cardId, progress })
    if (result.state === 'refused') return { state: 'refused', code: result.code, reason: result.reason }
    if (result.state !== 'deferred') return { state: result.state }
    standing.show('running', `sending waits: ${result.reason}`)
    await condition(() => mailbox.settledSends.has(sendKey), Math.max(1, result.retryAfterMs))
    mailbox.settledSends.delete(sendKey)
  }
}

/** Only the variables that the texts name leave the workflow. */
function neededVars({ content, vars }: SendRequest): JsonObject {
  const needed: JsonObject = {}
  for (const { path } of listPlaceholders(content)) {
    const [root, name] = path.split('.')
    const key = root === 'event' ? 'event' : root === 'vars' ? name : undefined
    if (key !== undefined && Object.hasOwn(vars, key)) needed[key] = vars[key] ?? null
  }
  return needed
}
