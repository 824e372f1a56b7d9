import type { Page } from '../support/workspace-api.ts'
import { openPlanRig, type PlanRig } from './plan-rig.ts'

interface Campaign {
  id: string
  ref: string
  state: string
  runs: number
}
interface Run {
  id: string
  state: string
  number: number
}
interface Checked {
  valid: boolean
  problems: { severity: string; field: string; message: string }[]
  estimate: { audience: number; intended: number; skipped: object } | null
}

let rig: PlanRig
let people: string[]
beforeAll(async () => {
  rig = await openPlanRig()
  people = await rig.addContacts(20)
  await rig.addTemplate('spring_sale')
  await rig.addTemplate('plain', { body: 'We are open' })
})
afterAll(() => rig.close())

const variant = (name = 'plain', values: object = {}) => ({
  id: 'a',
  message: { kind: 'template', name, values },
})
const toAll = () => ({ include: [{ kind: 'contacts', contactIds: people }] })
const create = (definition: object, kind = 'one-time') =>
  rig.ask<Campaign>(201, 'POST', '/campaigns', { name: 'Spring', kind, numberId: rig.numberId, definition })

test('a draft is made, found, changed, archived and deleted', async () => {
  const campaign = await create({})
  expect(campaign).toMatchObject({ state: 'draft', runs: 0, ref: expect.stringMatching(/^c_[a-z0-9]{15}$/) })
  const list = (query = '') => rig.ask<Page<Campaign>>(200, 'GET', `/campaigns${query}`)
  expect((await list('?search=spri&kind=one-time&state=draft')).items).toMatchObject([{ id: campaign.id }])
  await rig.ask(200, 'PATCH', `/campaigns/${campaign.id}`, {
    name: 'Summer',
    definition: { audience: toAll() },
  })
  expect(await rig.ask(200, 'GET', `/campaigns/${campaign.id}`)).toMatchObject({
    name: 'Summer',
    definition: { audience: toAll() },
  })
  await rig.ask(200, 'POST', `/campaigns/${campaign.id}/archive`)
  expect((await list()).items).toEqual([])
  expect((await list('?archived=true')).items).toMatchObject([{ id: campaign.id }])
  await rig.ask(200, 'POST', `/campaigns/${campaign.id}/unarchive`)
  await rig.ask(204, 'DELETE', `/campaigns/${campaign.id}`)
  await rig.ask(404, 'GET', `/campaigns/${campaign.id}`)
  await rig.ask(404, 'GET', `/campaigns/${(await create({})).id}`, undefined, rig.theirs.key)
  await rig.ask(422, 'POST', '/campaigns', { name: 'X', kind: 'api', numberId: people[0] })
})

test('everything that is wrong is named by its field, and nothing is launched', async () => {
  const missing = '00000000-0000-7000-8000-000000000000'
  const { id } = await create({
    audience: { include: [{ kind: 'segment', segmentId: missing }] },
    variants: [variant('spring_sale'), variant('nowhere')],
    followUps: [{ id: 'f', on: 'not-read', action: { kind: 'journey', journeyId: missing } }],
    budget: { amount: '10', currency: 'EUR' },
    schedule: { kind: 'local', date: '2031-01-01', time: '09:00', timeZone: 'Mars/Base' },
  })
  const checked = await rig.ask<Checked>(200, 'POST', `/campaigns/${id}/check`, {})
  expect(checked.valid).toBe(false)
  expect(checked.estimate).toBeNull()
  expect(checked.problems.map(({ field }) => field).sort()).toEqual([
    'audience.include.0.segmentId',
    'budget.currency',
    'followUps.0.action.journeyId',
    'followUps.0.within',
    'schedule.timeZone',
    'variants.0.message.values.body.1',
    'variants.1.id',
    'variants.1.message.name',
  ])
  const refused = await rig.ask<{ fields: { field: string }[] }>(422, 'POST', `/campaigns/${id}/launch`, {})
  expect(refused.fields.map(({ field }) => field)).toContain('definition.variants.1.message.name')
  const [runs] = await rig.rows('select count(*)::int as n from campaign_runs where campaign_id = $1', [id])
  expect(runs).toEqual({ n: 0 })
})

