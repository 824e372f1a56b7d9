import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as entryPointRoutes } from '../../src/entry-points/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createAsk, openApi, type ApiRig, type Ask } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

interface Point {
  id: string
  code: string
  text: string
  link: string
  arrivals: number
  entries: number
}
interface Candidate {
  name: string
  matched: boolean
  started: boolean
  reason: string
}

let house: OpenHouse
let api: ApiRig
let ask: Ask<Record<string, never>>
let token: string

beforeAll(async () => {
  house = await openHouse()
  api = await openApi(house.deps.config, [...journeyRoutes, ...entryPointRoutes, ...analyticsRoutes])
  const { workspaceId } = house
  token = (await createApiKey(api.deps, { workspaceId, name: 'test', kind: 'platform' })).key
  ask = createAsk(api, token)
})
afterAll(async () => {
  await api.close()
  await house.close()
})

/** A journey that says one thing and ends, as a marketer would make it. */
async function makeJourney(name: string, triggers: object[], text: string): Promise<string> {
  const draft = {
    ...{ start: 'say', triggers, entry: { reentry: 'always' } },
    cards: { say: { type: 'message', settings: { text }, next: {} } },
  }
  const { numberId } = house
  const { id } = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name, draft })
  await ask(201, 'POST', `/journeys/${id}/publish`)
  return id
}

const makePoint = (journeyId: string, more: object = {}) =>
  ask<Point>(201, 'POST', '/entry-points', { journeyId, kind: 'qr', name: 'Door', text: 'Good day', ...more })

const textsTo = async (waId: string) => (await house.ledger(waId)).map(({ payload }) => payload.text?.body)

/** Every verdict on the message that this customer wrote last. */
const verdicts = (waId: string) =>
  eventually(async () => {
    const [fact] = await house.rows<{ data: { stimulus: string; candidates: Candidate[] } }>(
      `select f.data from facts f join identities i on i.contact_id = f.contact_id
       where i.value = $1 and f.kind = 'trigger.evaluated' and f.data ->> 'stimulus' like 'user-utterance%'
       order by f.at desc limit 1`,
      [waId],
    )
    expect(fact).toBeDefined()
    return { ...fact?.data, by: new Map(fact?.data.candidates.map((each) => [each.name, each])) }
  })

const referral = {
  ...{ source_id: '6001', source_type: 'ad', source_url: 'https://fb.me/x', headline: 'Autumn offer' },
  ...{ body: 'Half price', media_type: 'image', ctwa_clid: 'click-1', unheard_of: { deep: true } },
}

test('a QR code leads into its journey, whatever is written around it; the point is in variables', async () => {
  const keyword = { type: 'user-utterance', keywords: ['hello'], match: 'contains' }
  const journeyId = await makeJourney(
    'At the door',
    [{ type: 'qr-code' }],
    'You came by {{vars.entry_point.name}}',
  )
  await makeJourney('Hello', [keyword], 'By a word')
  await makeJourney('Another door', [{ type: 'qr-code' }], 'The wrong door')
  const point = await makePoint(journeyId)
  expect(point.link).toBe(`https://wa.me/15550001111?text=${encodeURIComponent(point.text)}`)
  const customer = '491700000701'
  await house.text(customer, `hello there!! ${point.code.toLowerCase()} thanks`)
  await eventually(async () => expect(await textsTo(customer)).toEqual(['You came by Door']))
  const { stimulus, by } = await verdicts(customer)
  expect(stimulus).toBe('user-utterance, qr-code')
  expect(by.get('At the door')).toMatchObject({ started: true, reason: 'the contact came by "Door"' })
  expect(by.get('Hello')).toMatchObject({
    ...{ matched: true, started: false },
    reason: 'the text matches "hello" (contains), but another journey took the message',
  })
  expect(by.get('Another door')).toMatchObject({ matched: false, started: false })
  expect(await ask(200, 'GET', `/entry-points/${point.id}`)).toMatchObject({ arrivals: 1, entries: 1 })
  const [run] = await house.rows<{ contact_id: string }>(
    'select contact_id from runs where journey_id = $1',
    [journeyId],
  )
  expect(await ask(200, 'GET', `/contacts/${run?.contact_id}/why?journey=${journeyId}`)).toMatchObject({
    words: expect.stringContaining('the contact came by "Door"') as string,
  })
})

