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
 * The life of one conversation while it is live: messages that nobody awaits are routed in turns, and it sleeps until the
 * earliest of what it does by the clock: deadlines, its own messages, what is scheduled, the end of a snooze, of the 24-hour
 * window, of the chat itself. The rows say what that is; whoever changes them wakes it.
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
  let isWoken = input.isWoken ?? false
  setHandler(woken, () => {
    signals += 1
    isWoken = true
  })
  let lookAgainInMs = silenceMs
  let details = waiting
  for (;;) {
    setCurrentDetails(details)
    const hasNews = () => pending.length > 0 || isWoken
    if ((await condition(hasNews, lookAgainInMs, { summary: summarise(details) })) && pending.length > 0) {
      if (foldMs > 0) await condition(() => signals > maximumSignals, foldMs)
      // What arrives while this turn is being answered is the next turn, as one.
      const messageIds = pending.splice(0, maximumTurn)
      const turn = { workspaceId, conversationId, silenceMs, messageIds }
      let routed = await act.routeMessages(turn)
      if (routed.asks) {
        const ruled = await askEngine({ workspaceId, occasion: { kind: 'received', messageIds } })
        routed = await act.routeMessages({ ...turn, ruled })
      }
      const { next } = routed
      lookAgainInMs = next ? lookInMs(next) : silenceMs
      details = next ? detailsOf(next) : details
    } else {
      isWoken = false
      const next = await act.tendChat({ workspaceId, conversationId, silenceMs })
      if (next.closed && pending.length === 0 && !isWoken) return { outcome: 'closed' }
      lookAgainInMs = lookInMs(next)
      details = detailsOf(next)
    }
    if (signals > maximumSignals || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished)
      await continueAsNew<typeof chat>({
        ...input,
        // Whoever begins anew finds out what it waits for.
        isWoken: true,
        pending,
        seenEventIds: [...seen].slice(-rememberedEvents),
      })
    }
  }
}

/** The timer's own line in Temporal's UI: what comes next. */
function summarise(details: string): string {
  return details.split(' Next: ')[1] ?? details
}

const waiting = 'Waiting for the customer.'

type Tended = Awaited<ReturnType<typeof act.tendChat>>

/** A chat that turned out to be closed ends itself by asking once more, unless something new came meanwhile. */
function lookInMs(next: Tended): number {
  return next.closed ? 1_000 : next.nextInMs
}

function detailsOf(next: Tended): string {
  return next.closed ? 'Closed.' : (next.details ?? waiting)
}
