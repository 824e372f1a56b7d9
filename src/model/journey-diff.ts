import type { JourneyCard, JourneyDefinition } from './journey-definition.ts'
import type { Json } from './json.ts'

/** A value that is not the same in two versions; what a version does not say is null. */
export interface SettingChange {
  /** JSON path, e.g. `delay.duration.amount`. */
  field: string
  from: Json
  to: Json
}
export interface CardChange {
  card: string
  /** `renamed`: it does what it did. */
  change: 'added' | 'deleted' | 'changed' | 'renamed'
  title: string | null
  type: { from: string | null; to: string | null }
  settings: SettingChange[]
  connections: { outlet: string; from: string | null; to: string | null }[]
}
export interface JourneyDiff {
  cards: CardChange[]
  triggers: { added: Json[]; deleted: Json[] }
  /** Of the journey itself. */
  settings: SettingChange[]
}

/** What a later version does otherwise. Where cards stand on the canvas is nothing that a run could notice. */
export function diffJourneys(from: JourneyDefinition, to: JourneyDefinition): JourneyDiff {
  const { cards: fromCards, triggers: fromTriggers, ...fromFrame } = from
  const { cards: toCards, triggers: toTriggers, ...toFrame } = to
  const ids = [...new Set([...Object.keys(fromCards), ...Object.keys(toCards)])].toSorted()
  return {
    cards: ids.flatMap((id) => diffCards(id, own(fromCards, id), own(toCards, id))),
    triggers: {
      added: without(toTriggers, fromTriggers),
      deleted: without(fromTriggers, toTriggers),
    },
    settings: diffValues(fromFrame, toFrame, ''),
  }
}

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function diffCards(card: string, from: JourneyCard | undefined, to: JourneyCard | undefined): CardChange[] {
  const type = { from: from?.type ?? null, to: to?.type ?? null }
  const title = to?.title ?? from?.title ?? null
  const same = { card, title, type }
  if (!from) return [{ ...same, change: 'added', settings: [], connections: [] }]
  if (!to) return [{ ...same, change: 'deleted', settings: [], connections: [] }]
  const settings = diffValues(from.settings as Json, to.settings as Json, '')
  const connections = diffConnections(from.next, to.next)
  if (type.from !== type.to || settings.length > 0 || connections.length > 0)
    return [{ ...same, change: 'changed', settings, connections }]
  return from.title === to.title ? [] : [{ ...same, change: 'renamed', settings, connections }]
}

/** An outlet that leads nowhere may be named or not. */
function diffConnections(from: JourneyCard['next'], to: JourneyCard['next']): CardChange['connections'] {
  const outlets = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  return outlets
    .map((outlet) => ({ outlet, from: own(from, outlet) ?? null, to: own(to, outlet) ?? null }))
    .filter((each) => each.from !== each.to)
}

function diffValues(from: Json | undefined, to: Json | undefined, field: string): SettingChange[] {
  if (isSame(from, to)) return []
  const below = (name: string) => (field === '' ? name : `${field}.${name}`)
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    return names.flatMap((name) => diffValues(own(from, name), own(to, name), below(name)))
  }
  // A list that grew or shrank has other items at every place.
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return from.flatMap((each, at) => diffValues(each, to[at], below(String(at))))
  return [{ field, from: from ?? null, to: to ?? null }]
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The order of an object's names says nothing. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, at) => isSame(each, b[at]))
  if (!isObject(a) || !isObject(b)) return a === b
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => isSame(own(a, name), own(b, name)))
}

/** Those that the others do not have, each as often as it is missing. */
function without(items: Json[], others: Json[]): Json[] {
  const left = [...others]
  return items.filter((item) => {
    const at = left.findIndex((other) => isSame(item, other))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
