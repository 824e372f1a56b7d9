import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import { diffJourneys } from '../../src/model/journey-diff.ts'
import { checkPlan, fatesOf, planSchema, type Source } from '../../src/live-edits/plan.ts'

const text = (body: string, next: Record<string, string | null> = {}, more: object = {}) => ({
  type: 'message',
  settings: { text: body },
  next,
  ...more,
})
const journey = (cards: object, more: object = {}) =>
  journeyDefinitionSchema.parse({ start: 'a', cards, ...more })

const before = journey(
  {
    a: text('A', { next: 'b' }),
    b: text('B', { next: 'c' }),
    c: text('C', {}, { title: 'Third', position: { x: 1, y: 1 } }),
    d: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 1, unit: 'days' } } },
    },
  },
  { triggers: [{ type: 'user-utterance', keywords: ['hi'] }, { type: 'api' }] },
)
const after = journey(
  {
    a: text('A', { next: 'e' }),
    c: text('C', { next: null }, { title: 'The third', position: { x: 9, y: 9 } }),
    d: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 2, unit: 'days' } } },
    },
    e: text('E'),
  },
  { triggers: [{ type: 'api' }, { type: 'manual' }], priority: 2 },
)

test('a diff names what cards do otherwise, down to the setting and the connection', () => {
  const diff = diffJourneys(before, after)
  const same = { settings: [], connections: [] }
  const message = { from: 'message', to: 'message' }
  expect(diff.cards).toEqual([
    {
      ...same,
      card: 'a',
      change: 'changed',
      title: null,
      type: message,
      connections: [{ outlet: 'next', from: 'b', to: 'e' }],
    },
    { ...same, card: 'b', change: 'deleted', title: null, type: { from: 'message', to: null } },
    { ...same, card: 'c', change: 'renamed', title: 'The third', type: message },
    {
      ...same,
      card: 'd',
      change: 'changed',
      title: null,
      type: { from: 'time-delay', to: 'time-delay' },
      settings: [{ field: 'delay.duration.amount', from: 1, to: 2 }],
    },
    { ...same, card: 'e', change: 'added', title: null, type: { from: null, to: 'message' } },
  ])
  expect(diff.settings).toEqual([{ field: 'priority', from: 5, to: 2 }])
  expect(diff.triggers).toMatchObject({ added: [{ type: 'manual' }], deleted: [{ type: 'user-utterance' }] })
})

test('what is the same differs in nothing, whatever the order of its names and where it stands', () => {
  const moved = journey({
    a: { next: {}, settings: { text: 'A' }, type: 'message', position: { x: 5, y: 5 } },
  })
  expect(diffJourneys(journey({ a: text('A') }), moved)).toEqual({
    cards: [],
    triggers: { added: [], deleted: [] },
    settings: [],
  })
})

test('lists are compared item by item while they are as long, and names from prototypes are only names', () => {
  const card = (buttons: object[]) => journey({ a: { type: 'x', settings: { buttons } } })
  const paths = (from: object[], to: object[]) =>
    diffJourneys(card(from), card(to)).cards.flatMap(({ settings }) => settings.map(({ field }) => field))
  expect(paths([{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 3 }])).toEqual(['buttons.1.id'])
  expect(paths([{ id: 1 }], [{ id: 1 }, { id: 3 }])).toEqual(['buttons'])
  const odd = journey({ constructor: text('A') })
  expect(diffJourneys(journey({}), odd).cards).toMatchObject([{ card: 'constructor', change: 'added' }])
})

const source = (inside: Record<string, number>): Source => ({
  id: 'v1',
  number: 1,
  definition: before,
  diff: diffJourneys(before, after),
  inside,
})
const plan = (given: object = {}) => planSchema.parse(given)

test('a plan is demanded for each changed or deleted card where somebody stands, and for no other', () => {
  const problems = checkPlan(
    plan(),
    [source({ a: 2, b: 3, c: 9, e: 0 }), source({ b: 1 })],
    after,
    'version 2',
  )
  expect(problems).toEqual([
    {
      field: 'plan.cards.a',
      message: expect.stringContaining('2 stand at this card, which version 2 changes'),
    },
    {
      field: 'plan.cards.b',
      message: expect.stringContaining('4 stand at this card, which version 2 does not have'),
    },
  ])
  const whole = plan({ cards: { a: { action: 'stay' }, b: { action: 'exit' } } })
  expect(checkPlan(whole, [source({ a: 2, b: 3 })], after, 'version 2')).toEqual([])
})

test('a plan leads to cards that are there', () => {
  const given = {
    a: { action: 'move', card: 'b' },
    b: { action: 're-evaluate' },
    c: { action: 're-evaluate', card: 'nowhere' },
    z: { action: 'exit' },
  }
  expect(checkPlan(plan({ cards: given }), [source({})], after, 'the draft')).toEqual([
    { field: 'plan.cards.a.card', message: 'the draft has no card "b"' },
    { field: 'plan.cards.b', message: 'the draft has no card "b"' },
    { field: 'plan.cards.c.card', message: 'the draft has no card "nowhere"' },
    { field: 'plan.cards.z', message: expect.stringContaining('nobody can stand at "z"') },
  ])
})

test('people at shared cards move along, and nobody moves from a changed card without a word', () => {
  const fates = fatesOf(plan({ cards: { b: { action: 'move', card: 'e' } } }), source({}))
  expect(fates).toEqual({
    a: { action: 'stay' },
    b: { action: 'move', card: 'e', timing: 'keep-elapsed' },
    d: { action: 'stay' },
  })
  expect(fatesOf(plan({ unchanged: 'stay' }), source({}))).toMatchObject({ c: { action: 'stay' } })
  const anew = plan({ cards: { c: { action: 're-evaluate' }, d: { action: 'exit' } } })
  expect(fatesOf(anew, source({}))).toMatchObject({
    c: { action: 'move', card: 'c', timing: 'restart' },
    d: { action: 'exit', reason: expect.any(String) },
  })
})
