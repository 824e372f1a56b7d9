import type { z } from 'zod'
import type { Condition } from '../../src/model/conditions.ts'
import type { AttributeType } from '../../src/model/event-attributes.ts'
import type { JsonObject, Json } from '../../src/model/json.ts'
import type { MessageContent } from '../../src/model/message.ts'
import type { Reply } from '../../src/model/reply.ts'

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

/** Everything a card may do. Two drivers implement it: the Temporal workflow and the simulator. */
export interface CardContext {
  readonly contactId: string
  readonly cardId: string
  readonly vars: JsonObject
  readonly lastReply: Reply | undefined
  now(): number
  loadContact(): Promise<ContactView>
  /** Sends at most once, whatever is retried. With `ask` the journey takes the floor. Throws `CardFailure`. */
  send(content: MessageContent, options?: { ask?: boolean }): Promise<void>
  /** The next answer, or undefined when the instant passes first. Only after a `send` with `ask`. */
  waitForReply(untilMs: number): Promise<Reply | undefined>
  sleepUntil(untilMs: number): Promise<void>
  /** The event's attributes, or undefined when the instant passes first. */
  waitForEvent(
    event: string,
    condition: Condition | undefined,
    untilMs: number,
  ): Promise<JsonObject | undefined>
  set(name: string, value: Json): void
  setAttributes(attributes: JsonObject): Promise<void>
  endConversation(input: {
    close: boolean
    goalReached: boolean | undefined
    label: string | undefined
  }): Promise<void>
}

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
  /** What the schema cannot see, as `[field, message]`: checked before publishing. */
  check?(settings: Settings, cardIds: ReadonlySet<string>): [field: string, message: string][]
}

/** Erases the settings' type so that cards stand in one registry; each parses what it is given. */
export function defineCard<Settings>(card: Card<Settings>): Card {
  return {
    ...card,
    outlets: (settings) => card.outlets(card.settings.parse(settings)),
    run: (context, settings) => card.run(context, card.settings.parse(settings)),
    ...(card.jumps && { jumps: (settings) => card.jumps?.(card.settings.parse(settings)) ?? [] }),
    ...(card.writes && { writes: (settings) => card.writes?.(card.settings.parse(settings)) ?? [] }),
    ...(card.check && { check: (settings, ids) => card.check?.(card.settings.parse(settings), ids) ?? [] }),
  }
}

/** A card that cannot do its work: it leaves by `failed` when that leads somewhere, else the run parks. */
export class CardFailure extends Error {
  readonly code: string

  constructor(code: string, reason: string) {
    super(reason)
    this.name = 'CardFailure'
    this.code = code
  }
}

export const next: Outlet = { id: 'next', label: 'Next' }
export const failed: Outlet = { id: 'failed', label: 'Failed' }
export const timeout: Outlet = { id: 'timeout', label: 'No answer in time' }
