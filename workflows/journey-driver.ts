import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow'
import type { Condition } from '../src/model/conditions.ts'
import type { JsonObject } from '../src/model/json.ts'
import { listPlaceholders } from '../src/model/template.ts'
import type { Reply } from '../src/model/reply.ts'
import { act } from './act.ts'
import { cardFailureOf } from './card-failure-of.ts'
import type {
  Delivery,
  JourneyDriver,
  JourneyFact,
  JourneyState,
  Problem,
  Resolution,
  SendRequest,
} from './cards/run-journey.ts'
import {
  eventArrived,
  replied,
  searchAttribute,
  sendSettled,
  type EventArrived,
  type JourneyInput,
} from './contract.ts'
import { awaitResolution, refuseResolutions } from './resolution.ts'

type Status = 'running' | 'waiting' | 'stuck' | 'paused' | 'ended'
type RunState = 'running' | 'waiting' | 'stuck' | 'paused' | 'completed' | 'exited' | 'cancelled'

/** Beyond this many events a run begins anew at the next card, with its state. */
const maximumHistoryEvents = 4_000
const rememberedEvents = 200

/** The effects of a journey by Temporal: timers, signals and local activities. */
export function createJourneyDriver(input: JourneyInput) {
  const { run, definition } = input
  const { workspaceId, runId, contactId, conversationId, numberId, lineageId } = run
  const { workflowId } = workflowInfo()
  const seen = new Set(input.seenEventIds)
  const replies = new Map<string, Reply>()
  const events = new Map<string, EventArrived>()
  const settledSends = new Set<string>()
  let facts: JourneyFact[] = []
  let isPaused = input.paused
  let status: Status = 'running'
  let details = ''
  let cardId: string | null = input.state.cursor

  const once = (eventId: string) => !seen.has(eventId) && Boolean(seen.add(eventId))
  refuseResolutions()
  setHandler(replied, ({ eventId, askKey, reply }) => void (once(eventId) && replies.set(askKey, reply)))
  setHandler(
    eventArrived,
    (event) => void (once(event.eventId + event.waitKey) && events.set(event.waitKey, event)),
  )
  setHandler(sendSettled, ({ sendKey }) => void settledSends.add(sendKey))

  /** The trace since the last activity rides along with the next one. */
  function takeProgress(state: RunState, error: Problem | null) {
    const taken = facts
    facts = []
    return {
      run,
      facts: taken,
      state,
      cardId,
      error: error ? { code: error.code, reason: error.reason } : undefined,
    }
  }

  function show(next: Status, words: string): void {
    status = next
    details = `Card ${cardId ?? '-'}: ${words}`
    setCurrentDetails(details)
  }

  function index(state: Status, errorCode: string | null = null): void {
    upsertSearchAttributes([
      { key: searchAttribute.state, value: state },
      { key: searchAttribute.card, value: cardId },
      { key: searchAttribute.errorCode, value: errorCode },
    ])
  }

  async function flush(state: RunState, error: Problem | null = null): Promise<void> {
    await act.saveProgress(takeProgress(state, error))
  }

  /** A wait that ends early is no wait worth indexing. */
  function waiting(words: string, untilMs: number): void {
    show('waiting', `${words} until ${new Date(untilMs).toISOString()}`)
    index('waiting')
  }

  async function deliver(request: SendRequest): Promise<Delivery> {
    const sendKey = `journey:${lineageId}:${request.key}`
    const askKey = request.ask ? `${runId}:${request.key}` : undefined
    show('running', `sending ${request.content.type}`)
    for (;;) {
      const result = await act.sendMessage({
        workspaceId,
        numberId,
        conversationId,
        sendKey,
        class: definition.messageClass,
        epoch: request.epoch,
        content: request.content,
        vars: neededVars(request),
        causeId: request.causeId,
        workflowId,
        askKey,
        cardId: request.cardId,
        progress: takeProgress(request.ask ? 'waiting' : 'running', null),
      })
      if (result.state === 'refused') return { state: 'refused', code: result.code, reason: result.reason }
      if (result.state !== 'deferred') return { state: result.state }
      show('running', `sending waits: ${result.reason}`)
      settledSends.delete(sendKey)
      await condition(() => settledSends.has(sendKey), Math.max(1, result.retryAfterMs))
    }
  }

  const driver: JourneyDriver = {
    contactId,
    now: () => Date.now(),
    newId: () => uuid4(),
    loadContact: () => cardFailureOf(act.loadContact({ workspaceId, contactId })),
    deliver: (request) => cardFailureOf(deliver(request)),

    async waitForReply(key, untilMs) {
      const askKey = `${runId}:${key}`
      const take = () => {
        const reply = replies.get(askKey)
        replies.delete(askKey)
        return reply
      }
      waiting('waiting for the answer', untilMs)
      if (await within(() => replies.has(askKey), untilMs)) return take()
      const outcome = await act.releaseFloor({ workspaceId, conversationId, askKey })
      if (outcome === 'released') return undefined
      await condition(() => replies.has(askKey))
      return take()
    },

    async waitForEvent(waitKey: string, event: string, check: Condition | undefined, untilMs: number) {
      waiting(`waiting for the event ${event}`, untilMs)
      await act.awaitEvent({
        waitKey,
        event,
        condition: check,
        workflowId,
        progress: takeProgress('waiting', null),
      })
      if (!(await within(() => events.has(waitKey), untilMs))) {
        const outcome = await act.releaseEventWait({ workspaceId, runId, waitKey })
        if (outcome === 'released') return undefined
        await condition(() => events.has(waitKey))
      }
      const taken = events.get(waitKey)
      return taken && { attributes: taken.attributes, factId: taken.factId }
    },

    async sleepUntil(untilMs) {
      const waitMs = untilMs - Date.now()
      if (waitMs <= 0) return
      waiting('sleeping', untilMs)
      await flush('waiting')
      await sleep(waitMs, { summary: `card ${cardId}: until ${new Date(untilMs).toISOString()}` })
    },

    setAttributes: (attributes, causeId) =>
      cardFailureOf(
        act.setAttributes({ workspaceId, contactId, attributes, runId, causeId, atMs: Date.now() }),
      ),

    async endConversation({ close, label }, causeId) {
      if (!close) return
      const outcome = label ?? 'closed by a journey'
      await act.closeChat({ workspaceId, conversationId, contactId, outcome, causeId })
    },

    record(fact) {
      if (fact.kind === 'card.entered') cardId = String(fact.data['card'])
      facts.push(fact)
    },

    async boundary(state: JourneyState) {
      if (isPaused) {
        show('paused', 'paused by hand')
        index('paused')
        await flush('paused')
        await condition(() => !isPaused)
        index('running')
      }
      status = 'running'
      const { historyLength, continueAsNewSuggested } = workflowInfo()
      if (historyLength < maximumHistoryEvents && !continueAsNewSuggested) return
      await flush('running')
      await condition(allHandlersFinished)
      const seenEventIds = [...seen].slice(-rememberedEvents)
      await continueAsNew({ ...input, state, seenEventIds, paused: isPaused } satisfies JourneyInput)
    },

    async park(problem: Problem): Promise<Resolution> {
      show('stuck', `stuck with ${problem.code}: ${problem.reason}`)
      index('stuck', problem.code)
      await flush('stuck', problem)
      const resolution = await awaitResolution(definition, problem)
      show('running', `resolved: ${resolution.action}`)
      index('running')
      return resolution
    },
  }

  return {
    ...driver,
    takeProgress: (state: RunState, error: Problem | null) => takeProgress(state, error),
    setPaused(value: boolean) {
      isPaused = value
    },
    status: () => status,
    details: () => details,
  }
}

/** True when it came about in time; an instant that has passed does not wait at all. */
async function within(came: () => boolean, untilMs: number): Promise<boolean> {
  const waitMs = untilMs - Date.now()
  return came() || (waitMs > 0 && (await condition(came, waitMs)))
}

/** Only the variables that the texts name leave the workflow. */
function neededVars({ content, vars }: SendRequest): JsonObject {
  const names = new Set(listPlaceholders(content).map(({ path }) => path.split('.')))
  const needed: JsonObject = {}
  for (const [root, name] of names) {
    const key = root === 'event' ? 'event' : root === 'vars' ? name : undefined
    if (key !== undefined && Object.hasOwn(vars, key)) needed[key] = vars[key] ?? null
  }
  return needed
}
