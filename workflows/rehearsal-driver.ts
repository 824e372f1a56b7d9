import { allHandlersFinished, condition, continueAsNew, sleep, uuid4 } from '@temporalio/workflow'
import type { Json, JsonObject } from '../src/model/json.ts'
import type { Reply } from '../src/model/reply.ts'
import { act } from './act.ts'
import { CardFailure, type ContactView } from './cards/card.ts'
import type { Performed } from './cards/effects.ts'
import type { Delivery, JourneyDriver, JourneyState, Resolution } from './cards/journey-state.ts'
import type { RehearsalStop, RehearsedFact } from './contract.ts'
import { openMailbox, type JourneyMailbox } from './journey-mailbox.ts'
import type { rehearsal } from './rehearsal.ts'

/** The simulator went another way here. */
export class Diverged extends Error {}
/** The simulator came to an end here that is none of the journey's. */
export class Stopped extends Error {
  readonly stop: RehearsalStop

  constructor(stop: RehearsalStop) {
    super(stop.reason)
    this.stop = stop
  }
}

/** Waits of months last this long here; their timers are real. */
const longestWaitMs = 100
/** A signal that is under way comes much sooner. */
const signalMs = 30_000
/** Often enough that ordinary journeys go through it: state must survive its way through JSON. */
const operationsAtOnce = 25

interface Rehearsing {
  ref: { workspaceId: string; rehearsalId: string }
  contactId: string | undefined
  /** The next operation on the tape, and the virtual time. */
  place: { at: number; nowMs: number }
  facts: RehearsedFact[]
}

/** Effects come from the tape by activities, waits are timers, replies and events are signals: all as in real runs, but short. */
export function createRehearsalDriver({ ref, contactId, place, facts }: Rehearsing): JourneyDriver {
  const mailbox = openMailbox([])
  const startedAt = place.at

  async function play(op: string, request: JsonObject): Promise<Json> {
    const step = await act.rehearse({ ...ref, at: place.at, op, request })
    if ('diverged' in step) throw new Diverged(step.diverged)
    place.at += 1
    place.nowMs = step.nowMs
    if ('stop' in step) throw new Stopped(step.stop)
    if ('failure' in step) throw new CardFailure(step.failure.code, step.failure.reason)
    return step.value
  }

  return {
    contactId,
    now: () => place.nowMs,
    newId: () => uuid4(),
    record: ({ atMs, kind, data }) => void facts.push({ atMs, kind, data }),
    loadContact: async () => (await play('loadContact', {})) as ContactView,
    judge: async (asked) => (await play('judge', plain(asked))) as number,
    deliver: async ({ causeId: _, ...request }) => (await play('deliver', plain(request))) as Delivery,
    async perform(name, { causeId: _, ...call }) {
      return (await play(`perform ${name}`, plain(call))) as unknown as Performed<typeof name>
    },
    async endConversation(input) {
      await play('endConversation', plain(input))
    },
    park: async (problem) => (await play('park', plain(problem))) as Resolution,
    ...waitsOf(play, place, mailbox),

    async boundary(state: JourneyState) {
      if (place.at - startedAt < operationsAtOnce) return undefined
      await condition(allHandlersFinished)
      return continueAsNew<typeof rehearsal>({ ...ref, going: { state, ...place, facts } })
    },
  }
}

function waitsOf(
  play: (op: string, request: JsonObject) => Promise<Json>,
  place: Rehearsing['place'],
  mailbox: JourneyMailbox,
): Pick<JourneyDriver, 'sleepUntil' | 'waitForReply' | 'waitForEvent'> {
  const shorten = (untilMs: number, sinceMs: number) =>
    Math.max(1, Math.min(longestWaitMs, Math.round(untilMs - sinceMs)))

  /** True when it came; the tape says whether it must. */
  async function expect(isDue: boolean, came: () => boolean, waitMs: number, what: string): Promise<void> {
    if (isDue && !(await condition(came, signalMs)))
      throw new Diverged(`${what} did not arrive by its signal`)
    if (!isDue && (await condition(came, waitMs)))
      throw new Diverged(`${what} came, and the simulator had none`)
  }

  return {
    async sleepUntil(untilMs) {
      const sinceMs = place.nowMs
      await play('sleepUntil', { untilMs })
      if (untilMs > sinceMs) await sleep(shorten(untilMs, sinceMs))
    },
    async waitForReply(askKey, untilMs) {
      const sinceMs = place.nowMs
      const taped = (await play('waitForReply', { askKey, untilMs })) as Reply | null
      await expect(taped !== null, () => mailbox.hasReply(askKey), shorten(untilMs, sinceMs), 'the reply')
      return mailbox.takeReply(askKey)
    },
    async waitForEvent(key, event, check, untilMs) {
      const sinceMs = place.nowMs
      const taped = await play('waitForEvent', plain({ key, event, condition: check, untilMs }))
      await expect(
        taped !== null,
        () => mailbox.hasEvent(key),
        shorten(untilMs, sinceMs),
        `the event ${event}`,
      )
      return mailbox.takeEvent(key)
    },
  }
}

/** As it would come out of a payload: without what is undefined. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}
