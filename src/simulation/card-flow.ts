import type { JsonObject } from '../model/json.ts'
import { toText } from '../model/json.ts'
import type { SimulatedFact } from './simulation.ts'

/** What went through one card. Entered = left by each outlet + inside + ended there. */
export interface CardFlow {
  card: string
  entered: number
  outlets: Record<string, number>
  failed: Record<string, number>
  /** Stuck, or still waiting when the simulation ended. */
  inside: number
  /** The run ended at the card without leaving it: by an opt-out, or by the hand that resolved it. */
  ended: number
  messages: number
}

/** Contacts per card and outlet, counted from the facts of their runs, one run after the other. */
export function createCardFlow(cardIds: string[]) {
  const flows = new Map(cardIds.map((card) => [card, emptyFlow(card)]))
  let current: CardFlow | undefined
  const flowOf = (data: JsonObject): CardFlow => {
    const card = toText(data['card'])
    let flow = flows.get(card)
    if (!flow) flows.set(card, (flow = emptyFlow(card)))
    return flow
  }
  const take: Record<string, (data: JsonObject) => void> = {
    'card.entered': (data) => {
      current = flowOf(data)
      current.entered += 1
    },
    'card.left': (data) => {
      count(flowOf(data).outlets, toText(data['outlet']))
      current = undefined
    },
    'card.failed': (data) => count(flowOf(data).failed, toText(data['code'])),
  }
  return {
    begin(): void {
      current = undefined
    },
    take: ({ kind, data }: SimulatedFact): void => take[kind]?.(data),
    message(card: string): void {
      flowOf({ card }).messages += 1
    },
    /** @param over the run ended, and does not stand at its last card */
    end(over: boolean): void {
      if (current) current[over ? 'ended' : 'inside'] += 1
    },
    result: (): CardFlow[] => [...flows.values()],
  }
}

function emptyFlow(card: string): CardFlow {
  return { card, entered: 0, outlets: {}, failed: {}, inside: 0, ended: 0, messages: 0 }
}

export function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}
