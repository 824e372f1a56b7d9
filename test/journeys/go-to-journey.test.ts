import { newId } from '../../src/db/columns.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { simulateCard } from '../support/simulate-card.ts'

let house: OpenHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

interface RunLine {
  id: string
  name: string
  state: string
  entry: string
  error_code: string | null
}
const runsOf = (waId: string) =>
  house.rows<RunLine>(
    `select r.id, j.name, r.state, r.entry, r.error_code from runs r join journeys j on j.id = r.journey_id
     join identities i on i.contact_id = r.contact_id where i.value = $1 order by r.started_at, r.id`,
    [waId],
  )
const texts = async (waId: string) => (await house.ledger(waId)).map(({ payload }) => payload.text?.body)
const goTo = (journey: string, next: object = {}) => ({ type: 'go-to', settings: { journey }, next })
const say = (text: string, next: object = {}) => ({ type: 'message', settings: { text }, next })
const hears = (word: string) => [{ type: 'user-utterance', match: 'exact', keywords: [word] }]
/** What is published may name what is published later. */
const lead = (from: string, to: string) =>
  house.rows(
    `update journey_versions set definition = jsonb_set(definition, '{cards,jump,settings,journey}', to_jsonb($2::text))
     where journey_id = $1`,
    [from, to],
  )

test('a run ends at the start of another journey, which has its variables and is entered once', async () => {
  const orders = await house.publish(
    { start: 'say', triggers: [], cards: { say: say('Order {{vars.order}}, {{contact.first_name}}') } },
    'Orders',
  )
  await house.publish(
    {
      start: 'ask',
      triggers: hears('order'),
      cards: {
        ask: {
          type: 'user-input',
          settings: { question: 'Which order?', variable: 'order' },
          next: { valid: 'jump' },
        },
        jump: goTo(orders.journeyId),
      },
    },
    'Menu',
  )
  const waId = '491700020001'
  await house.text(waId, 'order')
  await eventually(async () => expect(await texts(waId)).toEqual(['Which order?']))
  await house.text(waId, '4711')
  await eventually(async () => expect(await texts(waId)).toEqual(['Which order?', 'Order 4711, Ann']))
  await eventually(async () =>
    expect(await runsOf(waId)).toMatchObject([
      { name: 'Menu', state: 'completed' },
      { name: 'Orders', state: 'completed', entry: expect.stringMatching(/^go-to:1:/) as string },
    ]),
  )
  // The second run was caused by a step of the first.
  const [, entered] = await runsOf(waId)
  const [cause] = await house.rows<{ kind: string; run_id: string }>(
    `select c.kind, c.run_id from facts f join facts c on c.id = f.cause_id where f.run_id = $1 and f.kind = 'run.started'`,
    [entered?.id],
  )
  expect(cause?.run_id).toBe((await runsOf(waId))[0]?.id)
})

test('who may not enter leaves by `refused`, and `entered` goes on beside the other journey', async () => {
  const once = await house.publish(
    { start: 'say', triggers: [], entry: { reentry: 'once' }, cards: { say: say('Only once') } },
    'Once',
  )
  const next = { entered: 'in', refused: 'out' }
  await house.publish(
    {
      start: 'jump',
      triggers: hears('again'),
      cards: { jump: goTo(once.journeyId, next), in: say('In'), out: say('Out') },
    },
    'Door',
  )
  const waId = '491700020002'
  await house.text(waId, 'again')
  await eventually(async () => expect(new Set(await texts(waId))).toEqual(new Set(['In', 'Only once'])))
  await eventually(async () =>
    expect((await runsOf(waId)).every(({ state }) => state === 'completed')).toBe(true),
  )
  await house.text(waId, 'again')
  await eventually(async () => expect((await texts(waId)).at(-1)).toBe('Out'))
  expect((await runsOf(waId)).filter(({ name }) => name === 'Once')).toHaveLength(1)
})

test('from a menu to a journey and back to the menu: whose last step leads on is inside no more', async () => {
  const leadsBack = {
    start: 'say',
    triggers: [],
    cards: { say: say('Opening hours', { next: 'jump' }), jump: goTo(newId()) },
  }
  const hours = await house.publish(leadsBack, 'Hours')
  const menu = await house.publish(
    {
      start: 'ask',
      triggers: hears('menu'),
      cards: {
        ask: {
          type: 'user-input',
          settings: { question: 'What next?', variable: 'choice' },
          next: { valid: 'jump' },
        },
        jump: goTo(hours.journeyId),
      },
    },
    'Menu of all',
  )
  await lead(hours.journeyId, menu.journeyId)
  const waId = '491700020004'
  await house.text(waId, 'menu')
  for (const asked of [1, 2, 3]) {
    await eventually(async () =>
      expect((await texts(waId)).filter((text) => text === 'What next?')).toHaveLength(asked),
    )
    await house.text(waId, 'hours')
  }
  await eventually(async () =>
    expect((await texts(waId)).filter((text) => text === 'Opening hours')).toHaveLength(3),
  )
})

test('journeys that lead into each other for ever are stopped, where an engineer sees it', async () => {
  const cards = { jump: goTo(newId()) }
  const there = await house.publish({ start: 'jump', triggers: [], cards }, 'There')
  const back = await house.publish({ start: 'jump', triggers: hears('spin'), cards }, 'Back')
  await lead(there.journeyId, back.journeyId)
  await lead(back.journeyId, there.journeyId)
  const waId = '491700020003'
  await house.text(waId, 'spin')
  await eventually(
    async () => {
      const runs = await runsOf(waId)
      expect(runs).toHaveLength(21)
      expect(runs.filter(({ state }) => state === 'completed')).toHaveLength(20)
      expect(runs.at(-1)).toMatchObject({ state: 'stuck', error_code: 'loop_guard' })
    },
    { timeoutMs: 40_000 },
  )
})

test('a simulation ends where the other journey begins', async () => {
  expect(await simulateCard('go-to', { journey: newId() })).toMatchObject({ outlet: 'entered' })
})