test('who gets it is counted before the message is written', async () => {
  const blank = { ...variant(''), message: { kind: 'template', name: '', values: {} } }
  const { id } = await create({ audience: { include: [] }, variants: [blank] })
  const nobody = await rig.ask<Checked>(200, 'POST', `/campaigns/${id}/check`, {})
  expect(nobody.problems.map(({ field }) => field)).toEqual(['audience.include', 'variants.0.message.name'])
  expect(nobody.estimate).toBeNull()
  await rig.ask(200, 'PATCH', `/campaigns/${id}`, { definition: { audience: toAll(), variants: [blank] } })
  const all = await rig.ask<Checked>(200, 'POST', `/campaigns/${id}/check`, {})
  expect(all).toMatchObject({ valid: false, estimate: { audience: people.length } })
  expect(all.problems.map(({ field }) => field)).toEqual(['variants.0.message.name'])
})

test('buttons must be the template’s, and a phone button goes with links only', async () => {
  const phone = { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+4930123456' }
  const quick = { type: 'QUICK_REPLY', text: 'Yes' }
  const counted = { type: 'URL', text: 'Look', url: `http://127.0.0.1:${rig.deps.config.PORT}/l/{{1}}` }
  const other = { type: 'URL', text: 'Look', url: 'https://example.com/{{1}}' }
  await rig.addTemplate('with_phone', { body: 'Hi', buttons: [quick, phone] })
  await rig.addTemplate('with_links', { body: 'Hi', buttons: [quick, counted, other] })
  const problems = async (name: string, buttons: object[], values: object = {}) => {
    const { id } = await create({ audience: toAll(), variants: [variant(name, values)], buttons })
    const checked = await rig.ask<Checked>(200, 'POST', `/campaigns/${id}/check`, {})
    return checked.problems.filter(({ severity }) => severity === 'error')
  }
  expect(await problems('with_phone', [{ type: 'input', index: 0, input: 'yes' }])).toMatchObject([
    { field: 'buttons.0.type', message: 'input cannot go together with the phone button at 1' },
  ])
  const url = 'https://shop.example/{{contact.id}}'
  const suffix = { buttons: { 2: { suffix: 'x' } } }
  expect(
    await problems(
      'with_links',
      [
        { type: 'input', index: 0, input: 'yes' },
        { type: 'url', index: 1, url },
      ],
      suffix,
    ),
  ).toEqual([])
  const wrong = [
    { type: 'input', index: 1, input: 'x' },
    { type: 'url', index: 2, url },
    { type: 'url', index: 7, url },
  ]
  const bothEndings = { buttons: { 1: { suffix: 'x' }, 2: { suffix: 'x' } } }
  expect((await problems('with_links', wrong, bothEndings)).map(({ field }) => field)).toEqual([
    'buttons.0.index',
    'buttons.1.index',
    'buttons.2.index',
  ])
})

test('a check says what a run would come to, and what a contact would see', async () => {
  const [first, second] = people
  await rig.rows(`update contacts set opted_out_at = now() where id = $1`, [second])
  await rig.rows(`update contacts set first_name = 'Ada' where id = $1`, [first])
  const rates = [{ country: 'DE', category: 'marketing', price: '0.1' }]
  await rig.rows(
    `insert into rate_cards (id, workspace_id, name, currency, effective_from, free_in_window, rates, example, by)
     values (uuidv7(), $1, 'Test', 'EUR', now() - interval '1 day', '[]', $2::jsonb, false, 'test')`,
    [rig.workspaceId, JSON.stringify(rates)],
  )
  const name = 'spring_sale'
  const values = { body: { 1: '{{contact.first_name | "friend"}} of {{given.town}}' } }
  const { id } = await create({
    audience: toAll(),
    variants: [variant(name, values)],
    holdOut: 0.1,
    given: { town: 'Ulm' },
  })
  const checked = await rig.ask(200, 'POST', `/campaigns/${id}/check`, { contactId: first })
  expect(checked).toMatchObject({
    valid: true,
    problems: [],
    estimate: {
      ...{ audience: 20, intended: 17, skipped: { opted_out: 1, hold_out: 2 }, unpriced: 0 },
      cost: [{ currency: 'EUR', total: '1.70' }],
      reach: { initiated: 17, used: 0, limit: null },
    },
    preview: [
      { variant: 'a', language: 'en', text: expect.stringContaining('Hello Ada of Ulm'), missing: [] },
    ],
  })
  const [left] = await rig.rows('select count(*)::int as n from campaign_recipients')
  expect(left).toEqual({ n: 0 })
  await rig.rows('update contacts set opted_out_at = null where id = $1', [second])
})

test('a one-time campaign launched twice at once has one run; when it is over it may run again', async () => {
  const { id } = await create({ audience: toAll(), variants: [variant()] })
  const answers = await Promise.all(
    [1, 2].map(() => rig.api.ask('POST', `/platform/v1/campaigns/${id}/launch`, { token: rig.ours.key })),
  )
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, 409])
  const { items } = await rig.ask<Page<Run>>(200, 'GET', `/campaigns/${id}/runs`)
  expect(items).toMatchObject([{ number: 1, state: 'scheduled' }])
  expect(await rig.ask(200, 'GET', `/campaigns/${id}`)).toMatchObject({ state: 'scheduled', runs: 1 })
  const run = items[0]?.id
  expect(await rig.ask(200, 'POST', `/campaign-runs/${run}/pause`)).toMatchObject({ state: 'paused' })
  expect(await rig.ask(200, 'POST', `/campaign-runs/${run}/speed`, { messagesPerSecond: 5 })).toMatchObject({
    messagesPerSecond: 5,
  })
  expect(await rig.ask(200, 'POST', `/campaign-runs/${run}/resume`)).toMatchObject({ state: 'planning' })
  expect(await rig.ask(200, 'POST', `/campaign-runs/${run}/cancel`)).toMatchObject({ state: 'cancelled' })
  await rig.ask(409, 'POST', `/campaign-runs/${run}/resume`)
  expect(await rig.ask(200, 'GET', `/campaign-runs/${run}`)).toMatchObject({
    progress: { taken: 0, accepted: 0, words: 'is cancelled' },
  })
  const again = await rig.ask<{ run: Run }>(202, 'POST', `/campaigns/${id}/launch`, {
    audience: { include: [{ kind: 'contacts', contactIds: people.slice(0, 3) }] },
    schedule: { kind: 'at', at: '2031-01-01T00:00:00Z' },
  })
  expect(again.run).toMatchObject({ number: 2, state: 'scheduled', startsAt: '2031-01-01T00:00:00.000Z' })
  const told = await rig.rows<{ kind: string }>(
    `select kind from facts where workspace_id = $1 and data ->> 'campaign' = $2 order by at, id`,
    [rig.workspaceId, id],
  )
  expect(told.map(({ kind }) => kind)).toEqual([
    'campaign.created',
    ...['launched', 'paused', 'speed-set', 'resumed', 'cancelled', 'launched'].map(
      (each) => `campaign.${each}`,
    ),
  ])
})

