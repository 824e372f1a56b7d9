import type { JourneyDefinition } from '../model/journey-definition.ts'
import { listPlaceholders, templateProblems } from '../model/template.ts'
import { failed, interrupted } from '../../workflows/cards/card.ts'
import type { CheckedCard, FieldProblem } from './validate-journey.ts'

/** Cards that nothing leads to, ways out that end the run silently, and a journey that nothing can start. */
export function warnOfConnections(definition: JourneyDefinition, checked: CheckedCard[]): FieldProblem[] {
  const reached = reachableFrom(definition.start, checked)
  const lost = checked
    .filter(({ id }) => !reached.has(id))
    .map(({ id }) => warning(`cards.${id}`, 'no way leads to this card', id))
  const unstartable =
    definition.triggers.length > 0 ? [] : [warning('triggers', 'without a trigger nothing can start it')]
  return [...unstartable, ...lost, ...checked.flatMap((card) => openOutlets(card, definition))]
}

const roots = ['contact', 'vars', 'event']

/** Texts whose placeholders may stay empty: a card refuses to send a gap, so the run would get stuck there. */
export function warnOfPlaceholders({ id, settings }: CheckedCard): FieldProblem[] {
  return textsIn(settings, `cards.${id}.settings`).flatMap(({ field, text }) =>
    listPlaceholders(text).flatMap(({ path, fallback }) => {
      const known = path === 'now' || roots.some((root) => path.startsWith(`${root}.`))
      if (!known) {
        const message = `{{${path}}} never has a value: begin with contact., vars. or event.`
        return [warning(field, message, id)]
      }
      if (fallback !== undefined || path === 'now') return []
      return [warning(field, `{{${path}}} may have no value: give a fallback, {{${path} | "something"}}`, id)]
    }),
  )
}

/** Texts that would fail at every contact: filters that there are none of, arguments that say nothing. */
export function textErrors({ id, settings }: CheckedCard): FieldProblem[] {
  return textsIn(settings, `cards.${id}.settings`).flatMap(({ field, text }) =>
    templateProblems(text).map((message) => ({ severity: 'error' as const, card: id, field, message })),
  )
}

function reachableFrom(start: string, checked: CheckedCard[]): Set<string> {
  const byId = new Map(checked.map((each) => [each.id, each]))
  const reached = new Set<string>()
  const todo = [start]
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const from = byId.get(id)
    if (!from || reached.has(id)) continue
    reached.add(id)
    const { node, card, settings } = from
    for (const target of [...Object.values(node.next), ...(card.jumps?.(settings) ?? [])]) {
      if (target !== null) todo.push(target)
    }
  }
  return reached
}

/** Of a card that branches, each way out is somebody's: one that leads nowhere ends the run there. */
function openOutlets(
  { id, node, card, settings }: CheckedCard,
  definition: JourneyDefinition,
): FieldProblem[] {
  const isUsed = ({ id: outlet }: { id: string }) =>
    outlet !== failed.id && (outlet !== interrupted.id || definition.whenInterrupted === 'leave')
  const outlets = card.outlets(settings).filter(isUsed)
  if (outlets.length < 2) return []
  return outlets
    .filter((outlet) => !node.next[outlet.id])
    .map((outlet) =>
      warning(`cards.${id}.next.${outlet.id}`, `"${outlet.label}" leads nowhere: the run ends there`, id),
    )
}

function textsIn(value: unknown, field: string): { field: string; text: string }[] {
  if (typeof value === 'string') return [{ field, text: value }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, child]) => textsIn(child, `${field}.${key}`))
}

function warning(field: string, message: string, card?: string): FieldProblem {
  return { severity: 'warning', ...(card !== undefined && { card }), field, message }
}
