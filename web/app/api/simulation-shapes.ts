import type { JsonObject } from '../../../src/model/json.ts'

/** What the platform API answers about simulations, as far as the screens read it. */
export interface SimulationLine {
  id: string
  version: number | null
  state: 'queued' | 'running' | 'completed' | 'cancelled' | 'failed'
  audience: { kind: string; count?: number; segmentId?: string }
  seed: number
  contacts: number
  done: number
  error: string | null
  createdAt: string
  endedAt: string | null
}
export interface Simulation extends SimulationLine {
  result: SimulationResult | null
}

interface Peak {
  at: string
  count: number
}
export interface SimulationResult {
  contacts: number
  ends: { completed: number; exited: Record<string, number>; stuck: number; inside: number }
  goal: { reached: number; missed: number; undecided: number }
  cards: {
    card: string
    entered: number
    outlets: Record<string, number>
    failed: Record<string, number>
    inside: number
    ended: number
    messages: number
  }[]
  paths: {
    distinct: number
    paths: {
      steps: { card: string; outlet: string }[]
      end: string
      contacts: number
      example: number
    }[]
  }
  sends: {
    total: number
    hours: { at: string; sends: number; opened: number }[]
    busiestHour: Peak | null
    messagesPerSecond: number
    longestQueue: { at: string; messages: number; delaySeconds: number } | null
    messagingLimit: number | null
    busiestDay: Peak | null
    exceedsMessagingLimit: boolean
  }
  cost: {
    currencies: {
      currency: string
      total: string
      lines: { category: string; country: string; messages: number; cost: string }[]
    }[]
    free: number
    unpriced: { category: string; country: string; messages: number }[]
  }
  violations: {
    kind: string
    severity: 'error' | 'warning'
    card: string | null
    message: string
    contacts: number
    examples: number[]
  }[]
  finish: { median: string; latest: string } | null
}

export interface SimulatedContact {
  n: number
  state: string
  reason: string
  startedAt: string
  finishedAt: string
  changed: boolean
  /** Null of made-up contacts, who always enter. */
  entry: { mayEnter: boolean; obstacles: string[] } | null
  problem: { cardId: string; code: string; reason: string } | null
  contact: { firstName: string | null; phone: string | null; country: string | null }
  trace: { at: string; kind: string; words: string; data: JsonObject }[]
}

export interface Assertion {
  id: string
  name: string
  scene: JsonObject
  expectations: JsonObject[]
}
export interface AssertionResult {
  name: string
  passed: boolean
  failures: { expectation: number; message: string }[]
}
export interface Certification {
  id: string
  state: 'running' | 'passed' | 'failed'
  createdAt: string
  endedAt: string | null
  rehearsals: {
    n: number
    steps: { card: string; outlet: string }[]
    operations: number
    state: 'running' | 'passed' | 'failed'
    difference: string | null
  }[]
}
