import type { z } from 'zod'
import type { AttributeType } from '../../model/event-attributes.ts'
import type { JsonObject } from '../../model/json.ts'
import type { journeyDefinitionSchema } from '../../model/journey-definition.ts'
import type { ScriptedEvent, ScriptedReply } from '../../simulation/simulation.ts'

/** A journey that is ready to be installed, and what must be there for it to run. */
export interface JourneyTemplate {
  name: string
  title: string
  description: string
  needs: {
    /** Event types that somebody must tell of, with their attributes. */
    events: Record<string, Record<string, AttributeType>>
    /** Custom attributes that its cards write or read. */
    attributes: Record<string, AttributeType>
    /** WhatsApp templates that must be approved, by their names in the library. */
    templates: string[]
    /** Segments that are to be chosen, by the id that stands for each in the definition. */
    segments: Record<string, string>
  }
  definition: z.input<typeof journeyDefinitionSchema>
  /** What it does, told as a story: each must come true in the simulator. */
  stories: JourneyStory[]
}

export interface JourneyStory {
  says: string
  vars?: JsonObject
  /** Nobody has written to us before: only templates may be sent. */
  windowOpen?: boolean
  replies?: ScriptedReply[]
  events?: ScriptedEvent[]
  expected: {
    /** Cards in the order of their visits. */
    cards: string[]
    outcome: string
    goalReached?: boolean
    /** Part of the text of some message. */
    text?: string
    /** Hours from the start to the end. */
    hours?: number
  }
}

/** Stands for "Stop messages" among a template's buttons. */
export const optOut = {
  type: 'dnd',
  title: 'No more offers',
  settings: { state: 'opted_out', category: 'marketing' },
  next: { next: 'unwanted' },
} as const

/** Somebody of the business takes over. */
export function handOff(note: string, next: { back: string; nobody: string }) {
  return {
    type: 'handoff',
    title: 'A person answers',
    settings: { to: 'anyone', note, timeout: { amount: 8, unit: 'hours' } },
    next: { 'handed-back': next.back, timeout: next.nobody },
  }
}

export function end(outcome: string, goalReached?: boolean) {
  return {
    type: 'end-conversation',
    settings: { outcome, ...(goalReached !== undefined && { goalReached }) },
  }
}
