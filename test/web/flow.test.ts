import { cardsOf, inFlowOrder, withNewCard, withoutCard } from '../../web/app/journeys/flow/edit-draft.ts'
import { layOutFlow, type Layout } from '../../web/app/journeys/flow/lay-out-flow.ts'
import type { CardType } from '../../web/app/api/journey-shapes.ts'
import type { JsonObject } from '../../src/model/json.ts'

const message: CardType = {
  type: 'message',
  group: 'display',
  label: 'Message',
  settings: { properties: { text: {}, previewUrl: { default: false } } },
  outlets: [
    { id: 'next', label: 'Next' },
    { id: 'failed', label: 'Failed' },
  ],
}
const card = (next: Record<string, string | null>) => ({ type: 'message', settings: {}, next })

/** Cards with some ways out each, forward, back and to themselves, always the same ones. */
function someGraph(size: number, seed: number): Record<string, string[]> {
  let state = seed + 1
  const draw = (below: number) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
    return ((state ^ (state >>> 12)) >>> 0) % below
  }
  const ids = Array.from({ length: size }, (_, at) => `card-${at}`)
  return Object.fromEntries(ids.map((id) => [id, ids.slice(0, 1 + draw(4)).map(() => ids[draw(size)] ?? '')]))
}

function layOut(graph: Record<string, string[]>): Layout {
  const waysOf = (id: string) =>
    [...new Set(graph[id])].map((target) => ({ target, outlets: [{ id: target, label: target }] }))
  return layOutFlow(Object.keys(graph), waysOf)
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))('nothing overlaps in drawing %i', (seed) => {
  const graph = someGraph(2 + seed, seed)
  const { cards, ways, width, height } = layOut(graph)
  expect(cards.map(({ id }) => id).toSorted()).toEqual(Object.keys(graph).toSorted())
  expect(ways).toHaveLength(Object.values(graph).reduce((sum, each) => sum + new Set(each).size, 0))
  const boxes = [...cards, ...ways]
  for (const [at, a] of boxes.entries()) {
    expect([a.x >= 0, a.y >= 0, a.x + a.width <= width, a.y + a.height <= height]).not.toContain(false)
    for (const b of boxes.slice(at + 1)) {
      const isApart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      expect(isApart).toBe(true)
    }
  }
})

test('a way that is no way back leads down', () => {
  const { cards, ways } = layOut(someGraph(25, 7))
  const topOf = (id: string) => cards.find((each) => each.id === id)?.y ?? 0
  const forward = ways.filter(({ way }) => !way.isBack && way.target !== null)
  expect(forward.length).toBeGreaterThan(5)
  for (const { way } of forward) expect(topOf(way.target ?? '')).toBeGreaterThan(topOf(way.from))
})

describe('a draft is edited:', () => {
  const draft: JsonObject = {
    start: 'a',
    cards: { a: card({ next: 'b' }), b: card({ next: 'c' }), c: card({}) },
    triggers: [{ type: 'api' }],
  }

  test('a new card comes between, with the defaults of its kind', () => {
    const { draft: made, id } = withNewCard(draft, message, { after: 'a', outlet: 'next' })
    expect(id).toBe('message')
    expect(inFlowOrder(made)).toEqual(['a', 'message', 'b', 'c'])
    expect(cardsOf(made)['message']).toMatchObject({ settings: { previewUrl: false }, next: { next: 'b' } })
    expect(made['triggers']).toEqual(draft['triggers'])
  })

  test('a new first card leads to the one that was first', () => {
    const { draft: made, id } = withNewCard(draft, message, undefined)
    expect([made['start'], cardsOf(made)[id]?.next]).toEqual([id, { next: 'a' }])
  })

  test('what led to a card that goes leads to what came after it', () => {
    expect(cardsOf(withoutCard(draft, 'b'))).toEqual({ a: card({ next: 'c' }), c: card({}) })
    expect(withoutCard(draft, 'a')['start']).toBe('b')
  })

  test('what is no card is left alone', () => {
    expect(inFlowOrder({ start: 3, cards: { a: 'text', b: { type: 'message' } } })).toEqual(['b'])
    expect(inFlowOrder({ cards: 'none' })).toEqual([])
  })
})
