import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { simulateJourney } from '../../src/simulation/simulate.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import { simulateCard, startAtMs } from '../support/simulate-card.ts'

const compare = (path: string, operator: string, value?: unknown) => ({
  kind: 'compare',
  path,
  operator,
  value,
})

describe('run-if', () => {
  const settings = {
    branches: [
      { id: 'a', condition: compare('contact.attributes.age', 'greater', 17) },
      { id: 'b', condition: { kind: 'tag', tag: 'vip' } },
    ],
  }
  test.each([
    ['the first that holds', { attributes: { age: 20 }, tags: ['VIP'] }, 'branch:a'],
    ['the second when the first does not', { attributes: { age: 3 }, tags: ['VIP'] }, 'branch:b'],
    ['else', {}, 'else'],
  ])('takes %s', async (_what, contact, outlet) => {
    expect(await simulateCard('run-if', settings, { contact })).toMatchObject({ outlet })
  })
  test('sees variables and the clock', async () => {
    const branches = [
      {
        id: 'now',
        condition: {
          kind: 'and',
          conditions: [
            compare('vars.n', 'equals', '7'),
            { kind: 'local-time', from: '15:00', to: '16:00', weekdays: ['saturday'] },
          ],
        },
      },
    ]
    const contact = { time_zone: 'Asia/Kolkata' }
    expect(await simulateCard('run-if', { branches }, { contact, vars: { n: 7 } })).toMatchObject({
      outlet: 'branch:now',
    })
    expect(await simulateCard('run-if', { branches }, { vars: { n: 7 } })).toMatchObject({ outlet: 'else' })
  })
})

describe('time-delay', () => {
  const hours = (amount: number) => ({ mode: 'duration', duration: { amount, unit: 'hours' } })
  test.each<[string, object, object, string]>([
    ['a duration', hours(3), {}, '2026-11-21T13:00:00Z'],
    ['an instant', { mode: 'until', at: '2026-12-01T09:00:00+01:00' }, {}, '2026-12-01T08:00:00Z'],
    ['an instant that has passed', { mode: 'until', at: '2020-01-01T00:00:00Z' }, {}, '2026-11-21T10:00:00Z'],
    [
      "the next Monday at nine in the contact's zone",
      { mode: 'local-time', time: '09:00', weekdays: ['monday'] },
      { time_zone: 'America/New_York' },
      '2026-11-23T14:00:00Z',
    ],
    [
      'two days before a date',
      {
        mode: 'date-attribute',
        attribute: 'attributes.due',
        offset: { amount: 2, unit: 'days' },
        direction: 'before',
        time: '08:00',
      },
      { attributes: { due: '2026-12-24' }, time_zone: 'Europe/Berlin' },
      '2026-12-22T07:00:00Z',
    ],
  ])('waits for %s', async (_what, delay, contact, endsAt) => {
    const result = await simulateCard('time-delay', { delay }, { contact })
    expect(result.outlet).toBe('done')
    expect(new Date(result.finishedAtMs).toISOString()).toBe(new Date(endsAt).toISOString())
  })
  test('a date that is none fails', async () => {
    const delay = { mode: 'date-attribute', attribute: 'attributes.due' }
    expect(
      await simulateCard('time-delay', { delay }, { contact: { attributes: { due: 'soon' } } }),
    ).toMatchObject({ outlet: 'failed' })
  })
  test('an event comes first when it fits, and its attributes are kept', async () => {
    const event = { name: 'paid', condition: compare('event.amount', 'greater', 10) }
    const settings = { delay: hours(3), event }
    const paid = (amount: number, afterMs: number) => ({ name: 'paid', afterMs, attributes: { amount } })
    const early = await simulateCard('time-delay', settings, { events: [paid(5, 1_000), paid(50, 60_000)] })
    expect(early).toMatchObject({ outlet: 'event', vars: { event: { amount: 50 } }, afterMs: 60_000 + 1_000 })
    const other = await simulateCard('time-delay', settings, {
      events: [{ name: 'shipped', afterMs: 5 }, paid(5, 60_000), { ...paid(50, 0), atMs: 4 * 3_600_000 }],
    })
    expect(other).toMatchObject({ outlet: 'done', afterMs: 3 * 3_600_000 })
  })
})

describe('ab-splitter', () => {
  const paths = [
    { id: 'a', weight: 1 },
    { id: 'b', weight: 3 },
    { id: 'never', weight: 0 },
  ]
  test('keeps a contact on its path and follows the weights', async () => {
    const counts: Record<string, number> = {}
    for (let at = 0; at < 400; at++) {
      const contact = { id: `contact-${at}` }
      const { outlet } = await simulateCard('ab-splitter', { paths }, { contact })
      expect(await simulateCard('ab-splitter', { paths }, { contact })).toMatchObject({ outlet })
      const path = outlet ?? 'none'
      counts[path] = (counts[path] ?? 0) + 1
    }
    expect(counts['path:never']).toBeUndefined()
    expect(counts['path:a']).toBeGreaterThan(60)
    expect(counts['path:a']).toBeLessThan(140)
  })
})

