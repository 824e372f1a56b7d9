import { saveArbiterSettings } from '../../src/arbiter/arbiter-settings.ts'
import { requestRun } from '../../src/journeys/request-run.ts'
import { arbiterSettingsSchema } from '../../src/model/arbiter-settings.ts'
import { eventually } from '../support/eventually.ts'
import { openTakeoverHouse } from './takeover-house.ts'

let it: Awaited<ReturnType<typeof openTakeoverHouse>>

beforeAll(async () => {
  it = await openTakeoverHouse()
})
afterAll(() => it.close())

const customers = ['491740000001', '491740000002', '491740000003']
const windowMs = 3_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Three offers, a moment apart. */
const offers = (name: string, priority: number) => ({
  start: 'one',
  messageClass: 'marketing',
  priority,
  triggers: [{ type: 'api' }],
  cards: {
    one: { type: 'message', settings: { text: `${name} 1` }, next: { next: 'wait' } },
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 1, unit: 'seconds' } } },
      next: { done: 'two' },
    },
    two: { type: 'message', settings: { text: `${name} 2` }, next: { next: 'three' } },
    three: { type: 'message', settings: { text: `${name} 3` } },
  },
})

test('journeys and agents at once, on Temporal: no cap is exceeded, nothing sent under hold, all ends', async () => {
  const { workspaceId, deps } = it.house
  const settings = arbiterSettingsSchema.parse({
    caps: [{ categories: ['marketing'], maximum: 2, window: { amount: windowMs / 1_000, unit: 'seconds' } }],
  })
  await saveArbiterSettings(deps, { workspaceId, settings, by: 'test' })
  const journeys = await Promise.all(
    ['Spring', 'Summer', 'Autumn'].map((name, at) => it.house.publish(offers(name, 1 + at * 4), name)),
  )
  for (const waId of customers) await it.house.text(waId, 'hello')
  await eventually(async () => {
    for (const waId of customers) expect((await it.chatOf(waId)).conversationId).not.toBe('')
  })
  await Promise.all(
    customers.flatMap((waId) =>
      journeys.map(async ({ journeyId }) => {
        const { contactId } = await it.chatOf(waId)
        await requestRun(deps, { workspaceId, journeyId, contactId, by: 'test', vars: {}, trigger: 'api' })
      }),
    ),
  )
  await Promise.all(
    customers.map(async (waId, at) => {
      for (let turn = 0; turn < 3; turn += 1) {
        await pause(300 + at * 200)
        await it.takeOver(waId)
        await pause(500)
        await it.handBack(waId)
      }
    }),
  )
  for (const waId of customers) {
    const done = { state: 'completed' }
    await eventually(async () => expect(await it.runsOf(waId)).toMatchObject([done, done, done]), {
      timeoutMs: 60_000,
    })
    const ledger = await it.house.ledger(waId)
    expect(new Set(ledger.map(({ payload }) => payload.text?.body)).size).toBe(9)
    expect(ledger).toHaveLength(9)
    await judge(waId)
  }
}, 120_000)

async function judge(waId: string): Promise<void> {
  const { contactId } = await it.chatOf(waId)
  const sent = await it.rows<{ at: number }>(
    `select extract(epoch from inflight_at)::float8 * 1000 as at from messages
     where contact_id = $1 and proactive and state = 'accepted' order by inflight_at`,
    [contactId],
  )
  expect(sent).toHaveLength(9)
  const busiest = sent.map(
    ({ at: from }) => sent.filter(({ at }) => at >= from && at < from + windowMs).length,
  )
  expect(Math.max(...busiest)).toBe(2)
  // The facts are written once, in the transaction of what they tell: their ids of transactions are the order in the chat.
  const acts = await it.rows<{ kind: string; hold: string }>(
    `select kind from facts where contact_id = $1 and kind in ('message.planned', 'chat.taken', 'chat.handed-back')
     order by xmin::text::bigint`,
    [contactId],
  )
  const underHold = acts.filter(
    ({ kind }, at) => kind === 'message.planned' && acts[at - 1]?.kind === 'chat.taken',
  )
  expect(underHold).toEqual([])
  expect(acts.filter(({ kind }) => kind === 'chat.taken')).toHaveLength(3)
}
