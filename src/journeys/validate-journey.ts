import { toFieldErrors } from '../kit/field-errors.ts'
import { journeyProblems } from '../model/condition-problems.ts'
import {
  journeyDefinitionSchema,
  type JourneyCard,
  type JourneyDefinition,
} from '../model/journey-definition.ts'
import { keywordProblem } from '../model/triggers.ts'
import type { Card } from '../../workflows/cards/card.ts'
import { cards as registry } from '../../workflows/cards/index.ts'
import { textErrors, warnOfConnections, warnOfPlaceholders } from './journey-warnings.ts'

/** What is wrong with a journey, and where. Errors keep it from being published, warnings do not. */
export interface FieldProblem {
  severity: 'error' | 'warning'
  /** The card's id, where it is a card's problem. */
  card?: string
  /** JSON path, e.g. `cards.ask.settings.body`. */
  field: string
  message: string
}

/** A card of a definition, with what the registry says about its type and its settings once they are right. */
export interface CheckedCard {
  id: string
  node: JourneyCard
  card: Card
  settings: unknown
}

/** Judges a draft. Pure; what it returns is complete, errors first. */
export function validateJourney(draft: unknown): FieldProblem[] {
  return checkJourney(draft).problems
}

/** The problems, and the definition with all defaults filled in when there is no error among them. */
export function checkJourney(draft: unknown): {
  problems: FieldProblem[]
  definition: JourneyDefinition | undefined
} {
  const parsed = journeyDefinitionSchema.safeParse(draft)
  if (!parsed.success) {
    const problems = toFieldErrors(parsed.error).map(({ field, message }) => problem(field, message))
    return { problems, definition: undefined }
  }
  const definition = parsed.data
  const errors: FieldProblem[] = [...checkFrame(definition)]
  const checked: CheckedCard[] = []
  for (const [id, node] of Object.entries(definition.cards)) {
    const result = checkCard(id, node, definition)
    errors.push(...result.problems)
    if (!result.checked) continue
    checked.push(result.checked)
    errors.push(...textErrors(result.checked))
  }
  // Warnings about connections would only repeat what is wrong with a card.
  const warnings = errors.length > 0 ? [] : warnOfConnections(definition, checked)
  const problems = [...errors, ...warnings, ...checked.flatMap(warnOfPlaceholders)]
  return { problems, definition: errors.length > 0 ? undefined : withSettings(definition, checked) }
}

function checkFrame({ start, cards, triggers, entry }: JourneyDefinition): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (!Object.hasOwn(cards, start)) problems.push(problem('start', `there is no card "${start}"`))
  if (entry.reentry === 'every-n-days' && entry.days === undefined) {
    problems.push(problem('entry.days', 'say after how many days a contact may enter again'))
  }
  triggers.forEach((trigger, at) => {
    const wrong = keywordProblem(trigger)
    if (wrong) problems.push(problem(`triggers.${at}.keywords`, wrong))
    const unfit = trigger.condition ? journeyProblems(trigger.condition, `triggers.${at}.condition`) : []
    problems.push(...unfit.map(({ field, message }) => problem(field, message)))
  })
  return problems
}

function checkCard(
  id: string,
  node: JourneyCard,
  definition: JourneyDefinition,
): { problems: FieldProblem[]; checked?: CheckedCard } {
  const field = (path: string) => `cards.${id}.${path}`
  const card = Object.hasOwn(registry, node.type) ? registry[node.type] : undefined
  if (!card) return { problems: [problem(field('type'), `there is no card of type "${node.type}"`, id)] }
  const parsed = card.settings.safeParse(node.settings)
  if (!parsed.success) {
    const wrong = toFieldErrors(parsed.error, field('settings'))
    return { problems: wrong.map((each) => problem(each.field, each.message, id)) }
  }
  const cardIds = new Set(Object.keys(definition.cards))
  const own = (card.check?.(parsed.data, cardIds) ?? []).map(([path, message]) =>
    problem(field(`settings.${path}`), message, id),
  )
  const outlets = new Set(card.outlets(parsed.data).map((outlet) => outlet.id))
  const connections = Object.entries(node.next).flatMap(([outlet, target]) => {
    const at = field(`next.${outlet}`)
    if (!outlets.has(outlet)) return [problem(at, `the card has no outlet "${outlet}"`, id)]
    return target === null || cardIds.has(target) ? [] : [problem(at, `there is no card "${target}"`, id)]
  })
  return { problems: [...own, ...connections], checked: { id, node, card, settings: parsed.data } }
}

/** A frozen version holds every default, so that a later change of a default does not reach it. */
function withSettings(definition: JourneyDefinition, checked: CheckedCard[]): JourneyDefinition {
  const cards = checked.map(({ id, node, settings }) => [
    id,
    { ...node, settings: settings as Record<string, unknown> },
  ])
  return { ...definition, cards: Object.fromEntries(cards) as JourneyDefinition['cards'] }
}

function problem(field: string, message: string, card = cardOf(field)): FieldProblem {
  return { severity: 'error', ...(card !== undefined && { card }), field, message }
}

function cardOf(field: string): string | undefined {
  return /^cards\.([^.]+)/.exec(field)?.[1]
}
