import { countFacts, standingAfter } from '../../src/reports/count-facts.ts'

const step = (kind: 'card.entered' | 'card.left', data: Record<string, string>, at: number) => ({
  ...{ id: `00000000-0000-4000-8000-00000000000${at}`, atMs: Date.UTC(2026, 0, 1) + at, kind, data },
})

test('a splitter that was first left by an order takes its path when the run comes back, told at once or not', () => {
  const steps = [
    step('card.entered', { card: 'split' }, 1),
    step('card.left', { card: 'split', outlet: 'moved' }, 2),
    step('card.entered', { card: 'split' }, 3),
    step('card.left', { card: 'split', outlet: 'path:b' }, 4),
  ]
  const keysOf = (marks: { key: string }[]) => marks.map(({ key }) => key)
  const atOnce = keysOf(countFacts(steps, { atCard: null, paths: {} }))
  const first = standingAfter(steps.slice(0, 2))
  const inTwo = [
    ...keysOf(countFacts(steps.slice(0, 2), { atCard: null, paths: {} })),
    ...keysOf(countFacts(steps.slice(2), { atCard: null, paths: first.paths })),
  ]
  expect(atOnce).toEqual(inTwo)
  expect(atOnce.filter((key) => key === 'path|split|b')).toHaveLength(1)
  expect(standingAfter(steps).paths['split']?.path).toBe('b')
})
