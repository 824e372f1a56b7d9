import { getConsentRecord, listConsentRecords } from '../../src/consent/find-consent-records.ts'
import { changeBody, messageBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { signedPost } from '../support/signed-post.ts'
import { openConsentHouse, twoSteps } from './consent-rig.ts'

type Rig = Awaited<ReturnType<typeof openConsentHouse>>
let rig: Rig

beforeAll(async () => {
  rig = await openConsentHouse()
})
afterEach(() => rig.reset())
afterAll(() => rig.close())

test('a STOP that WhatsApp delivers five times at once is one statement and one answer', async () => {
  const { house, rows, ofContact, texts, sent } = rig
  const waId = '491710000002'
  await house.text(waId, 'hi')
  const message = { id: 'wamid.stop5', from: waId, timestamp: String(Math.floor(Date.now() / 1_000)) }
  const body = messageBody(house.access, {
    contacts: [{ wa_id: waId, profile: { name: 'Bo' } }],
    messages: [{ ...message, type: 'text', text: { body: 'BAJA' } }],
  })
  const statuses = await Promise.all(Array.from({ length: 5 }, () => signedPost(house, body)))
  expect(statuses).toEqual([200, 200, 200, 200, 200])
  expect(await sent(waId, 1)).toEqual([expect.stringMatching(/^Te has dado de baja/)])
  expect(await signedPost(house, body)).toBe(200)
  expect(await ofContact(waId, 'x.id', 'consent_log')).toHaveLength(3)
  expect(await ofContact(waId, 'x.id', `(select * from events where type = 'opted_out')`)).toHaveLength(1)
  await eventually(async () => expect(await rows('select * from outbox')).toEqual([]))
  expect(await texts(waId)).toHaveLength(1)
})

test('a tapped button counts, by its title or its payload; a word in a sentence does not', async () => {
  const { house, sent, consentOf } = rig
  const waId = '491710000006'
  await house.text(waId, 'please do not stop, I like it')
  await house.text(waId, "Don't stop")
  expect(await consentOf(waId)).toEqual([])
  await house.tap(waId, 'OPT_OUT', 'No thanks')
  await sent(waId, 1)
  expect(await consentOf(waId)).toMatchObject([{ source: 'button' }, {}, {}])
})

test("WhatsApp's own switch for marketing, told twice, for people known and unknown", async () => {
  const { house, ofContact, texts, consentOf } = rig
  const waId = '491710000007'
  const preference = (value: string, second: number) =>
    changeBody(house.access, 'user_preferences', {
      messaging_product: 'whatsapp',
      metadata: {
        phone_number_id: house.access.phoneNumberId,
        display_phone_number: house.access.displayNumber,
      },
      contacts: [{ profile: { name: 'Di' }, wa_id: waId }],
      user_preferences: [
        {
          wa_id: waId,
          detail: `User requested to ${value} marketing messages`,
          category: 'marketing_messages',
          value,
          timestamp: Math.floor(Date.now() / 1_000) + second,
        },
      ],
    })
  const stop = preference('stop', -100)
  expect(await signedPost(house, stop)).toBe(200)
  expect(await signedPost(house, stop)).toBe(200)
  expect(await consentOf(waId)).toEqual([{ category: 'marketing', state: 'opted_out', source: 'whatsapp' }])
  expect(await ofContact(waId, 'x.text', 'consent_log')).toEqual([
    { text: 'User requested to stop marketing messages' },
  ])
  expect(await signedPost(house, preference('resume', -50))).toBe(200)
  expect(await consentOf(waId)).toMatchObject([{ state: 'opted_in' }])
  expect(await signedPost(house, preference('later', 0))).toBe(200)
  expect(await consentOf(waId)).toMatchObject([{ state: 'opted_in' }])
  expect(await texts(waId)).toEqual([])
})

test('131050 is an opt-out from marketing: in the answer to a send, and in a status', async () => {
  const { house, ofContact, sent, consentOf } = rig
  const [inAnswer, inStatus] = ['491710000008', '491710000009']
  await house.publish(twoSteps('marketing'))
  await house.faults([{ kind: 'error', code: 131050, match: { to: inAnswer } }])
  await house.text(inAnswer, 'hello')
  await eventually(async () =>
    expect(await consentOf(inAnswer)).toEqual([
      { category: 'marketing', state: 'opted_out', source: 'whatsapp' },
    ]),
  )
  await house.faults([])
  await house.text(inStatus, 'hello')
  await sent(inStatus, 1)
  const ours = await eventually(async () => {
    const accepted = `(select * from messages where direction = 'out' and state = 'accepted')`
    const [row] = await ofContact<{ id: string; wamid: string }>(inStatus, 'x.id, x.wamid', accepted)
    expect(row?.wamid).toMatch(/^wamid/)
    return row
  })
  const status = {
    ...{
      id: ours?.wamid,
      status: 'failed',
      timestamp: String(Math.floor(Date.now() / 1_000)),
      recipient_id: inStatus,
    },
    biz_opaque_callback_data: ours?.id,
    errors: [{ code: 131050, title: 'User has stopped marketing messages' }],
  }
  const body = messageBody(house.access, { statuses: [status] })
  expect(await Promise.all([signedPost(house, body), signedPost(house, body)])).toEqual([200, 200])
  expect(await consentOf(inStatus)).toEqual([
    { category: 'marketing', state: 'opted_out', source: 'whatsapp' },
  ])
  const log = await ofContact<{ message_id: string }>(inStatus, 'x.message_id', 'consent_log')
  expect(log).toEqual([{ message_id: ours?.id }])
})

test('the proof names the person, the message, its words, and the word and rule they were taken for', async () => {
  const { house, consentOf, contactIdOf } = rig
  const waId = '491710000013'
  await house.text(waId, 'DESABONNER!')
  await eventually(async () => expect(await consentOf(waId)).toHaveLength(3))
  const { workspaceId } = house
  const [entry] = await listConsentRecords(house.deps, {
    ...{ workspaceId, contactId: await contactIdOf(waId), limit: 1 },
  })
  const proof = await getConsentRecord(house.deps, workspaceId, entry?.id ?? '')
  expect(proof).toMatchObject({
    ...{
      waId,
      contactName: 'Ann Example',
      state: 'opted_out',
      changed: true,
      source: 'keyword',
      by: 'contact',
    },
    text: 'DESABONNER!',
    message: {
      wamid: expect.stringMatching(/^wamid\./) as string,
      ...{ direction: 'in', text: 'DESABONNER!', word: 'désabonner', rule: 'without accents' },
    },
  })
})