test('a trigger of one code is none of the others; a deleted code is only a text', async () => {
  const open = await makeJourney('One door', [{ type: 'manual' }], 'The right door')
  const [right, other] = [await makePoint(open, { name: 'Right' }), await makePoint(open, { name: 'Other' })]
  const draft = {
    ...{
      start: 'say',
      triggers: [{ type: 'qr-code', entryPointId: right.id }],
      entry: { reentry: 'always' },
    },
    cards: { say: { type: 'message', settings: { text: 'The right door' }, next: {} } },
  }
  await ask(200, 'PATCH', `/journeys/${open}`, { draft })
  await ask(201, 'POST', `/journeys/${open}/publish`)
  const customer = '491700000702'
  await house.text(customer, other.text)
  expect((await verdicts(customer)).by.get('One door')).toMatchObject({
    ...{ matched: false, reason: 'the contact came by another entry point ("Other")' },
  })
  await house.text(customer, right.text)
  await eventually(async () => expect(await textsTo(customer)).toEqual(['The right door']))
  await ask(204, 'DELETE', `/entry-points/${right.id}`)
  const late = '491700000703'
  await house.text(late, right.text)
  expect((await verdicts(late)).stimulus).toBe('user-utterance')
  expect(await textsTo(late)).toEqual([])
})

test('an ad brings its referral along: the trigger chooses by it, its condition reads it, cards name it', async () => {
  const ofAd = (more: object) => ({ type: 'ad-click', ...more })
  const headline = { kind: 'compare', path: 'event.headline', operator: 'contains', value: 'autumn' }
  const text = 'From {{vars.referral.source_id}}: {{vars.referral.headline}} ({{vars.referral.ctwa_clid}})'
  await makeJourney('Autumn', [ofAd({ sourceIds: ['6001'], condition: headline })], text)
  await makeJourney('Other ad', [ofAd({ sourceIds: ['7002'] })], 'Another ad')
  await makeJourney('Posts', [ofAd({ sourceType: 'post' })], 'A post')
  await makeJourney('Winter', [ofAd({ condition: { ...headline, value: 'winter' } })], 'Winter')
  const customer = '491700000704'
  await house.say(customer, { type: 'text', text: { body: 'Is it still on?' }, referral })
  await eventually(async () => expect(await textsTo(customer)).toEqual(['From 6001: Autumn offer (click-1)']))
  const { by } = await verdicts(customer)
  expect(by.get('Autumn')).toMatchObject({ started: true, reason: 'the contact came by the ad 6001' })
  expect(by.get('Other ad')).toMatchObject({ matched: false, reason: "the ad 6001 is none of the trigger's" })
  expect(by.get('Posts')).toMatchObject({
    matched: false,
    reason: 'the trigger is for posts: it was the ad 6001',
  })
  expect(by.get('Winter')?.reason).toMatch(/condition does not hold/)
  const [run] = await house.rows<{ vars: { referral: object } }>(
    `select r.vars from runs r join journeys j on j.id = r.journey_id where j.name = 'Autumn'`,
  )
  const { unheard_of: _unknown, ...known } = referral
  expect(run?.vars.referral).toEqual(known)
})

test('a widget is a door too; a code is of one number once, and must be writable', async () => {
  const journeyId = await makeJourney('Website', [{ type: 'widget' }], 'Welcome from the website')
  const point = await makePoint(journeyId, { kind: 'widget', code: 'site-26', text: 'Question (SITE-26)' })
  expect(point).toMatchObject({ code: 'SITE-26', text: 'Question (SITE-26)' })
  const customer = '491700000705'
  await house.text(customer, point.text)
  await eventually(async () => expect(await textsTo(customer)).toEqual(['Welcome from the website']))
  const again = { journeyId, kind: 'qr', name: 'Twice', text: 'x', code: 'SITE-26' }
  expect(await ask(409, 'POST', '/entry-points', again)).toMatchObject({ fields: [{ field: 'code' }] })
  expect(await ask(400, 'POST', '/entry-points', { ...again, code: 'hello' })).toMatchObject({
    fields: [{ field: 'code' }],
  })
  const renamed = await ask<Point>(200, 'PATCH', `/entry-points/${point.id}`, { text: 'A question' })
  expect(renamed).toMatchObject({ code: 'SITE-26', text: 'A question (SITE-26)' })
  const ofKind = await ask<{ items: Point[] }>(200, 'GET', '/entry-points?kind=widget')
  expect(ofKind.items.map(({ id }) => id)).toEqual([point.id])
})

test('the QR code is an image that says the link', async () => {
  const journeyId = await makeJourney('Poster', [{ type: 'qr-code' }], 'Hi')
  const { id, code } = await makePoint(journeyId)
  const svg = await api.ask('GET', `/platform/v1/entry-points/${id}/qr.svg?size=300`, { token })
  expect(svg.headers.get('content-disposition')).toContain(`${code}.svg`)
  expect(svg.text).toMatch(/^<svg[^>]* width="300"/)
})
