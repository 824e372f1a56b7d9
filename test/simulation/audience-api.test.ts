import { setTimeout as sleep } from 'node:timers/promises'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as pricingRoutes } from '../../src/pricing/routes.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let house: WorkspaceApi
let numberId: string

beforeAll(async () => {
  house = await openWorkspaceApi([...journeyRoutes, ...simulationRoutes, ...pricingRoutes])
  numberId = await house.addNumber()
})
afterAll(() => house.close())

interface Line {
  id: string
  state: string
  contacts: number
  done: number
  seed: number
}
interface Flow {
  card: string
  entered: number
  outlets: Record<string, number>
  inside: number
  ended: number
  messages: number
}
interface Shown extends Line {
  error: string | null
  result: {
    contacts: number
    ends: { completed: number; exited: Record<string, number>; stuck: number; inside: number }
    cards: Flow[]
    paths: { distinct: number; paths: { contacts: number; example: number; end: string }[] }
    sends: { total: number; longestQueue: { messages: number } | null; exceedsMessagingLimit: boolean }
    cost: { currencies: { total: string; lines: object[] }[]; unpriced: object[] }
    violations: {
      kind: string
      severity: string
      card: string | null
      contacts: number
      examples: number[]
    }[]
    finish: { latest: string; latestContact: number } | null
  }
}

const draft = {
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
  cards: {
    ask: {
      type: 'interactive-message',
      settings: {
        body: 'Hello {{contact.first_name}}, shall we?',
        buttons: [
          { id: 'yes', title: 'Yes' },
          { id: 'no', title: 'No' },
        ],
      },
      next: { 'button:yes': 'wait', 'button:no': 'end', timeout: 'end', other: 'end' },
    },
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 3, unit: 'days' } } },
      next: { done: 'late' },
    },
    late: { type: 'message', settings: { text: 'Too late' }, next: {} },
    end: { type: 'end-conversation', settings: { goalReached: true }, next: {} },
    lost: { type: 'message', settings: { text: 'Nobody reads this' }, next: {} },
  },
}

