import { randomUUID } from 'node:crypto'
import { chatWorkflowId, messageReceived } from '../../workflows/contract.ts'
import { eventually } from '../support/eventually.ts'
import { faultHouse, textFrom, webhookBody, type FaultHouse } from './fault-house.ts'

/** Temporal refuses the 10,001st signal of an execution; the house promises to begin anew before this many. */
const promisedSignals = 2_000
const burst = 100
const batch = 250

/**
 * One customer sends thousands of messages, first in webhooks of many and then one by one in bursts: the chat begins
 * anew on the way, and misses none. Signals about messages that it has routed already make a long past short.
 */
export async function busyChat(scale: {
  inBatches: number
  repeats: number
  oneByOne: number
  executions: number
}): Promise<void> {
  const house = await faultHouse()
  await house.worker()
  for (let at = 0; at < scale.inBatches; at += batch) await post(house, at, batch)
  await expectRouted(house, scale.inBatches)
  const [calm] = await signalsByExecution(house)
  // What comes together is told together: signals are what a chat can run out of.
  expect(calm).toBeLessThanOrEqual(scale.inBatches / 50)
  await repeat(house, scale.repeats)
  const total = scale.inBatches + scale.oneByOne
  for (let at = scale.inBatches; at < total; at++) {
    await post(house, at, 1)
    if ((at + 1) % burst === 0) await expectRouted(house, at + 1)
  }
  await expectRouted(house, total)
  const executions = await signalsByExecution(house)
  expect(executions.length).toBeGreaterThanOrEqual(scale.executions)
  expect(Math.max(...executions)).toBeLessThan(promisedSignals)
}

async function repeat(house: FaultHouse, signals: number): Promise<void> {
  const [message] = await house.rows<{ id: string; conversation_id: string }>(
    'select id, conversation_id from messages limit 1',
  )
  const { id: messageId = '', conversation_id: conversationId = '' } = message ?? {}
  const chat = house.deps.temporal.workflow.getHandle(chatWorkflowId(house.workspaceId, conversationId))
  for (let at = 0; at < signals; at += burst) {
    const signal = () => chat.signal(messageReceived, { eventId: randomUUID(), messageId })
    await Promise.all(Array.from({ length: burst }, signal))
  }
}

async function post(house: FaultHouse, from: number, count: number): Promise<void> {
  const messages = Array.from({ length: count }, (_, at) =>
    textFrom('491620000000', `wamid.busy.${from + at}`, `message ${from + at}`),
  )
  expect(await house.post(webhookBody(house, { messages }))).toBe(200)
}

/** Each message was judged, and judged once: one verdict a message. */
async function expectRouted(house: FaultHouse, messages: number): Promise<void> {
  const check = async () => {
    const [counts] = await house.rows(
      `select count(*)::int as verdicts, count(distinct cause_id)::int as judged,
         (select count(*)::int from outbox) as outbox from facts where kind = 'trigger.evaluated'`,
    )
    expect(counts).toEqual({ verdicts: messages, judged: messages, outbox: 0 })
  }
  await eventually(check, { timeoutMs: 45_000, intervalMs: 50 })
}

/** How many signals each execution in the chat's chain took. */
async function signalsByExecution(house: FaultHouse): Promise<number[]> {
  const [chat] = await house.rows<{ id: string }>('select id from conversations')
  const { workflow } = house.deps.temporal
  const workflowId = chatWorkflowId(house.workspaceId, chat?.id ?? '')
  const { raw } = await workflow.getHandle(workflowId).describe()
  const signals: number[] = []
  for (let runId = raw.workflowExecutionInfo?.firstRunId ?? ''; runId; ) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory()
    const events = history.events ?? []
    signals.push(events.filter((event) => event.workflowExecutionSignaledEventAttributes).length)
    runId = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? ''
  }
  return signals
}
