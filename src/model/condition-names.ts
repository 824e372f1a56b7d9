import { systemAttributes, isWritableAttribute } from './contact-attributes.ts'
import { listLeaves } from './condition-problems.ts'
import type { Condition, EventCondition } from './conditions.ts'
import type { FieldError } from './errors.ts'
import type { AttributeType } from './event-attributes.ts'
import { isSystemEvent, systemEvents } from './system-events.ts'

/** What a workspace has declared beside what the product brings along. */
export interface DeclaredNames {
  attributes: ReadonlyMap<string, AttributeType>
  /** The types of their attributes by event. */
  events: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** Attributes and events that a condition names and that are nowhere declared: it would never hold. */
export function nameProblems(condition: Condition, field: string, declared: DeclaredNames): FieldError[] {
  return listLeaves(condition, field).flatMap(({ leaf, field: at }) => {
    if (leaf.kind === 'event') return eventProblems(leaf, at, declared)
    if (leaf.kind !== 'compare') return []
    return told(`${at}.path`, contactProblem(leaf.path, declared))
  })
}

function told(field: string, message: string | undefined): FieldError[] {
  return message === undefined ? [] : [{ field, message }]
}

const systemTypes = new Map<string, string>([
  ['id', 'uuid'],
  ...systemAttributes.map(({ name, type }) => [name, type] as const),
])

function contactProblem(path: string, { attributes }: DeclaredNames): string | undefined {
  const [, first = '', ...rest] = path.split('.')
  const isNested = first === 'attributes'
  const [name, ...inside] = isNested ? rest : [first, ...rest]
  if (name === undefined) return 'must name an attribute'
  const isSystem = isNested ? isWritableAttribute(name) : systemTypes.has(name)
  return valueProblem(name, inside, isSystem ? systemTypes.get(name) : attributes.get(name))
}

function valueProblem(name: string, inside: string[], type: string | undefined): string | undefined {
  if (type === undefined) return `there is no attribute "${name}"`
  if (inside.length === 0 || type === 'json') return undefined
  const isOfList = type === 'list' && inside.length === 1 && /^(\d+|length)$/.test(inside[0] ?? '')
  return isOfList ? undefined : `"${name}" is of the type ${type}: there is no "${inside.join('.')}" in it`
}

function eventProblems(leaf: EventCondition, field: string, { events }: DeclaredNames): FieldError[] {
  const { event, where } = leaf
  const ofProduct = isSystemEvent(event) ? systemEvents[event].attributes : undefined
  const ofWorkspace = events.get(event)
  if (!ofProduct && !ofWorkspace) return told(`${field}.event`, `there is no event "${event}"`)
  const types = new Map(Object.entries<string>({ ...ofWorkspace, ...ofProduct }))
  if (!where) return []
  return listLeaves(where, `${field}.where`).flatMap(({ leaf: each, field: at }) => {
    if (each.kind !== 'compare') return []
    const [, name = '', ...inside] = each.path.split('.')
    const type = types.get(name)
    const message =
      type === undefined
        ? `the event "${event}" has no attribute "${name}"`
        : valueProblem(name, inside, type)
    return told(`${at}.path`, message)
  })
}