describe('the hold-out of an ab-splitter', () => {
  const paths = [
    { id: 'a', weight: 1 },
    { id: 'b', weight: 1 },
  ]
  test('takes its share, and leaves everybody else in the order of the paths', async () => {
    const counts: Record<string, number> = {}
    for (let at = 0; at < 400; at++) {
      const { outlet = 'none' } = await simulateCard(
        'ab-splitter',
        { paths, holdOut: 2 },
        { contact: { id: `contact-${at}` } },
      )
      counts[outlet] = (counts[outlet] ?? 0) + 1
    }
    expect(Object.keys(counts).toSorted()).toEqual(['path:a', 'path:b', 'path:hold-out'])
    expect(counts['path:hold-out']).toBeGreaterThan(150)
    expect(counts['path:hold-out']).toBeLessThan(250)
  })
  test('is named once', () => {
    const cards = {
      split: {
        type: 'ab-splitter',
        settings: { paths: [...paths, { id: 'hold-out', weight: 1 }], holdOut: 1 },
      },
    }
    expect(checkJourney({ start: 'split', cards, triggers: [{ type: 'api' }] }).problems).toContainEqual(
      expect.objectContaining({ field: 'cards.split.settings.paths', severity: 'error' }),
    )
  })
})

describe('go-to', () => {
  const loop = (waits: boolean) =>
    checkJourney({
      start: 'set',
      cards: {
        set: {
          type: 'setup-attribute',
          settings: { assignments: [{ target: 'variable', name: 'n', value: '1' }] },
          next: { next: waits ? 'wait' : 'back' },
        },
        wait: {
          type: 'time-delay',
          settings: { delay: { mode: 'duration', duration: { amount: 1, unit: 'days' } } },
          next: { done: 'back' },
        },
        back: { type: 'go-to', settings: { card: 'set' } },
      },
      triggers: [{ type: 'api' }],
    }).definition
  const simulate = async (definition: ReturnType<typeof loop>) => {
    if (!definition) throw new Error('the loop should be publishable')
    return simulateJourney(definition, { contact: syntheticContact(), startAtMs })
  }
  test('a loop that spins is stopped; one that waits for a day may go on for years', async () => {
    const spun = await simulate(loop(false))
    expect(spun).toMatchObject({ state: 'stuck', problem: { cardId: 'set', code: 'loop_guard' } })
    expect(spun.trace.filter(({ kind }) => kind === 'card.entered')).toHaveLength(2 * 100 + 1)
    const waited = await simulate(loop(true))
    expect(waited).toMatchObject({ state: 'cut-off', problem: null })
    expect(waited.finishedAtMs - startAtMs).toBeGreaterThan(1_000 * 86_400_000)
  })
  const assignment = (name: string) => ({ assignments: [{ target: 'variable', name, value: '1' }] })
  test('a loop of many cards is stopped before each has had its turns', async () => {
    const cards = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [
        `c${at}`,
        { type: 'setup-attribute', settings: assignment('n'), next: { next: `c${(at + 1) % 400}` } },
      ]),
    )
    const { definition } = checkJourney({ start: 'c0', cards, triggers: [{ type: 'api' }] })
    const spun = await simulate(definition)
    expect(spun).toMatchObject({ state: 'stuck', problem: { code: 'loop_guard' } })
    expect(spun.trace.filter(({ kind }) => kind === 'card.entered')).toHaveLength(3_001)
  })
  test('outlets for failures do not keep a loop spinning', async () => {
    const attribute = { assignments: [{ target: 'attribute', name: 'city', value: '{{vars.never}}' }] }
    const { definition } = checkJourney({
      start: 'a',
      cards: {
        a: { type: 'setup-attribute', settings: attribute, next: { next: 'b', failed: 'b' } },
        b: { type: 'setup-attribute', settings: attribute, next: { next: 'a', failed: 'a' } },
      },
      triggers: [{ type: 'api' }],
    })
    expect(await simulate(definition)).toMatchObject({
      state: 'stuck',
      problem: { cardId: 'a', code: 'loop_guard' },
    })
  })
})

describe('end-conversation', () => {
  test('ends with its outcome, and closes the chat when it should', async () => {
    const settings = { close: true, goalReached: true, outcome: 'bought' }
    const result = await simulateCard('end-conversation', settings)
    expect(result).toMatchObject({ state: 'completed', reason: 'bought', goalReached: true })
    expect(result.trace).toContainEqual(
      expect.objectContaining({ kind: 'chat.closed', data: { outcome: 'bought' } }),
    )
    const open = await simulateCard('end-conversation', {})
    expect(open.trace.map(({ kind }) => kind)).not.toContain('chat.closed')
  })
})