test('an API-triggered campaign takes calls: contacts by id, phone and external id, each once, with what is given', async () => {
  const { id } = await create({ variants: [variant()] }, 'api')
  const call = { recipients: [{ contactId: people[0] }] }
  await rig.ask(409, 'POST', `/campaigns/${id}/trigger`, call)
  await rig.ask(202, 'POST', `/campaigns/${id}/launch`, {})
  const [known] = people
  await rig.rows(
    `insert into identities (id, workspace_id, contact_id, kind, value, source) values (uuidv7(), $1, $2, 'external', 'crm-7', 'test')`,
    [rig.workspaceId, people[1]],
  )
  const triggered = await rig.ask<{ run: Run; recipients: number }>(202, 'POST', `/campaigns/${id}/trigger`, {
    recipients: [
      { contactId: known, given: { code: 'A' } },
      { externalId: 'crm-7', given: { code: 'B' } },
      { waId: '+49 151 000 9999', given: { code: 'C' } },
      { contactId: known, given: { code: 'again' } },
    ],
  })
  expect(triggered).toMatchObject({ recipients: 3, run: { number: 1 } })
  const planned = await rig.planAgain(triggered.run.id)
  const [made] = await rig.rows<{ contact_id: string }>(
    `select contact_id from identities where value = '491510009999'`,
  )
  expect(new Map(planned.map(({ contact_id, given }) => [contact_id, given]))).toEqual(
    new Map([
      [known, { code: 'A' }],
      [people[1], { code: 'B' }],
      [made?.contact_id, { code: 'C' }],
    ]),
  )
  const wrong = [{ waId: 'nobody' }, { externalId: 'nobody' }, { contactId: known, waId: '1' }]
  const refused = await rig.ask<{ fields: { field: string }[] }>(422, 'POST', `/campaigns/${id}/trigger`, {
    recipients: wrong,
  })
  expect(refused.fields.map(({ field }) => field).sort()).toEqual([
    'recipients.0.waId',
    'recipients.1.externalId',
    'recipients.2.contactId',
    'recipients.2.waId',
  ])
  expect(await rig.ask(200, 'POST', `/campaigns/${id}/end`)).toMatchObject({ state: 'ended' })
  await rig.ask(409, 'POST', `/campaigns/${id}/trigger`, call)
})

