import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import { act } from './act.ts'
import { askEngine } from './ask-engine.ts'
import { messageReceived, woken, type ChatInput } from './contract.ts'

/** Temporal refuses the 10,001st signal of an execution; a busy chat begins anew long before. */
const maximumSignals = 1_800
/** Messages of one turn: routing them takes a fraction of the activity's time-out. */
const maximumTurn = 100
/** Event ids remembered against repeated signals: more than a relay could ever repeat. */
const rememberedEvents = 500

/**
 * The life of one conversation while it is live: messages that nobody awaits are routed in turns, the 24-hour window and
 * the silence are watched, and when the chat has been silent long enough it closes itself.
 */
export async function chat(input: ChatInput): Promise<{ outcome: string }> {
  const { workspaceId, conversationId, silenceMs, foldMs } = input
  const pending = [...input.pending]
  const seen = new Set(input.seenEventIds)
  let signals = 0
  setHandler(messageReceived, (...messages) => {
    signals += 1
    for (const { eventId, messageId } of messages) {
      if (!seen.has(eventId)) pending.push(messageId)
      seen.add(eventId)
    }
  })
  let isWoken = false
  setHandler(woken, () => {
    signals += 1
    isWoken = true
  })
  let lookAgainInMs = silenceMs
  for (;;) {
    setCurrentDetails(
      `Waiting for the customer. Closes after ${Math.round(silenceMs / 60_000)} minutes of silence.`,
    )
    if ((await condition(() => pending.length > 0 || isWoken, lookAgainInMs)) && pending.length > 0) {
      if (foldMs > 0) await condition(() => signals > maximumSignals, foldMs)
      // What arrives while this turn is being answered is the next turn, as one.
      const messageIds = pending.splice(0, maximumTurn)
      const { asks } = await act.routeMessages({ workspaceId, messageIds })
      if (asks) {
        const ruled = await askEngine({ workspaceId, occasion: { kind: 'received', messageIds } })
        await act.routeMessages({ workspaceId, messageIds, ruled })
      }
      lookAgainInMs = silenceMs
    } else {
      isWoken = false
      const next = await act.tendChat({ workspaceId, conversationId, silenceMs })
      if (next.closed && pending.length === 0 && !isWoken) return { outcome: 'closed after silence' }
      lookAgainInMs = next.closed ? silenceMs : next.nextInMs
    }
    if (signals > maximumSignals || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished)
      await continueAsNew<typeof chat>({
        ...input,
        pending,
        seenEventIds: [...seen].slice(-rememberedEvents),
      })
    }
  }
}
