import { saveArbiterSettings } from '../../src/arbiter/arbiter-settings.ts'
import { arbiterSettingsSchema } from '../../src/model/arbiter-settings.ts'
import { createRateCard, rateCardSchema } from '../../src/pricing/rate-cards.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine, templateVariant, type CampaignLine } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let line: CampaignLine
beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
  line = campaignLine(house)
  await line.addTemplate({ name: 'sale' })
}, 120_000)

let nextPhone = 4_915_600_000_000
async function people(count: number): Promise<string[]> {
  nextPhone += count
  return line.addPeople(count, nextPhone - count)
}
const to = (contactIds: string[]) => ({
  audience: { include: [{ kind: 'contacts', contactIds }] },
  variants: [templateVariant('sale')],
})
const initiated = async () => {
  const [row] = await line.sql<{ n: number }>('select coalesce(sum(n), 0)::int as n from initiated_minutes')
  return row?.n ?? 0
}

test('everybody of the audience gets the message, once; another run is another message, of people counted once', async () => {
  const contactIds = await people(300)
  const run = await line.start(to(contactIds))
  await line.until(run, 'completed')
  expect(await line.outcomes(run)).toEqual({ accepted: 300 })
  const received = await line.received()
  expect(received.size).toBe(300)
  expect([...received.values()].every((n) => n === 1)).toBe(true)
  expect(await initiated()).toBe(300)
  const again = await line.start(to(contactIds))
  await line.until(again, 'completed')
  expect(await line.outcomes(again)).toEqual({ accepted: 300 })
  expect(await initiated()).toBe(300)
}, 180_000)

test('a pause holds at once, and what is cancelled stays unsent', async () => {
  const run = await line.start({ ...to(await people(200)), messagesPerSecond: 20 })
  const accepted = async () => (await line.outcomes(run))['accepted'] ?? 0
  await eventually(async () => expect(await accepted()).toBeGreaterThan(3), { timeoutMs: 20_000 })
  await line.setState(run, 'paused')
  await eventually(async () => expect(await line.outcomes(run)).not.toHaveProperty('inflight'))
  const held = await accepted()
  expect(held).toBeLessThan(150)
  await line.wakeRun(run)
  await line.setState(run, 'cancelled')
  await line.wakeRun(run)
  await house.deps.temporal.workflow.getHandle(run.workflowId).result()
  expect(await accepted()).toBe(held)
}, 120_000)

test('several messages to one person come in their order, and only within the window', async () => {
  const contactIds = await people(5)
  const [first = ''] = contactIds
  await house.settings({ windowErrors: 'off' })
  await line.sql(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at) values (uuidv7(), ?, ?, ?, now() + interval '1 hour')`,
    [house.workspaceId, house.numberId, first],
  )
  const texts = ['One', 'Two', 'Three']
  const contents = texts.map((body) => ({ type: 'text', text: { body: `${body}, {{contact.first_name}}` } }))
  const run = await line.start({
    ...to(contactIds),
    variants: [{ id: 'a', message: { kind: 'direct', contents } }],
  })
  await line.until(run, 'completed')
  expect(await line.outcomes(run)).toEqual({ accepted: 3 })
  const sent = await house.ledger(String(nextPhone - 5))
  expect(sent.map(({ payload }) => payload.text?.body)).toEqual(texts.map((text) => `${text}, Ann`))
}, 120_000)

test('a budget is kept to the message', async () => {
  const card = rateCardSchema.parse({
    ...{ name: 'Test', currency: 'EUR', effectiveFrom: '2020-01-01T00:00:00Z' },
    rates: [{ country: '*', category: 'marketing', price: '0.01' }],
  })
  await createRateCard(house.deps, { workspaceId: house.workspaceId, by: 'test' }, card)
  const run = await line.start({ ...to(await people(80)), budget: { amount: '0.5', currency: 'EUR' } })
  await line.until(run, 'stopped')
  await eventually(async () => expect(await line.outcomes(run)).toEqual({ accepted: 50 }))
  const [row] = await line.sql<{ spent: number }>(
    'select spent_micros::float8 as spent from campaign_runs where id = ?',
    [run.id],
  )
  expect(row?.spent).toBe(500_000)
}, 120_000)

test('the first ones are waited for, and where they fail the rest gets nothing', async () => {
  const canary = { size: 20, wait: { amount: 1, unit: 'seconds' }, maximumFailures: 0.1 }
  const good = await line.start({ ...to(await people(60)), canary })
  await line.until(good, 'completed')
  expect(await line.outcomes(good)).toEqual({ accepted: 60 })
  await house.faults([{ kind: 'error', code: 131026 }])
  const bad = await line.start({ ...to(await people(60)), canary })
  await line.until(bad, 'stopped')
  await house.faults([])
  expect(await line.outcomes(bad)).toEqual({ 'failed 131026': 20 })
}, 180_000)

test('the contact arbiter is asked for everybody: what it defers waits as planned, what it denies is left out', async () => {
  const { workspaceId } = house
  const day = { amount: 1, unit: 'days' }
  const save = (settings: object) =>
    saveArbiterSettings(house.deps, {
      workspaceId,
      settings: arbiterSettingsSchema.parse(settings),
      by: 'test',
    })
  await save({
    caps: [{ categories: ['marketing'], maximum: 1, window: day }],
    expireAfter: { amount: 3, unit: 'days' },
  })
  const contactIds = await people(30)
  const run = await line.start(to(contactIds))
  await line.until(run, 'completed')
  const hour = { amount: 1, unit: 'hours' }
  const denied = await line.start({ ...to(contactIds), expireAfter: hour })
  await line.until(denied, 'completed')
  expect(await line.outcomes(denied)).toEqual({ 'skipped frequency_cap': 30 })
  const deferred = await line.start(to(contactIds))
  await eventually(async () => expect(await line.outcomes(deferred)).toEqual({ planned: 30 }), {
    timeoutMs: 20_000,
  })
  await line.sql(`update messages set due_at = now() where campaign_run_id = ?`, [deferred.id])
  await save({})
  await line.wakeRun(deferred)
  await line.until(deferred, 'completed')
  expect(await line.outcomes(deferred)).toEqual({ accepted: 30 })
  expect(await line.sql('select 1 from arbiter_waits')).toEqual([])
}, 120_000)
