import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let house: WorkspaceApi
let numberId: string

beforeAll(async () => {
  house = await openWorkspaceApi([...journeyRoutes, ...simulationRoutes])
  numberId = await house.addNumber()
})
afterAll(() => house.close())

const morning = (time: string) => ({
  start: 'ask',
  triggers: [{ type: 'api' }],
  cards: {
    ask: {
      type: 'interactive-message',
      settings: {
        body: 'Shall we write tomorrow?',
        buttons: [
          { id: 'yes', title: 'Yes' },
          { id: 'no', title: 'No' },
        ],
        variable: 'wish',
      },
      next: { 'button:yes': 'wait', 'button:no': 'end', timeout: 'end', other: 'end', failed: 'end' },
    },
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'local-time', time } },
      next: { done: 'offer' },
    },
    offer: { type: 'message', settings: { text: 'Offer for {{contact.first_name}}' }, next: { next: 'end' } },
    end: { type: 'end-conversation', settings: { goalReached: true }, next: {} },
  },
})

const tokyo = {
  name: 'Tokyo gets its offer at nine',
  scene: {
    contact: { firstName: 'Aiko', timeZone: 'Asia/Tokyo' },
    startAt: '2026-12-01T05:00:00Z',
    replies: [{ buttonId: 'yes' }],
  },
  expectations: [
    { expect: 'receives', text: 'Offer for Aiko', at: '09:00', day: 1, times: 1 },
    { expect: 'leaves', card: 'ask', outlet: 'button:yes' },
    { expect: 'ends', state: 'completed' },
    { expect: 'goal', reached: true },
    { expect: 'finishes', within: { amount: 1, unit: 'days' } },
    { expect: 'violations' },
  ],
}
const broken = {
  name: 'A failed send is caught',
  scene: { faults: [{ card: 'ask', code: 'whatsapp_refused' }] },
  expectations: [
    { expect: 'enters', card: 'end', times: 1 },
    { expect: 'never-enters', card: 'wait' },
    { expect: 'never-receives', card: 'offer' },
    { expect: 'leaves', card: 'ask', outlet: 'failed', times: 1 },
  ],
}

interface Result {
  passed: boolean
  results: { name: string; passed: boolean; failures: { expectation: number; message: string }[] }[]
}

