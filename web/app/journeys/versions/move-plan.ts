import type { Diff, Occupancy } from '../../api/journey-shapes.ts'
import { paceOf, type Pace } from '../../forms/pace-fields.tsx'

export const fateWords = {
  move: 'go on in the new version',
  stay: 'stay in their version',
  're-evaluate': 'do the card anew',
  exit: 'leave the journey',
}
export type FateAction = keyof typeof fateWords
export const timingWords = {
  'keep-elapsed': 'time that has passed counts',
  restart: 'the wait begins anew',
  'keep-deadline': 'the wait ends when it would have',
}

/** What becomes of the people at one card. */
export interface Fate {
  action: FateAction
  card?: string
  timing?: keyof typeof timingWords
  reason?: string
}
export interface MovePlan {
  cards: Record<string, Fate>
  unchanged: 'move' | 'stay'
  pace: Pace
}

/** Cards whose people need a word of their own: changed or gone, and somebody stands there. */
export function decisiveCards(diffs: Diff['cards'], occupancy: Occupancy[]) {
  const inside = new Map<string, number>()
  for (const { card, inside: count } of occupancy) inside.set(card, (inside.get(card) ?? 0) + count)
  return diffs
    .filter(({ change, card }) => change !== 'added' && change !== 'renamed' && (inside.get(card) ?? 0) > 0)
    .map(({ card, change, title }) => ({ card, change, title, inside: inside.get(card) ?? 0 }))
}

/** As the API takes it. */
export function toPlan({ cards, unchanged }: MovePlan) {
  const fates = Object.entries(cards).map(([id, { action, card, timing, reason }]) => [
    id,
    {
      action,
      ...((action === 'move' || action === 're-evaluate') && card && { card }),
      ...(action === 'move' && timing && { timing }),
      ...(action === 'exit' && reason && { reason }),
    },
  ])
  return { cards: Object.fromEntries(fates), unchanged }
}

export function toMigration(plan: MovePlan) {
  return { plan: toPlan(plan), ...paceOf(plan.pace) }
}
