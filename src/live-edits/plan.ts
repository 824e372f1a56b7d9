import { z } from 'zod'
import type { FieldError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { CardChange, JourneyDiff } from '../model/journey-diff.ts'
import type { CardFate } from '../../workflows/cards/journey-state.ts'

const card = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _')
const timing = z.enum(['keep-elapsed', 'restart', 'keep-deadline']).meta({
  description:
    'of a wait under way: the time that has passed counts, or it begins anew, or it ends when it would have',
})

const fateSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('stay') }),
    z.strictObject({
      action: z.literal('move'),
      card: card.optional().meta({ description: 'of the new version; the same one when absent' }),
      timing: timing.default('keep-elapsed'),
    }),
    z.strictObject({ action: z.literal('exit'), reason: z.string().trim().min(1).max(200).optional() }),
    z.strictObject({
      action: z.literal('re-evaluate'),
      card: card.optional().meta({ description: 'that it enters anew; the same one when absent' }),
    }),
  ])
  .meta({ id: 'CardPlan' })

/** What becomes of the people inside, by the card where they stand. */
export const planSchema = z
  .strictObject({
    cards: z.record(card, fateSchema).default({}),
    unchanged: z.enum(['move', 'stay']).default('move').meta({
      description: 'of people at cards that the versions share: into the new version, or left in theirs',
    }),
  })
  .meta({ id: 'MigrationPlan' })
export type Plan = z.output<typeof planSchema>

/** People of one version, seen from the version that they are to move to. */
export interface Source {
  id: string
  number: number
  definition: JourneyDefinition
  diff: JourneyDiff
  /** People by card. */
  inside: Record<string, number>
}

/** By card of the source. Cards that it does not name keep their people, in the new version. */
export function fatesOf(
  plan: Plan,
  { definition, diff }: Pick<Source, 'definition' | 'diff'>,
): Record<string, CardFate> {
  const decisive = new Set(diff.cards.filter(isDecisive).map((change) => change.card))
  return Object.fromEntries(
    Object.keys(definition.cards).flatMap((id): [string, CardFate][] => {
      const planned = Object.hasOwn(plan.cards, id) ? plan.cards[id] : undefined
      if (planned) return [[id, fateOf(id, planned)]]
      // Nobody stood here when the plan was made: who came since is not moved without a word.
      return decisive.has(id) || plan.unchanged === 'stay' ? [[id, { action: 'stay' }]] : []
    }),
  )
}

function fateOf(id: string, planned: Plan['cards'][string]): CardFate {
  switch (planned.action) {
    case 'stay':
      return { action: 'stay' }
    case 'exit':
      return { action: 'exit', reason: planned.reason ?? 'ended by a migration of its journey' }
    case 're-evaluate':
      return { action: 'move', card: planned.card ?? id, timing: 'restart' }
    case 'move':
      return { action: 'move', card: planned.card ?? id, timing: planned.timing }
  }
}

/** What people at a card would meet otherwise. */
function isDecisive({ change }: CardChange): boolean {
  return change === 'changed' || change === 'deleted'
}

/** What keeps a plan from being carried out. @param name of the version that people are to move to */
export function checkPlan(plan: Plan, sources: Source[], to: JourneyDefinition, name: string): FieldError[] {
  const named = Object.entries(plan.cards).flatMap(([id, planned]): FieldError[] => {
    const field = `plan.cards.${id}`
    // When nobody is inside there is no card of theirs to hold it against.
    if (sources.length > 0 && !sources.some(({ definition }) => Object.hasOwn(definition.cards, id)))
      return [
        { field, message: `nobody can stand at "${id}": no version that people are in has such a card` },
      ]
    const fate = fateOf(id, planned)
    if (fate.action !== 'move' || Object.hasOwn(to.cards, fate.card)) return []
    const isGiven = 'card' in planned && planned.card !== undefined
    if (sources.length === 0 && !isGiven) return []
    return [{ field: isGiven ? `${field}.card` : field, message: `${name} has no card "${fate.card}"` }]
  })
  return [...named, ...listUnplanned(plan, sources, name)]
}

/** Each card that the new version changes or does not have, where somebody stands, and of which the plan says nothing. */
function listUnplanned(plan: Plan, sources: Source[], name: string): FieldError[] {
  const people = new Map<string, { count: number; change: CardChange['change'] }>()
  for (const { diff, inside } of sources) {
    for (const change of diff.cards.filter(isDecisive)) {
      const count = (people.get(change.card)?.count ?? 0) + (inside[change.card] ?? 0)
      people.set(change.card, { count, change: change.change })
    }
  }
  return [...people]
    .filter(([id, { count }]) => count > 0 && !Object.hasOwn(plan.cards, id))
    .map(([id, { count, change }]) => ({
      field: `plan.cards.${id}`,
      message: `${count} stand at this card, which ${name} ${change === 'deleted' ? 'does not have' : 'changes'}: say whether they stay, move, exit or are re-evaluated`,
    }))
}