const createJourney = async (draft: object) =>
  (await house.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Asserted', draft })).id

test('assertions hold every publish to what the journey is for, unless somebody answers for it', async () => {
  const id = await createJourney(morning('09:00'))
  const path = `/journeys/${id}/assertions`
  const { id: first } = await house.ask<{ id: string }>(201, 'POST', path, tokyo)
  await house.ask(201, 'POST', path, broken)
  expect(await house.ask(409, 'POST', path, tokyo)).toMatchObject({ fields: [{ field: 'name' }] })
  expect(await house.ask<Result>(200, 'POST', `${path}/run`, {})).toMatchObject({
    passed: true,
    results: [{ name: tokyo.name }, { name: broken.name, failures: [] }],
  })
  await house.ask(201, 'POST', `/journeys/${id}/publish`)

  await house.ask(200, 'PATCH', `/journeys/${id}`, { draft: morning('10:00') })
  const refused = await house.ask<{ fields: { field: string; message: string }[]; detail: string }>(
    ...([422, 'POST', `/journeys/${id}/publish`] as const),
  )
  expect(refused).toMatchObject({
    code: 'invalid_journey',
    fields: [
      {
        field: `assertions.${tokyo.name}`,
        message: expect.stringMatching(/at 09:00 on day 1 .* at 2026-12-02 10:00 \(Asia\/Tokyo\)/),
      },
    ],
  })
  const { items: before } = await house.ask<Page<object>>(200, 'GET', `/journeys/${id}/versions`)
  expect(before).toHaveLength(1)

  const reason = 'Ten is fine from now on'
  await house.ask(201, 'POST', `/journeys/${id}/publish`, { overrideAssertions: { reason } })
  const { items } = await house.ask<Page<object>>(200, 'GET', `/journeys/${id}/versions`)
  expect(items).toMatchObject([
    {
      number: 2,
      overridden: { reason, by: expect.stringMatching(/^key /), failing: [{ name: tokyo.name }] },
    },
    { number: 1, overridden: null },
  ])
  const facts = await house.rows<{ data: object }>(
    `select data from facts where kind = 'assertions.overridden'`,
  )
  expect(facts).toMatchObject([{ data: { version: 2, reason, assertions: [tokyo.name] } }])

  const [receives, ...others] = tokyo.expectations
  const changed = { ...tokyo, expectations: [{ ...receives, at: '10:00' }, ...others] }
  await house.ask(200, 'PUT', `${path}/${first}`, changed)
  await house.ask(201, 'POST', `/journeys/${id}/publish`)
  const of1 = await house.ask<Result>(200, 'POST', `${path}/run`, { version: 1 })
  expect(of1.results.map(({ passed }) => passed)).toEqual([false, true])
  await house.ask(204, 'DELETE', `${path}/${first}`)
  expect((await house.ask<Page<object>>(200, 'GET', `${path}?limit=10`)).items).toHaveLength(1)
  await house.ask(404, 'PUT', `${path}/${first}`, tokyo)
})

test('every kind of expectation says why it does not hold', async () => {
  const id = await createJourney(morning('09:00'))
  const { results } = await house.ask<Result>(200, 'POST', `/journeys/${id}/assertions/run`, {
    assertions: [
      {
        name: 'All wrong',
        scene: { replies: [{ buttonId: 'no' }], contact: { timeZone: 'Asia/Tokyo' } },
        expectations: [
          { expect: 'receives', text: 'Offer' },
          { expect: 'never-receives', text: 'Shall we' },
          { expect: 'enters', card: 'wait' },
          { expect: 'never-enters', card: 'end' },
          { expect: 'leaves', card: 'ask', outlet: 'button:yes' },
          { expect: 'ends', state: 'stuck' },
          { expect: 'goal', reached: false },
          { expect: 'variable', name: 'wish', value: 'yes' },
          { expect: 'finishes', within: { amount: 0.5, unit: 'seconds' } },
        ],
      },
      {
        name: 'Nobody answers, and the name is missing',
        scene: { replies: [{ buttonId: 'yes' }], windowOpen: true },
        expectations: [{ expect: 'violations' }, { expect: 'ends', state: 'completed' }],
      },
    ],
  })
  expect(results[0]?.failures.map(({ message }) => message)).toEqual([
    'receives "Offer" 0 times, not at least once: it got only "Shall we write tomorrow?"',
    'receives "Shall we" ("Shall we write tomorrow?" at 2027-01-04 18:00 (Asia/Tokyo))',
    'enters wait 0 times, not at least once: it left ask by button:no, end by end',
    'enters end: it left ask by button:no, end by end',
    'leaves ask by button:yes 0 times, not at least once: it left ask by button:no, end by end',
    'ends completed (reached the end), not stuck',
    'the goal is reached',
    'the variable wish is "No", not "yes"',
    'it takes 0.00 days',
  ])
  expect(results[1]?.failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^1 violations: missing_variable at offer \(contact.first_name has no value/),
    expect.stringMatching(/^ends stuck \(missing_variable/),
  ])
})

test('what is no assertion is refused by its field', async () => {
  const id = await createJourney(morning('09:00'))
  const expectations = [{ expect: 'receives' }, { expect: 'leaves', card: 'ask' }]
  const answer = await house.ask(400, 'POST', `/journeys/${id}/assertions`, { name: 'x', expectations })
  expect(answer).toMatchObject({ fields: [{ field: 'expectations.0' }, { field: 'expectations.1.outlet' }] })
})
