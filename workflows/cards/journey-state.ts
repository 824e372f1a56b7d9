import type { Condition } from '../../src/model/conditions.ts'
import type { JourneyDefinition } from '../../src/model/journey-definition.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { MessageContent } from '../../src/model/message.ts'
import type { Reply } from '../../src/model/reply.ts'
import type { CardContext, ContactView } from './card.ts'
import type { EffectCall, EffectName, Performed } from './effects.ts'

/** All there is of a run between two cards; continue-as-new and restarts carry it. */
export interface JourneyState {
  cursor: string | null
  vars: JsonObject
  step: number
  /** Times each card was entered: part of a send's key. */
  visits: Record<string, number>
  /** Times each card was entered of late: the guard against loops that spin. */
  pace?: { sinceMs: number; steps: number; entries: Record<string, number> }
  /** Raised by every deliberate retry: what failed under an older epoch may be tried again. */
  epoch: number
  causeId: string
  /** Time of the last fact: those of one instant stay in order by a millisecond each. */
  lastFactAtMs: number
  lastReply?: Reply
  /** What it does now answers the customer. Nothing else may be sent without asking the contact's arbiter. */
  isAnswering?: boolean
  /** The visit under way, which an interruption does not end. */
  within?: Visit
  goalReached?: boolean
  outcome?: string
}

/** A card's visit, as far as it has come. */
export interface Visit {
  cardId: string
  enteredAtMs: number
  /** What its operations returned, in their order. */
  journal: { op: string; result: Json }[]
  /** When the wait under way ends. */
  dueAtMs?: number
  /** Waits end when they would have ended, whatever their card says by now. */
  keepsDeadline?: boolean
  /** Times that it was tried again because nobody resolved it. */
  tries?: number
}

/** One entry of a run's trace. Stored as it is; `causeId` leads back to the customer's message or event. */
export interface JourneyFact {
  id: string
  atMs: number
  kind:
    | 'card.entered'
    | 'card.left'
    | 'card.failed'
    | 'effect.performed'
    | 'run.stuck'
    | 'run.resolved'
    | 'run.ordered'
    | 'run.ended'
    | 'event.taken'
  causeId: string
  data: JsonObject
  /** How long the visit took until now, of `card.left` and `card.failed`: for reports, no part of the trace. */
  spentMs?: number
}

export interface SendRequest {
  /** Unique within the lineage: card, visit, n-th send of the visit. */
  key: string
  content: MessageContent
  vars: JsonObject
  ask: boolean
  epoch: number
  causeId: string
  cardId: string
  /** It answers nobody: the contact's arbiter is asked. */
  proactive: boolean
  /** Of a question: when its time will be up. */
  dueAtMs?: number | undefined
}
export type Delivery =
  | { state: 'accepted' | 'unknown'; messageId: string }
  | { state: 'refused'; code: string; reason: string }

export interface Problem {
  cardId: string
  code: string
  reason: string
}
/** Moves a run to another version of its journey. */
export interface MigrateOrder {
  action: 'migrate'
  version: { id: string; number: number }
  definition: JourneyDefinition
  /** Where it goes on: where it stands when absent, nowhere (the run ends) when null. */
  card?: string | null | undefined
  /** Of a wait under way on the same card. */
  timing: WaitTiming
  /** It comes back to a card that it entered then: delays count from there. */
  enteredAtMs?: number | undefined
  /**
   * By the card where the run stands when it comes to obey; it may have gone on since the order was given. At a card that
   * is not named, `card` and `timing` say.
   */
  fates?: Record<string, CardFate> | undefined
  /** Followed only by runs of this version. */
  fromVersionId?: string | undefined
  /** Who ordered it, for the trace. */
  by?: string | undefined
  /** The migration that it is part of. */
  migration?: string | undefined
  /** A migration whose order is forgotten, where the run has not followed it yet. */
  revokes?: string | undefined
}
export type WaitTiming = 'keep-elapsed' | 'restart' | 'keep-deadline'
/** What a migration makes of who stands at a card. */
export type CardFate =
  | { action: 'stay' }
  | { action: 'exit'; reason: string }
  | { action: 'move'; card: string; timing: WaitTiming; enteredAtMs?: number | undefined }
/** What a boundary decides about the way of a run. */
export type Order =
  | { action: 'repeat' }
  | { action: 'goto'; card: string }
  | { action: 'exit'; reason: string; by?: string | undefined; migration?: string | undefined }
  | MigrateOrder
/** What an engineer decides about a stuck run. */
export type Resolution = { vars?: JsonObject | undefined; by?: string | undefined } & (
  | { action: 'retry' }
  | { action: 'skip'; outlet?: string | undefined }
  | { action: 'goto'; card: string }
  | { action: 'exit'; reason?: string | undefined }
  | (Omit<MigrateOrder, 'action'> & { action: 'use-version' })
)

/** The effects, supplied by the Temporal workflow or by the simulator. Waits may throw `Interrupted` and `LeaveBy`. */
export interface JourneyDriver {
  readonly contactId: string | undefined
  now(): number
  newId(): string
  loadContact(): Promise<ContactView>
  /** For conditions that look into the contact's history. */
  judge(input: { conditions: Condition[]; vars: JsonObject; reply: Reply | undefined }): Promise<number>
  deliver(request: SendRequest): Promise<Delivery>
  waitForReply(askKey: string, untilMs: number): Promise<Reply | undefined>
  waitForEvent(
    key: string,
    event: string,
    condition: Condition | undefined,
    untilMs: number,
    sinceMessage?: string,
  ): Promise<{ attributes: JsonObject; factId: string } | undefined>
  sleepUntil(untilMs: number): Promise<void>
  perform<K extends EffectName>(name: K, call: EffectCall<K>): Promise<Performed<K>>
  endConversation(input: Parameters<CardContext['endConversation']>[0], causeId: string): Promise<void>
  record(fact: JourneyFact): void
  /** Called between cards and after an interrupted wait: the place of pauses, holds, orders and continue-as-new. */
  boundary(state: JourneyState): Promise<Order | undefined>
  /** A card failed and nothing catches it: wait until somebody says what to do. */
  park(problem: Problem, state: JourneyState): Promise<Resolution>
}

export interface JourneyEnd {
  state: 'completed' | 'exited'
  reason: string
}

/** Adds to the trace. What comes next follows from it. */
export function remember(
  state: JourneyState,
  driver: JourneyDriver,
  kind: JourneyFact['kind'],
  data: JsonObject,
): void {
  const id = driver.newId()
  state.lastFactAtMs = Math.max(driver.now(), state.lastFactAtMs + 1)
  const isPassed = kind === 'card.left' || kind === 'card.failed'
  const spentMs = isPassed && state.within ? driver.now() - state.within.enteredAtMs : undefined
  driver.record({
    id,
    atMs: state.lastFactAtMs,
    kind,
    causeId: state.causeId,
    data,
    ...(spentMs !== undefined && { spentMs }),
  })
  state.causeId = id
}

/** A run that was frozen goes on as if that time had not been. */
export function shiftVisit({ within }: JourneyState, byMs: number): void {
  if (!within || byMs <= 0) return
  within.enteredAtMs += byMs
  if (within.dueAtMs !== undefined) within.dueAtMs += byMs
  for (const { op, result } of within.journal) {
    if (op === 'send') (result as { atMs: number }).atMs += byMs
  }
}
