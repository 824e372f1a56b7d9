import { condition } from '@temporalio/workflow'
import type { JsonObject } from '../src/model/json.ts'
import { listPlaceholders } from '../src/model/template.ts'
import { act } from './act.ts'
import type { Delivery, SendRequest } from './cards/journey-state.ts'
import { Interrupted } from './cards/card.ts'
import type { JourneyInput } from './contract.ts'
import type { Surroundings } from './journey-waits.ts'

/** Sends through the ledger until it is settled; a limit or a doubt becomes a timer, which a status webhook cuts short. */
export async function deliver(
  { run, definition }: JourneyInput,
  workflowId: string,
  { mailbox, standing, holds }: Surroundings,
  request: SendRequest,
): Promise<Delivery> {
  const { key, ask, epoch, content, causeId, cardId, proactive } = request
  const { workspaceId, numberId, conversationId = '', lineageId, runId } = run
  const sendKey = `journey:${lineageId}:${key}`
  const askKey = ask ? `${runId}:${key}` : undefined
  const vars = neededVars(request)
  const plan = {
    workspaceId,
    numberId,
    conversationId,
    sendKey,
    class: definition.messageClass,
    priority: definition.priority,
    proactive,
    epoch,
    content,
    vars,
  }
  standing.show('running', `sending ${content.type}`)
  for (;;) {
    const progress = standing.takeProgress(ask ? 'waiting' : 'running', { dueAtMs: request.dueAtMs })
    const result = await act.sendMessage({ ...plan, causeId, workflowId, askKey, cardId, progress })
    if (result.state === 'refused') return { state: 'refused', code: result.code, reason: result.reason }
    if (result.state === 'held') {
      holds.add(result.hold)
      throw new Interrupted()
    }
    if (result.state !== 'deferred') return { state: result.state, messageId: result.messageId }
    standing.show('running', `sending waits: ${result.reason}`)
    const isSettled = () => mailbox.settledSends.has(sendKey)
    await condition(() => isSettled() || holds.isDue(), Math.max(1, result.retryAfterMs))
    if (!isSettled() && holds.isDue()) throw new Interrupted()
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
