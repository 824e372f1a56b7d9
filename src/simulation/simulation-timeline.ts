import type { Condition } from '../model/conditions.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageContent } from '../model/message.ts'
import type { SimulationClock } from './simulated-world.ts'
import {
  SimulationStop,
  type ScriptedEvent,
  type ScriptedReply,
  type SimulationOptions,
} from './simulation.ts'
import { createScript, type Due } from './simulation-script.ts'

interface Timeline {
  options: Pick<SimulationOptions, 'replies' | 'events' | 'startAtMs' | 'react' | 'happen' | 'horizonMs'>
  clock: SimulationClock
  note(kind: string, data: JsonObject): void
  /** The contact has written. */
  hear(text: string): void
  /** An event came, awaited or not. */
  happened(event: string, attributes: JsonObject): void
  /** Whether an event that came fits the wait for it. */
  holds(condition: Condition, event: JsonObject): boolean
}

/** Time, what is scripted to happen in it, and what contacts do by chance. */
export function createSimulationTimeline(timeline: Timeline) {
  const { options, clock, note, holds } = timeline
  const replies = createScript<ScriptedReply>(options.replies ?? [], options.startAtMs)
  const events = createScript<ScriptedEvent>(options.events ?? [], options.startAtMs)
  const chances = createChances(options, replies, events)
  const happenings = createHappenings(timeline, replies, events)
  const { moveTo, moveBefore } = createPassage(timeline, replies, events, happenings)

  return {
    moveTo,
    /** The next reply, unless the instant passes first. */
    awaitReply(
      askedAtMs: number,
      untilMs: number,
      asked?: { askKey: string; question: MessageContent | undefined },
    ): ScriptedReply | undefined {
      if (asked) chances.decideReply(asked.askKey, asked.question, askedAtMs)
      const next = replies.next(askedAtMs, () => true)
      return moveBefore(next, untilMs) ? happenings.hearReply(next) : undefined
    },
    /** The next event of this name that fits, unless the instant passes first. */
    awaitEvent(
      name: string,
      condition: Condition | undefined,
      untilMs: number,
      waitKey?: string,
    ): ScriptedEvent | undefined {
      if (waitKey !== undefined) chances.decideEvent(waitKey, name, clock.nowMs)
      for (;;) {
        const next = events.next(clock.nowMs, (event) => event.name === name)
        if (!moveBefore(next, untilMs)) return undefined
        happenings.takeEvent(next)
        // Nobody writes down which message a simulated click is on: it is on the one whose card waits for it.
        const clicked: JsonObject =
          name === 'link_clicked' ? { message_id: waitKey?.split(':')[0] ?? '' } : {}
        if (!condition || holds(condition, { ...clicked, ...next.item.attributes })) return next.item
        note('event.unawaited', { event: name })
      }
    },
  }
}

type Script<T extends ScriptedReply | ScriptedEvent> = ReturnType<typeof createScript<T>>

function forward(clock: SimulationClock, atMs: number): void {
  clock.nowMs = Math.max(clock.nowMs, atMs)
}

/** The clock goes forward, never beyond the horizon. */
function createPassage(
  { options, clock, note }: Timeline,
  replies: Script<ScriptedReply>,
  events: Script<ScriptedEvent>,
  { hearReply, takeEvent }: ReturnType<typeof createHappenings>,
) {
  const horizonMs = options.startAtMs + (options.horizonMs ?? Number.POSITIVE_INFINITY)

  /** Time passes; replies that nobody awaits still open the window, events that nobody awaits are only noted. */
  function moveTo(untilMs: number): void {
    const endMs = Math.min(untilMs, horizonMs)
    for (;;) {
      const reply = replies.peekFixed(endMs)
      const event = events.peekFixed(endMs)
      if (!reply && !event) break
      if (reply && (!event || reply.atMs <= event.atMs)) {
        const { text, buttonId } = hearReply(reply)
        note('message.unawaited', { text: text ?? buttonId ?? '' })
      } else if (event) {
        takeEvent(event)
        note('event.unawaited', { event: event.item.name })
      }
    }
    forward(clock, endMs)
    if (untilMs > horizonMs)
      throw new SimulationStop('cut-off', 'it waits beyond what is simulated', undefined, true)
  }

  /** To what comes next, when it comes before the wait is over. */
  function moveBefore<T>(next: Due<T> | undefined, untilMs: number): next is Due<T> {
    if (!next || next.atMs >= untilMs) {
      moveTo(untilMs)
      return false
    }
    moveTo(next.atMs - 1)
    if (next.atMs > horizonMs) moveTo(next.atMs)
    return true
  }

  return { moveTo, moveBefore }
}

/** What is due comes about. */
function createHappenings(
  { clock, note, hear, happened }: Timeline,
  replies: Script<ScriptedReply>,
  events: Script<ScriptedEvent>,
) {
  return {
    hearReply(reply: Due<ScriptedReply>): ScriptedReply {
      forward(clock, reply.atMs)
      replies.take(reply)
      hear(reply.item.text ?? '')
      if (reply.item.stop) {
        note('message.received', { text: 'STOP' })
        throw new SimulationStop('exited', 'opted out')
      }
      return reply.item
    },
    takeEvent(event: Due<ScriptedEvent>): void {
      forward(clock, event.atMs)
      events.take(event)
      happened(event.item.name, event.item.attributes ?? {})
    },
  }
}

/** What is scripted comes first; then each question is answered, or not, once, and each awaited event comes, or not. */
function createChances(
  options: Timeline['options'],
  replies: Script<ScriptedReply>,
  events: Script<ScriptedEvent>,
) {
  const decided = new Set<string>()
  const isFirst = (key: string) => !decided.has(key) && Boolean(decided.add(key))
  return {
    decideReply(askKey: string, question: MessageContent | undefined, askedAtMs: number): void {
      if (!options.react || replies.hasPlanned(() => true) || !isFirst(`reply ${askKey}`)) return
      const reaction = options.react(askKey, question)
      if (reaction.kind === 'silent') return
      const atMs = askedAtMs + reaction.afterMs
      if (reaction.kind === 'stop') return replies.add({ stop: true }, atMs)
      const { button, ...words } = reaction.answer
      replies.add({ ...words, ...(button !== undefined && { buttonId: button }) }, atMs)
    },
    decideEvent(waitKey: string, name: string, nowMs: number): void {
      if (!options.happen || events.hasPlanned((event) => event.name === name)) return
      if (!isFirst(`event ${waitKey}`)) return
      const chance = options.happen(waitKey, name)
      if (chance) events.add({ name, attributes: chance.attributes }, nowMs + chance.afterMs)
    },
  }
}