test('a recurring campaign says when it runs next, over a change of clocks', async () => {
  const recurring = (rule: object) =>
    create(
      {
        ...{ audience: toAll(), variants: [variant()] },
        schedule: { kind: 'recurring', rule, timeZone: 'Europe/Berlin' },
      },
      'recurring',
    )
  const next = async (rule: object) => {
    const { id } = await recurring(rule)
    return (await rig.ask<{ items: string[] }>(200, 'GET', `/campaigns/${id}/next-runs?limit=3`)).items
  }
  const rrule = {
    kind: 'rrule',
    rrule: 'FREQ=YEARLY;BYMONTH=3;BYDAY=SU,MO;BYSETPOS=-2',
    from: '2031-03-01T09:00:00',
  }
  expect(await next(rrule)).toEqual([
    '2031-03-30T07:00:00.000Z',
    '2032-03-28T07:00:00.000Z',
    '2033-03-27T07:00:00.000Z',
  ])
  const cron = await next({ kind: 'cron', cron: '30 8 1 * *' })
  expect(cron.every((at) => /-01T0[67]:30:00.000Z$/.test(at))).toBe(true)
  const { id } = await recurring({ kind: 'cron', cron: '* * * * *' })
  await rig.ask(422, 'GET', `/campaigns/${id}/next-runs`)
  const launched = await recurring(rrule)
  const line = async () => {
    const { items } = await rig.ask<Page<Campaign>>(200, 'GET', '/campaigns?kind=recurring')
    return items.find((each) => each.id === launched.id)
  }
  expect(await line()).toMatchObject({ lastRunAt: null, nextRunAt: null, numbers: { sent: 0, failed: 0 } })
  await rig.ask(202, 'POST', `/campaigns/${launched.id}/launch`, {})
  expect(await line()).toMatchObject({ state: 'active', nextRunAt: '2031-03-30T07:00:00.000Z' })
})
