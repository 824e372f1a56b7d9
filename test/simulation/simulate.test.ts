import { simulateJourney } from '../../src/simulation/simulate.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import type { SimulationOptions } from '../../src/simulation/simulation.ts'
import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { startAtMs } from '../support/simulate-card.ts'
import { welcomeDefinition } from '../support/welcome.ts'

const contact = syntheticContact({ first_name: 'Ann' })
const hourMs = 3_600_000

async function simulate(draft: object, options: Partial<SimulationOptions> = {}) {
  const { definition, problems } = checkJourney(draft)
  if (!definition) throw new Error(JSON.stringify(problems))
  const result = await simulateJourney(definition, { contact, startAtMs, ...options })
  return { ...result, said: result.messages.map(({ atMs, text }) => [(atMs - startAtMs) / hourMs, text]) }
}

const wait = (hours: number) => ({
  type: 'time-delay',
  settings: { delay: { mode: 'duration', duration: { amount: hours, unit: 'hours' } } },
})
const say = (text: string) => ({ type: 'message', settings: { text } })
const chain = (...cards: { type: string; settings: object }[]) => ({
  start: 'c0',
  cards: Object.fromEntries(
    cards.map((card, at) => [
      `c${at}`,
      {
        ...card,
        next: at + 1 < cards.length ? { [card.type === 'time-delay' ? 'done' : 'next']: `c${at + 1}` } : {},
      },
    ]),
  ),
  triggers: [{ type: 'api' }],
})

test('the welcome journey, answered', async () => {
  const { state, said, trace } = await simulate(welcomeDefinition(), { replies: [{ buttonId: 'yes' }] })
  expect(state).toBe('completed')
  expect(said[0]).toEqual([0, 'Hello Ann, shall we begin?'])
  expect(said[1]?.[1]).toMatch(/^Great/)
  expect(trace).toContainEqual(
    expect.objectContaining({ kind: 'message.received', data: { text: 'Yes', choice: 'yes' } }),
  )
})

test('months pass in no time, and the window closes meanwhile', async () => {
  const { state, problem, said } = await simulate(
    chain(say('one'), wait(23), say('two'), wait(2_000), say('three')),
  )
  expect(said).toEqual([
    [0, 'one'],
    [23, 'two'],
  ])
  expect(state).toBe('stuck')
  expect(problem).toMatchObject({ cardId: 'c4', code: 'window_closed' })
})

test('a message of the customer opens the window again, awaited or not', async () => {
  const draft = chain(wait(30), say('two'))
  expect(await simulate(draft)).toMatchObject({ state: 'stuck' })
  const opened = await simulate(draft, { replies: [{ text: 'hello?', atMs: 10 * hourMs }] })
  expect(opened).toMatchObject({ state: 'completed', said: [[30, 'two']] })
  expect(opened.trace).toContainEqual({
    atMs: startAtMs + 10 * hourMs,
    kind: 'message.unawaited',
    data: { text: 'hello?' },
  })
})

test('attributes that a card sets are what later cards read', async () => {
  const set = (name: string, value: string) => ({
    type: 'setup-attribute',
    settings: { assignments: [{ name, value }] },
  })
  const draft = chain(
    set('city', 'Rome'),
    set('first_name', 'Bob'),
    say('{{contact.first_name}} of {{contact.city}}'),
  )
  expect((await simulate(draft)).said).toEqual([[0, 'Bob of Rome']])
  expect(contact.first_name).toBe('Ann')
})

test('a resolution may send the run to another card, with variables', async () => {
  const draft = chain(say('{{vars.code}}'), say('end'))
  const result = await simulate(draft, {
    resolutions: [{ action: 'goto', card: 'c0', vars: { code: 'X1' } }],
  })
  expect(result.said.map(([, text]) => text)).toEqual(['X1', 'end'])
  expect(result.trace.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['run.stuck', 'run.resolved']))
})

test('what goes on for ever is cut off', async () => {
  const draft = {
    ...chain(wait(1)),
    cards: { c0: { ...wait(10_000), next: { done: 'c1' } }, c1: { ...wait(10_000), next: { done: 'c0' } } },
  }
  expect(await simulate(draft)).toMatchObject({
    state: 'cut-off',
    reason: expect.stringMatching(/100 years/),
  })
  expect((await simulate(draft, { maximumSteps: 10 })).reason).toBe('it went through 10 cards')
})

test('times in the trace never go back', async () => {
  const { trace } = await simulate(welcomeDefinition(), {
    replies: [
      { text: 'hm', atMs: 5 },
      { buttonId: 'no', afterMs: 0 },
    ],
    events: [{ name: 'x', atMs: 6 }],
  })
  const times = trace.map(({ atMs }) => atMs)
  expect(times.every((atMs) => atMs >= startAtMs)).toBe(true)
})

test('conditions see what the contact refused before, and what the journey has just recorded', async () => {
  const asks = (category: string, state: string) => ({
    type: 'run-if',
    settings: { branches: [{ id: 'so', condition: { kind: 'consent', category, state } }] },
    next: { 'branch:so': null, else: null },
  })
  const wayOf = async (draft: object, given: object, history?: SimulationOptions['history']) => {
    const { trace } = await simulate(draft, { contact: syntheticContact(given), history })
    return trace.findLast(({ kind }) => kind === 'card.left')?.data['outlet']
  }
  const first = (card: object) => ({ start: 'if', triggers: [{ type: 'api' }], cards: { if: card } })
  expect(await wayOf(first(asks('any', 'unknown')), {})).toBe('branch:so')
  expect(await wayOf(first(asks('utility', 'opted_out')), { optedOut: true })).toBe('branch:so')
  expect(await wayOf(first(asks('marketing', 'opted_out')), { refusedCategories: ['utility'] })).toBe('else')

  const agreed: SimulationOptions['history'] = {
    ...{ events: [], segmentIds: new Set(), runs: [], campaignMessages: [], windows: [] },
    ...{ optedOut: false, lastSeenAtMs: undefined },
    consents: [{ category: 'utility', state: 'opted_in' }],
  }
  expect(await wayOf(first(asks('utility', 'opted_in')), {}, agreed)).toBe('branch:so')

  const after = (state: string, card: object) => ({
    start: 'dnd',
    triggers: [{ type: 'api' }],
    cards: {
      dnd: { type: 'dnd', settings: { state, category: 'marketing' }, next: { next: 'if' } },
      if: card,
    },
  })
  expect(await wayOf(after('opted_out', asks('marketing', 'opted_out')), {})).toBe('branch:so')
  expect(await wayOf(after('opted_in', asks('marketing', 'opted_in')), { optedOut: true })).toBe('branch:so')
  expect(await wayOf(after('opted_in', asks('utility', 'opted_out')), { optedOut: true })).toBe('branch:so')
})
