import type { z } from 'zod'
import type { Condition } from '../../src/model/conditions.ts'
import type { AttributeType } from '../../src/model/event-attributes.ts'
import type { JsonObject, Json } from '../../src/model/json.ts'
import type { MediaKind } from '../../src/model/media.ts'
import type { MessageContent } from '../../src/model/message.ts'
import type { Reply } from '../../src/model/reply.ts'
import type { EffectInput, EffectName, EffectOutput } from './effects.ts'

export interface Outlet {
  id: string
  label: string
}

/** A contact as cards and texts see one. Read when needed: months may pass between two cards. */
export interface ContactView {
  [key: string]: Json | undefined
  id: string
  first_name?: string
  name?: string
  tags: string[]
  time_zone?: string
  attributes: JsonObject
}

/**
 * Everything a card may do. Two drivers implement it: the Temporal workflow and the simulator. What a visit has awaited is
 * kept in the run's state: a card that is interrupted in a wait is run again from its start, and each operation that was
 * done returns what it returned. So the order of a card's operations follows from its settings and their results alone.
 */
export interface CardContext {
  /** Undefined in a run without a contact. */
  readonly contactId: string | undefined
  readonly cardId: string
  /** 1 at the first visit of this card. */
  readonly visit: number
  readonly vars: JsonObject
  readonly lastReply: Reply | undefined
  /** What is said now answers the customer: no wait has ended by itself since they wrote. */
  readonly isAnswering: boolean
  /** When this visit began; moved on by the time that the run was frozen. Waits count from here. */
  readonly enteredAtMs: number
  now(): number
  /** Throws `CardFailure` in a run without a contact, as everything does that needs one. */
  loadContact(): Promise<ContactView>
  /** Index of the first condition that holds, -1 when none does; the contact's history is loaded where one needs it. */
  judge(conditions: Condition[]): Promise<number>
  /**
   * Sends at most once, whatever is retried. With `ask` the journey takes the floor. Throws `CardFailure`.
   * @param options `waitMs`: how long the card will wait for the answer, for those who look on.
   * @returns when it was sent, and the id of its row.
   */
  send(
    content: MessageContent,
    options?: { ask?: boolean; waitMs?: number },
  ): Promise<{ atMs: number; messageId: string }>
  /** The next answer, or undefined when the instant passes first. Only after a `send` with `ask`. */
  waitForReply(untilMs: number): Promise<Reply | undefined>
  sleepUntil(untilMs: number): Promise<void>
  /**
   * The event's attributes, or undefined when the instant passes first.
   * @param sinceMessage what came after this message was planned counts too: it may be answered before anybody waits.
   */
  waitForEvent(
    event: string,
    condition: Condition | undefined,
    untilMs: number,
    sinceMessage?: string,
  ): Promise<JsonObject | undefined>
  set(name: string, value: Json): void
  /** Whatever else a card does to the world. Throws `CardFailure`. */
  perform<K extends EffectName>(name: K, input: EffectInput<K>): Promise<EffectOutput<K>>
  endConversation(input: {
    close: boolean
    goalReached: boolean | undefined
    label: string | undefined
  }): Promise<void>
}

/** Something that a card names and the workspace must have; `field` is the setting that names it. */
export type CardReference = { field: string } & (
  | { kind: 'media'; id: string; as: MediaKind }
  | { kind: 'flow'; id: string; mode: 'published' | 'draft' }
  | { kind: 'catalog'; id: string }
  | { kind: 'product'; catalog: string; id: string }
  | { kind: 'segment'; id: string }
  | { kind: 'journey'; id: string }
  | { kind: 'connection'; id: string; integration: string }
  | { kind: 'script'; code: string }
  | { kind: 'template'; name: string; values: JsonObject }
)

export interface Card<Settings = unknown> {
  type: string
  group: 'display' | 'rule' | 'utility' | 'plugin'
  label: string
  icon: string
  settings: z.ZodType<Settings, unknown>
  outlets(settings: Settings): Outlet[]
  /** Returns the id of the outlet to leave by. */
  run(context: CardContext, settings: Settings): Promise<string>
  /** Cards that it leads to without a connection on the canvas. */
  jumps?(settings: Settings): string[]
  /** Contact attributes that it sets, with the type of its values and the setting that names each. */
  writes?(settings: Settings): { name: string; type: AttributeType; field: string }[]
  /** What of the workspace's it names: publishing checks that it is there. */
  refers?(settings: Settings): CardReference[]
  /** What the card takes an answer for, whatever it does then: answers are kept as rows before the run has them. */
  reads?(settings: Settings, reply: Reply): { value: Json; isValid: boolean }
  /** What the schema cannot see, as `[field, message]`: checked before publishing. */
  check?(settings: Settings, cardIds: ReadonlySet<string>): [field: string, message: string][]
}

/** Erases the settings' type so that cards stand in one registry; each parses what it is given, an object once. */
export function defineCard<Settings>(card: Card<Settings>): Card {
  const parsed = new WeakMap<object, Settings>()
  const read = (settings: unknown): Settings => {
    if (typeof settings !== 'object' || settings === null) return card.settings.parse(settings)
    const known = parsed.get(settings)
    if (known !== undefined) return known
    const fresh = card.settings.parse(settings)
    parsed.set(settings, fresh)
    return fresh
  }
  return {
    ...card,
    outlets: (settings) => card.outlets(read(settings)),
    run: (context, settings) => card.run(context, read(settings)),
    ...(card.jumps && { jumps: (settings) => card.jumps?.(read(settings)) ?? [] }),
    ...(card.writes && { writes: (settings) => card.writes?.(read(settings)) ?? [] }),
    ...(card.refers && { refers: (settings) => card.refers?.(read(settings)) ?? [] }),
    ...(card.reads && { reads: (settings, reply) => card.reads?.(read(settings), reply) ?? unread }),
    ...(card.check && { check: (settings, ids) => card.check?.(read(settings), ids) ?? [] }),
  }
}

const unread = { value: null, isValid: false }

/** A card that cannot do its work: it leaves by `failed` when that leads somewhere, else the run parks. */
export class CardFailure extends Error {
  readonly code: string

  constructor(code: string, reason: string) {
    super(reason)
    this.name = 'CardFailure'
    this.code = code
  }
}

/** Thrown by a wait that is over for another reason than the card's own: it leaves by this outlet. */
export class LeaveBy extends Error {
  readonly outlet: string

  constructor(outlet: string) {
    super(`leave by ${outlet}`)
    this.name = 'LeaveBy'
    this.outlet = outlet
  }
}

/** Thrown by a wait when the run must come to a boundary now: it is held, or moved to another version. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}

export const next: Outlet = { id: 'next', label: 'Next' }
export const failed: Outlet = { id: 'failed', label: 'Failed' }
export const timeout: Outlet = { id: 'timeout', label: 'No answer in time' }
/** Of every card that waits for an answer: another journey has asked this contact something in the meantime. */
export const interrupted: Outlet = { id: 'interrupted', label: 'Another journey took the chat' }