const createJourney = async (given: object = draft) =>
  (await house.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Simulated', draft: given }))
    .id

async function ended(journeyId: string, id: string): Promise<Shown> {
  for (;;) {
    const shown = await house.ask<Shown>(200, 'GET', `/journeys/${journeyId}/simulations/${id}`)
    if (shown.state !== 'queued' && shown.state !== 'running') return shown
    await sleep(50)
  }
}

async function simulate(journeyId: string, body: object): Promise<Shown> {
  const { id } = await house.ask<Line>(202, 'POST', `/journeys/${journeyId}/simulations`, body)
  return ended(journeyId, id)
}

test('a made-up audience goes through the draft in the background; every contact can be looked at', async () => {
  const journeyId = await createJourney()
  const body = {
    audience: { kind: 'synthetic', count: 1_000, places: [{ country: 'IN', timeZone: 'Asia/Kolkata' }] },
    entryAt: '2026-12-01T09:00:00Z',
    seed: 42,
    behaviour: {
      cards: {
        ask: {
          answers: [
            { probability: 0.5, button: 'yes' },
            { probability: 0.2, button: 'no' },
          ],
          stop: 0.1,
        },
      },
    },
  }
  const first = await simulate(journeyId, body)
  expect(first).toMatchObject({ state: 'completed', contacts: 1_000, done: 1_000, error: null })
  const flow = Object.fromEntries(first.result.cards.map((each) => [each.card, each]))
  const { ask, wait, late } = flow
  expect(ask?.entered).toBe(1_000)
  expect(ask?.outlets['button:yes']).toBeGreaterThan(400)
  expect(ask?.ended).toBe(first.result.ends.exited['opted out'])
  expect(ask?.ended).toBeGreaterThan(50)
  expect(wait?.entered).toBe(ask?.outlets['button:yes'])
  // The window is closed by then, and nothing catches that.
  expect(late).toMatchObject({ entered: wait?.entered, inside: wait?.entered, messages: 0 })
  expect(first.result.violations).toContainEqual(
    expect.objectContaining({
      kind: 'window_closed',
      severity: 'error',
      card: 'late',
      contacts: late?.entered,
    }),
  )
  expect(first.result.violations).toContainEqual(
    expect.objectContaining({ kind: 'unreachable_card', card: 'lost', contacts: 0 }),
  )
  expect(first.result.sends.total).toBe(1_000)
  const again = await simulate(journeyId, body)
  expect(again.result).toEqual(first.result)

  const [stuck = -1] = first.result.violations.find(({ kind }) => kind === 'window_closed')?.examples ?? []
  const told = await house.ask<{ state: string; messages: { text: string; at: string }[]; trace: object[] }>(
    ...([200, 'GET', `/journeys/${journeyId}/simulations/${first.id}/contacts/${stuck}`] as const),
  )
  expect(told).toMatchObject({ state: 'stuck', contact: { country: 'IN' }, changed: false })
  expect(told.messages[0]?.text).toMatch(/^Hello \p{L}+, shall we\?$/u)
  await house.ask(404, 'GET', `/journeys/${journeyId}/simulations/${first.id}/contacts/1000`)

  const { items } = await house.ask<Page<Line>>(200, 'GET', `/journeys/${journeyId}/simulations?limit=1`)
  expect(items.map(({ id }) => id)).toEqual([again.id])
  await house.ask(204, 'DELETE', `/journeys/${journeyId}/simulations/${again.id}`)
  await house.ask(404, 'GET', `/journeys/${journeyId}/simulations/${again.id}`)
})

test('what is wrong with the order is said, card by card', async () => {
  const journeyId = await createJourney()
  const order = (more: object) => ({ audience: { kind: 'synthetic', count: 1 }, ...more })
  expect(
    await house.ask(400, 'POST', `/journeys/${journeyId}/simulations`, {
      ...order({ faults: [{ card: 'nowhere', code: 'x', rate: 1 }] }),
      behaviour: { cards: { gone: {} } },
    }),
  ).toMatchObject({ fields: [{ field: 'faults.0.card' }, { field: 'behaviour.cards.gone' }] })
  const tooMuch = { default: { answers: [{ probability: 0.9, text: 'a' }], stop: 0.2 } }
  await house.ask(400, 'POST', `/journeys/${journeyId}/simulations`, order({ behaviour: tooMuch }))
  await house.ask(404, 'POST', `/journeys/${newId()}/simulations`, order({}))
})

test('real contacts go through it as they are, and stay as they are', async () => {
  const journeyId = await createJourney()
  const { workspaceId } = house.ours
  const ids = [newId(), newId(), newId()]
  for (const [at, id] of ids.entries()) {
    await house.rows(
      `insert into contacts (id, workspace_id, first_name, attributes, opted_out_at)
       values ($1, $2, $3, '{}', case when $4 then now() end)`,
      [id, workspaceId, `Real ${at}`, at === 2],
    )
    await house.rows(
      `insert into identities (id, workspace_id, contact_id, kind, value, source) values ($1, $2, $3, 'wa_id', $4, 'test')`,
      [newId(), workspaceId, id, `49170000000${at}`],
    )
  }
  await house.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
     values ($1, $2, $3, $4, now() + interval '20 hours')`,
    [newId(), workspaceId, numberId, ids[0]],
  )
  const shown = await simulate(journeyId, {
    audience: { kind: 'contacts', contactIds: [...ids, newId()] },
    replies: [{ buttonId: 'no' }],
    behaviour: null,
  })
  expect(shown).toMatchObject({ state: 'completed', contacts: 4, done: 3, error: null })
  const { ends, violations } = shown.result
  expect(ends).toEqual({ completed: 1, exited: { 'opted out': 1 }, stuck: 1, inside: 0 })
  expect(violations.map(({ kind, card }) => `${kind} ${card}`)).toEqual(
    expect.arrayContaining(['window_closed ask', 'opted_out ask']),
  )
  const told = async () =>
    house.ask<{ changed: boolean; messages: { text: string }[] }>(
      ...([200, 'GET', `/journeys/${journeyId}/simulations/${shown.id}/contacts/0`] as const),
    )
  expect(await told()).toMatchObject({ changed: false, messages: [{ text: 'Hello Real 0, shall we?' }] })
  await house.rows('update contacts set first_name = $2 where id = $1', [ids[0], 'Other'])
  expect(await told()).toMatchObject({ changed: true, messages: [{ text: 'Hello Other, shall we?' }] })
  await house.ask(404, 'GET', `/journeys/${journeyId}/simulations/${shown.id}/contacts/3`)
})

test('a large one is cancelled with what it has counted', async () => {
  const journeyId = await createJourney()
  const body = { audience: { kind: 'synthetic', count: 1_000_000 } }
  const { id } = await house.ask<Line>(202, 'POST', `/journeys/${journeyId}/simulations`, body)
  for (;;) {
    const { done } = await house.ask<Line>(200, 'GET', `/journeys/${journeyId}/simulations/${id}`)
    if (done > 0) break
    await sleep(50)
  }
  await house.ask(200, 'POST', `/journeys/${journeyId}/simulations/${id}/cancel`)
  const shown = await ended(journeyId, id)
  expect(shown.state).toBe('cancelled')
  expect(shown.result.contacts).toBe(shown.done)
  expect(shown.done).toBeLessThan(1_000_000)
}, 60_000)

test('what messages cost follows from the rate card of their day', async () => {
  const { admin } = house.ours
  const card = {
    name: 'Two thousand twenty-six',
    currency: 'EUR',
    effectiveFrom: '2026-01-01T00:00:00Z',
    rates: [
      { country: 'DE', category: 'service', price: '0.005' },
      { country: '*', category: 'service', price: '0.001' },
    ],
    freeInWindow: [],
  }
  const save = (status: number, body: object) =>
    house.ask<{ id: string }>(status, 'POST', '/rate-cards', body, admin.token)
  const { id } = await save(201, card)
  await save(201, { ...card, name: 'Next year', effectiveFrom: '2027-01-01T00:00:00Z', rates: [] })
  expect(
    await save(400, { ...card, rates: [{ country: 'XX', category: 'service', price: '1,2' }] }),
  ).toMatchObject({
    fields: [{ field: 'rates.0.country' }, { field: 'rates.0.price' }],
  })
  const journeyId = await createJourney({
    start: 'a',
    triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
    cards: { a: { type: 'message', settings: { text: 'Hello' }, next: {} } },
  })
  const at = (entryAt: string) =>
    simulate(journeyId, {
      audience: { kind: 'synthetic', count: 300, places: [{ country: 'DE', weight: 2 }, { country: 'BR' }] },
      entryAt,
      seed: 1,
    })
  const { result } = await at('2026-06-01T00:00:00Z')
  const [{ lines, total }] = result.cost.currencies as [{ lines: object[]; total: string }]
  const messages = Object.fromEntries(
    (lines as { country: string; messages: number }[]).map((line) => [line.country, line.messages]),
  )
  expect((messages['DE'] ?? 0) + (messages['BR'] ?? 0)).toBe(300)
  expect(Number(total)).toBeCloseTo((messages['DE'] ?? 0) * 0.005 + (messages['BR'] ?? 0) * 0.001, 6)
  expect((await at('2027-06-01T00:00:00Z')).result.cost).toMatchObject({
    currencies: [],
    unpriced: [{ category: 'service' }, { category: 'service' }],
  })
  const example = await house.ask<{ example: boolean }>(
    201,
    'POST',
    '/rate-cards/example',
    undefined,
    admin.token,
  )
  expect(example).toMatchObject({ example: true, name: expect.stringMatching(/made up/) })
  expect(await house.ask(200, 'PUT', `/rate-cards/${id}`, { ...card, rates: [] }, admin.token)).toMatchObject(
    {
      rates: [],
      example: false,
    },
  )
  expect((await house.ask<Page<object>>(200, 'GET', '/rate-cards?limit=2')).items).toHaveLength(2)
  await house.ask(204, 'DELETE', `/rate-cards/${id}`, undefined, admin.token)
  await house.ask(404, 'GET', `/rate-cards/${id}`)
})
