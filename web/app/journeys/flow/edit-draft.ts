import type { JsonObject } from '../../../../src/model/json.ts'
import type { CardType, DraftCard } from '../../api/journey-shapes.ts'
import { sayValue } from '../../ui/words.ts'

export type Cards = Record<string, DraftCard>

/** A draft may hold anything: what is no card is left out here, and stays in the draft. */
export function cardsOf(draft: JsonObject): Cards {
  const given = isObject(draft['cards']) ? draft['cards'] : {}
  return Object.fromEntries(
    Object.entries(given).flatMap(([id, node]): [string, DraftCard][] => {
      if (!isObject(node) || typeof node['type'] !== 'string') return []
      const title = typeof node['title'] === 'string' ? { title: node['title'] } : {}
      const settings = isObject(node['settings']) ? node['settings'] : {}
      const next = isObject(node['next']) ? (node['next'] as DraftCard['next']) : {}
      return [[id, { type: node['type'], ...title, settings, next }]]
    }),
  )
}

function startOf(draft: JsonObject): string {
  return typeof draft['start'] === 'string' ? draft['start'] : ''
}

/** As one comes to them from the start; those that no way leads to come last. */
export function inFlowOrder(draft: JsonObject): string[] {
  const cards = cardsOf(draft)
  const order = new Set(Object.hasOwn(cards, startOf(draft)) ? [startOf(draft)] : [])
  for (const id of order) {
    for (const target of Object.values(cards[id]?.next ?? {}))
      if (target !== null && Object.hasOwn(cards, target)) order.add(target)
  }
  return [...new Set([...order, ...Object.keys(cards)])]
}

export function withCard(draft: JsonObject, id: string, change: Partial<DraftCard>): JsonObject {
  const cards = rawCards(draft)
  const { title, ...rest } = { ...(isObject(cards[id]) ? cards[id] : {}), ...change }
  return { ...draft, cards: { ...cards, [id]: { ...rest, ...(title ? { title } : {}) } } }
}

function withConnection(
  draft: JsonObject,
  { id, outlet, target }: { id: string; outlet: string; target: string | null },
): JsonObject {
  const next = { ...cardsOf(draft)[id]?.next, [outlet]: target }
  return withCard(draft, id, { next })
}

/** Where a new card goes: first of all, or after a way out of another. What came there comes after it. */
export interface Place {
  after: string
  outlet: string
}

export function withNewCard(
  draft: JsonObject,
  { type, settings, outlets }: CardType,
  place: Place | undefined,
): { draft: JsonObject; id: string } {
  const cards = rawCards(draft)
  const id = freeId(type, cards)
  const following = place ? cardsOf(draft)[place.after]?.next[place.outlet] : startOf(draft)
  const first = outlets?.[0]?.id
  const leadsOn = first !== undefined && following ? { [first]: following } : {}
  const made = {
    ...draft,
    cards: { ...cards, [id]: { type, settings: defaultsOf(settings), next: leadsOn } },
  }
  if (!place) return { draft: { ...made, start: id }, id }
  return { draft: withConnection(made, { id: place.after, outlet: place.outlet, target: id }), id }
}

/** Ways that led to the card lead to what came after it, where that is one card. */
export function withoutCard(draft: JsonObject, id: string): JsonObject {
  const { [id]: removed, ...rest } = cardsOf(draft)
  const { [id]: _, ...raw } = rawCards(draft)
  const targets = new Set(Object.values(removed?.next ?? {}).filter((target) => target !== null))
  const heir = targets.size === 1 && !targets.has(id) ? ([...targets][0] ?? null) : null
  const mended = Object.entries(rest).flatMap(([each, { next }]): [string, JsonObject][] => {
    if (!Object.values(next).includes(id)) return []
    const ways = Object.entries(next).map(([outlet, target]) => [outlet, target === id ? heir : target])
    return [[each, { ...(raw[each] as JsonObject), next: Object.fromEntries(ways) as JsonObject }]]
  })
  const start = startOf(draft) === id ? (heir ?? Object.keys(rest)[0] ?? '') : startOf(draft)
  return { ...draft, start, cards: { ...raw, ...Object.fromEntries(mended) } }
}

/** Variables that the cards keep something in or speak of, for those who choose one. */
export function variablesOf(draft: JsonObject): string[] {
  const found = JSON.stringify(draft).matchAll(/"variable":"([\w-]+)"|\bvars\.([\w-]+(?:\.[\w-]+)*)/g)
  return [...new Set([...found].map(([, kept, spoken]) => kept ?? spoken ?? ''))].toSorted()
}

/** What the card says or does, in a line: the first text among its settings. */
export function summaryOf({ settings }: DraftCard): string {
  for (const name of ['text', 'body', 'question', 'template', 'url', 'card', 'event', 'outcome', 'note']) {
    const value = settings[name]
    if (typeof value === 'string' && value !== '') return value
  }
  const tags = settings['tags'] ?? settings['labels']
  if (Array.isArray(tags)) return sayValue(tags)
  return delayWords(settings['delay'])
}

function delayWords(delay: unknown): string {
  if (!isObject(delay)) return ''
  const duration = isObject(delay['duration']) ? delay['duration'] : undefined
  if (duration) return `${sayValue(duration['amount'])} ${sayValue(duration['unit'])}`
  const when = delay['at'] ?? delay['time'] ?? delay['attribute']
  return typeof when === 'string' ? `until ${when}` : ''
}

function defaultsOf(schema: CardType['settings']): JsonObject {
  const properties = Object.entries(schema.properties ?? {})
  return Object.fromEntries(
    properties.flatMap(([name, { default: usual }]) => (usual === undefined ? [] : [[name, usual]])),
  )
}

function freeId(type: string, cards: JsonObject): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? type : `${type}-${n}`
    if (!Object.hasOwn(cards, id)) return id
  }
}

function rawCards(draft: JsonObject): JsonObject {
  return isObject(draft['cards']) ? draft['cards'] : {}
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
