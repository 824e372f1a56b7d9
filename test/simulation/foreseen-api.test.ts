import { setTimeout as sleep } from 'node:timers/promises'
import { routes as arbiterRoutes } from '../../src/arbiter/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as pricingRoutes } from '../../src/pricing/routes.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let house: WorkspaceApi
let numberId: string

beforeAll(async () => {
  house = await openWorkspaceApi([...journeyRoutes, ...simulationRoutes, ...arbiterRoutes, ...pricingRoutes])
  numberId = await house.addNumber()
  await addTemplate('sale', 'MARKETING', 'approved')
  await addTemplate('later', 'MARKETING', 'pending')
})
afterAll(() => house.close())

async function addTemplate(name: string, category: string, status: string): Promise<void> {
  const components = [
    { type: 'BODY', text: `{{1}}, the ${name}`, example: { body_text: [['Ann']] } },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] },
  ]
  await house.rows(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
     values ($1, $2, '1', $3, 'en', $4, $5::jsonb, $6)`,
    [newId(), house.ours.workspaceId, name, category, JSON.stringify(components), status],
  )
}

interface Foreseen {
  id: string
  state: string
  error: string | null
  contacts: number
  result: {
    ends: object
    cards: { card: string; entered: number; outlets: Record<string, number>; failed: object }[]
    sends: {
      total: number
      hours: { at: string; sends: number; opened: number }[]
      messagesPerSecond: number
      longestQueue: { at: string; messages: number; delaySeconds: number } | null
      messagingLimit: number | null
      busiestDay: { at: string; count: number }
      exceedsMessagingLimit: boolean
    }
    cost: { currencies: { currency: string; total: string; lines: object[] }[]; free: number }
    violations: { kind: string; severity: string; card: string; contacts: number; message: string }[]
    finish: { first: string; latest: string; latestContact: number }
  }
}
interface Told {
  messages: { at: string; text: string }[]
  contact: { country: string | null }
}

const entryAt = '2026-12-01T12:00:00Z'
const say = (text: string, next: string | null = null) => ({
  ...{ type: 'message', settings: { text } },
  next: { next },
})
const send = (template: string, next: string | null = null) => ({
  type: 'send-template',
  settings: {
    template,
    values: { body: { '1': '{{contact.first_name}}' } },
    timeout: { amount: 1, unit: 'hours' },
  },
  next: { 'button:0': next, other: next, timeout: next },
})
const wait = (amount: number, next: string) => ({
  ...{ type: 'time-delay', settings: { delay: { mode: 'duration', duration: { amount, unit: 'days' } } } },
  next: { done: next },
})
const draftOf = (cards: object) => ({ start: 'a', triggers: [{ type: 'api' }], cards })

async function simulate(cards: object, more: object = {}): Promise<Foreseen & { path: string }> {
  const order = { numberId, name: 'Foreseen', draft: draftOf(cards) }
  const { id: journeyId } = await house.ask<{ id: string }>(201, 'POST', '/journeys', order)
  const body = { audience: { kind: 'synthetic', count: 100 }, entryAt, seed: 3, behaviour: null, ...more }
  const journey = `/journeys/${journeyId}/simulations`
  const { id } = await house.ask<{ id: string }>(202, 'POST', journey, body)
  for (;;) {
    const shown = await house.ask<Foreseen>(200, 'GET', `${journey}/${id}`)
    if (shown.state !== 'queued' && shown.state !== 'running') {
      expect(shown).toMatchObject({ state: 'completed', error: null })
      return { ...shown, path: `${journey}/${id}` }
    }
    await sleep(50)
  }
}

const some = (share: object) => ({ audience: { kind: 'synthetic', count: 100, ...share } })
const quiet = { quietHours: { from: '11:00', to: '15:00' }, timeZone: 'UTC' }
const seldom = {
  caps: [{ categories: ['marketing'], maximum: 1, window: { amount: 30, unit: 'days' } }],
  timeZone: 'UTC',
}
const errors = ['window_closed', 'template_not_sendable', 'missing_variable', 'loop_guard']

interface Wrong {
  kind: string
  card: string
  cards: object
  more?: object
  arbiter?: object
}
const wrongs: Wrong[] = [
  { kind: 'window_closed', card: 'b', cards: { a: wait(2, 'b'), b: say('Late') }, more: { windowOpen: 1 } },
  { kind: 'template_not_sendable', card: 'a', cards: { a: send('later') } },
  { kind: 'missing_variable', card: 'a', cards: { a: say('For {{vars.x}}') }, more: { windowOpen: 1 } },
  { kind: 'opted_out', card: 'a', cards: { a: send('sale') }, more: some({ optedOut: 0.5 }) },
  { kind: 'unreachable', card: 'a', cards: { a: send('sale') }, more: some({ withoutAddress: 0.5 }) },
  { kind: 'quiet_hours', card: 'a', cards: { a: send('sale') }, arbiter: quiet },
  { kind: 'frequency_cap', card: 'b', cards: { a: send('sale', 'b'), b: send('sale') }, arbiter: seldom },
  { kind: 'loop_guard', card: 'a', cards: { a: say('Again', 'a') }, more: { windowOpen: 1 } },
]

test.each(wrongs)('$kind is found, at its card', async ({ kind, card, cards, more = {}, arbiter = {} }) => {
  await house.ask(200, 'PUT', '/arbiter-settings', arbiter, house.ours.admin.token)
  const { result, path } = await simulate(cards, more)
  const severity = errors.includes(kind) ? 'error' : 'warning'
  const found = result.violations.filter((each) => each.kind !== 'no_rate_card')
  expect(found).toEqual([expect.objectContaining({ kind, severity, card })])
  const [{ contacts } = { contacts: 0 }] = found
  const isOfSome = 'audience' in more
  expect(contacts).toBeGreaterThan(isOfSome ? 30 : 99)
  expect(contacts).toBeLessThan(isOfSome ? 70 : 101)
  if (kind !== 'quiet_hours') return
  // Nobody is woken up: what would come now comes when the quiet is over.
  const { messages } = await house.ask<Told>(200, 'GET', `${path}/contacts/0`)
  expect(messages).toMatchObject([{ at: '2026-12-01T15:00:00.000Z' }])
})

test('who comes is a segment; what a fault does to so many of them is counted, and is no finding', async () => {
  await house.ask(200, 'PUT', '/arbiter-settings', {}, house.ours.admin.token)
  const segmentId = newId()
  const { workspaceId } = house.ours
  await house.rows(
    `insert into segments (id, workspace_id, name, kind, evaluated_at) values ($1, $2, 'Some', 'static', now())`,
    [segmentId, workspaceId],
  )
  await house.rows(
    `with made as (insert into contacts (id, workspace_id, first_name, attributes)
       select gen_random_uuid(), $1, 'Member', '{}' from generate_series(1, 200) returning id),
     known as (insert into identities (id, workspace_id, contact_id, kind, value, source)
       select gen_random_uuid(), $1, id, 'wa_id', '4917' || (10000000 + row_number() over ()), 'test' from made)
     insert into segment_members (workspace_id, segment_id, contact_id) select $1, $2, id from made`,
    [workspaceId, segmentId],
  )
  const cards = {
    a: { ...say('Hello', 'b'), next: { next: 'b', failed: 'c' } },
    b: { type: 'end-conversation', settings: {}, next: {} },
    c: { type: 'end-conversation', settings: {}, next: {} },
  }
  const { contacts, result } = await simulate(cards, {
    audience: { kind: 'segment', segmentId },
    windowOpen: 1,
    faults: [{ card: 'a', code: 'whatsapp_refused', rate: 0.25 }],
  })
  const [a, b, c] = result.cards
  expect(contacts).toBe(200)
  expect(a?.entered).toBe(200)
  expect(a?.outlets).toEqual({ next: b?.entered, failed: c?.entered })
  expect(a?.failed).toEqual({ whatsapp_refused: c?.entered })
  expect(c?.entered).toBeGreaterThan(25)
  expect(c?.entered).toBeLessThan(80)
  expect(result.violations.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('a template goes out as it reads, at its price, within the limits of the number or beyond them', async () => {
  const { admin } = house.ours
  const rates = [
    { country: 'IN', category: 'marketing', price: '0.01' },
    { country: 'BR', category: 'marketing', price: '0.06' },
  ]
  const card = { name: 'Prices', currency: 'USD', effectiveFrom: '2026-01-01T00:00:00Z', rates }
  await house.ask(201, 'POST', '/rate-cards', card, admin.token)
  await house.rows('update phone_numbers set messages_per_second = 1, messaging_limit = 250 where id = $1', [
    numberId,
  ])
  const places = [
    { country: 'IN', timeZone: 'Asia/Kolkata', weight: 3 },
    { country: 'BR', timeZone: 'America/Sao_Paulo' },
  ]
  const { result, path } = await simulate(
    { a: send('sale', 'b'), b: wait(10, 'c'), c: { type: 'end-conversation', settings: {}, next: {} } },
    { audience: { kind: 'synthetic', count: 300, places } },
  )
  const { sends, cost, finish } = result
  expect(sends).toMatchObject({
    total: 300,
    hours: [{ at: '2026-12-01T12:00:00.000Z', sends: 300, opened: 300 }],
    messagesPerSecond: 1,
    longestQueue: { at: '2026-12-01T12:00:00.000Z', messages: 240, delaySeconds: 240 },
    messagingLimit: 250,
    busiestDay: { count: 300 },
    exceedsMessagingLimit: true,
  })
  const [{ currency, total, lines } = { currency: '', total: '', lines: [] }] = cost.currencies
  const inIndia = (lines as { country: string; messages: number }[]).find(({ country }) => country === 'IN')
  const count = inIndia?.messages ?? 0
  expect({ currency, lines }).toMatchObject({
    currency: 'USD',
    lines: expect.arrayContaining([
      expect.objectContaining({ category: 'marketing', country: 'IN', messages: count }),
      expect.objectContaining({ category: 'marketing', country: 'BR', messages: 300 - count }),
    ]) as object[],
  })
  expect(count).toBeGreaterThan(180)
  expect(Number(total)).toBeCloseTo(count * 0.01 + (300 - count) * 0.06, 6)
  // An hour for the answer that nobody gives, and ten days.
  expect(finish).toMatchObject({ latest: '2026-12-11T13:00:00.000Z' })
  const { messages } = await house.ask<Told>(200, 'GET', `${path}/contacts/0`)
  expect(messages).toMatchObject([{ text: 'Ann, the sale\n[Yes]', at: '2026-12-01T12:00:00.000Z' }])
})

test('one contact is tried out by the same rules', async () => {
  await house.ask(200, 'PUT', '/arbiter-settings', quiet, house.ours.admin.token)
  const draft = draftOf({ a: send('sale', 'b'), b: send('later') })
  const order = { numberId, name: 'Tried', draft }
  const { id } = await house.ask<{ id: string }>(201, 'POST', '/journeys', order)
  const body = { contact: { firstName: 'Ben' }, startAt: entryAt, windowOpen: false }
  expect(await house.ask(200, 'POST', `/journeys/${id}/simulate`, body)).toMatchObject({
    state: 'stuck',
    problem: { cardId: 'b', code: 'template_not_sendable', reason: 'the template later (en) is pending' },
    messages: [{ text: 'Ben, the sale\n[Yes]', at: '2026-12-01T15:00:00.000Z' }],
  })
})
