import type { JsonObject } from '../model/json.ts'
import { toText } from '../model/json.ts'
import type { SimulatedFact } from './simulation.ts'

/** Something that would go wrong, or not as meant. */
export interface Violation {
  /** `window_closed`, `template_not_sendable`, `missing_variable`, `opted_out`, `quiet_hours`, `loop_guard` … */
  kind: string
  /** Warnings are what the product takes care of by itself. */
  severity: 'error' | 'warning'
  card: string | null
  message: string
  /** Contacts that it happens to, and times; both 0 of what does not depend on contacts. */
  contacts: number
  times: number
  /** Numbers of contacts to look at. */
  examples: number[]
}

const maximumExamples = 10
/** The guards of sending hold these back; nobody gets what they should not. */
const warnings = new Set([
  'opted_out',
  'unreachable',
  'quiet_hours',
  'frequency_cap',
  'minimum_gap',
  'reply_wins',
])

/** Gathers what went wrong in the runs, one run after the other, by kind and card. */
export function createViolations() {
  const found = new Map<string, Violation & { lastContact: number }>()
  let contact = -1
  /** The failure that follows from a fault which the request ordered is no finding. */
  let injectedAt: string | undefined

  function note(kind: string, card: string | null, message: string): void {
    const key = `${kind} ${card ?? ''}`
    let known = found.get(key)
    if (!known) {
      const severity = warnings.has(kind) ? ('warning' as const) : ('error' as const)
      known = { kind, severity, card, message, contacts: 0, times: 0, examples: [], lastContact: -1 }
      found.set(key, known)
    }
    known.times += 1
    if (known.lastContact === contact) return
    known.lastContact = contact
    known.contacts += 1
    if (known.examples.length < maximumExamples) known.examples.push(contact)
  }

  return {
    begin(n: number): void {
      contact = n
      injectedAt = undefined
    },
    take({ kind, data }: SimulatedFact): void {
      if (kind === 'fault.injected') injectedAt = toText(data['card'])
      else if (kind === 'message.deferred') note(codeOf(data), toText(data['card']), toText(data['reason']))
      else if (kind === 'card.failed') {
        const card = toText(data['card'])
        if (injectedAt !== card) note(codeOf(data), card, toText(data['reason']))
        injectedAt = undefined
      }
    },
    cutOff(card: string | null, reason: string): void {
      note('loop_guard', card, reason)
    },
    /** What holds for the journey as a whole. */
    addStanding(violation: Pick<Violation, 'kind' | 'severity' | 'card' | 'message'>): void {
      const key = `${violation.kind} ${violation.card ?? ''}`
      if (!found.has(key))
        found.set(key, { ...violation, contacts: 0, times: 0, examples: [], lastContact: -1 })
    },
    result: (): Violation[] =>
      [...found.values()]
        .map(({ lastContact: _, ...violation }) => violation)
        .toSorted((a, b) =>
          a.severity === b.severity ? b.contacts - a.contacts : a.severity === 'error' ? -1 : 1,
        ),
  }
}

function codeOf(data: JsonObject): string {
  return toText(data['code'])
}
