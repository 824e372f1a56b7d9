import { getConsentRecord, listConsentRecords } from '../../src/consent/find-consent-records.ts'
import { setConsent } from '../../src/consent/set-consent.ts'
import { saveConsentSettings } from '../../src/consent/save-consent-settings.ts'
import { createEventType } from '../../src/events/event-types.ts'
import { trackEvent } from '../../src/events/track-event.ts'
import { consentSettingsSchema } from '../../src/model/consent-settings.ts'
import { changeBody, messageBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { buildHouse, type House } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { signedPost } from '../support/signed-post.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'
import { welcomeDefinition } from '../support/welcome.ts'

let house: House
let worker: Awaited<ReturnType<House['worker']>>
let databaseUrl: string

beforeAll(async () => {
  const [database, temporal, bundle] = await Promise.all([freshDatabase(), testNamespace(), workflowBundle()])
  databaseUrl = database.url
  house = await buildHouse({ databaseUrl, temporal, bundlePath: bundle.codePath })
  worker = await house.worker()
})
afterAll(async () => {
  await worker.stop()
  await house.close()
})
afterEach(async () => {
  await rows('update journeys set deleted_at = now() where deleted_at is null')
  await saveSettings({})
})

const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
  (await runSql(databaseUrl, sql, values)).rows as T[]
const saveSettings = (settings: object) =>
  saveConsentSettings(house.deps, {
    workspaceId: house.workspaceId,
    numberId: null,
    settings: consentSettingsSchema.parse(settings),
    by: 'test',
  })
const texts = async (waId: string) =>
  (await house.ledger(waId)).map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text)
const sent = (waId: string, count: number) =>
  eventually(async () => {
    const found = await texts(waId)
    expect(found).toHaveLength(count)
    return found
  })
const ofContact = <T extends object>(waId: string, select: string, from: string) =>
  rows<T>(
    `select ${select} from ${from} x join identities i on i.contact_id = x.contact_id where i.value = $1 order by 1`,
    [waId],
  )
const runsOf = (waId: string) =>
  ofContact<{ state: string; outcome: string }>(waId, 'x.state, x.outcome', 'runs')
const consentOf = (waId: string) =>
  ofContact<{ category: string; state: string; source: string }>(
    waId,
    'x.category, x.state, x.source',
    'consents',
  )
const contactIdOf = async (waId: string) =>
  (await rows<{ contact_id: string }>('select contact_id from identities where value = $1', [waId]))[0]
    ?.contact_id ?? ''

/** A word, later one more word: what an opted-out person must not get. */
const twoSteps = (messageClass: string) => ({
  start: 'first',
  messageClass,
  triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
  cards: {
    first: { type: 'message', settings: { text: 'First.' }, next: { next: 'wait' } },
    wait: {
      type: 'time-delay',
      settings: {
        delay: { mode: 'duration', duration: { amount: 2, unit: 'hours' } },
        event: { name: 'go' },
      },
      next: { event: 'second' },
    },
    second: { type: 'message', settings: { text: 'Second.' } },
  },
})

test('STOP ends the waiting question, is answered once, and no journey speaks any more; START restores', async () => {
  const waId = '491710000001'
  await house.publish(welcomeDefinition())
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await house.text(waId, ' *Stop*!! 🛑')
  expect(await sent(waId, 2)).toEqual([
    'Hello Ann, shall we begin?',
    'You are unsubscribed and will get no more messages from us. Send START to receive them again.',
  ])
  await eventually(async () =>
    expect(await runsOf(waId)).toEqual([{ state: 'exited', outcome: 'opted out' }]),
  )
  const [run] = await ofContact<{ workflow_id: string }>(waId, 'x.workflow_id', 'runs')
  expect(await house.deps.temporal.workflow.getHandle(run?.workflow_id ?? '').result()).toEqual({
    state: 'exited',
    reason: 'opted out',
  })
  expect(await consentOf(waId)).toEqual(
    ['authentication', 'marketing', 'utility'].map((category) => ({
      ...{ category, state: 'opted_out', source: 'keyword' },
    })),
  )

  await house.text(waId, 'hello')
  await house.text(waId, 'STOP')
  await eventually(async () =>
    expect(
      await ofContact(waId, 'x.reason_code', `(select * from messages where state = 'skipped')`),
    ).toEqual([{ reason_code: 'opted_out' }]),
  )
  expect(await texts(waId)).toHaveLength(2)

  await house.text(waId, 'START')
  expect((await sent(waId, 3)).at(-1)).toMatch(/^Welcome back!/)
  const [facts] = await rows<{ n: number }>(
    `select count(*)::int as n from facts where kind = 'consent.changed' and contact_id = $1`,
    [await contactIdOf(waId)],
  )
  expect(facts).toEqual({ n: 2 })
  await house.text(waId, 'hello')
  await sent(waId, 4)
})

test('a STOP that WhatsApp delivers five times at once is one statement and one answer', async () => {
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

test('STOP and START in one webhook count in their order', async () => {
  const waId = '491710000003'
  await house.text(waId, 'hi')
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const say = (id: string, body: string) => ({ id, from: waId, timestamp, type: 'text', text: { body } })
  const body = messageBody(house.access, {
    contacts: [{ wa_id: waId, profile: { name: 'Cy' } }],
    messages: [
      say('wamid.a1', 'STOP'),
      say('wamid.a2', 'START'),
      say('wamid.a3', 'STOP'),
      say('wamid.a4', 'START'),
    ],
  })
  expect(await signedPost(house, body)).toBe(200)
  expect(await consentOf(waId)).toMatchObject([
    { state: 'opted_in' },
    { state: 'opted_in' },
    { state: 'opted_in' },
  ])
  await sent(waId, 4)
})

test('between planning and sending: a run that slept through the STOP says nothing', async () => {
  const waId = '491710000004'
  await house.publish(twoSteps('marketing'))
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await saveSettings({
    stopScope: 'marketing',
    replies: { stop: { text: 'Bye {{contact.first_name | "there"}}' } },
  })
  await house.text(waId, 'stop')
  expect((await sent(waId, 2)).at(-1)).toBe('Bye Ann')
  await goOn(waId)
  await eventually(async () =>
    expect(await runsOf(waId)).toEqual([{ state: 'exited', outcome: 'opted out' }]),
  )
  expect(await texts(waId)).toHaveLength(2)
})

test('who stopped marketing still gets what is not marketing', async () => {
  const waId = '491710000005'
  await house.publish(twoSteps('utility'))
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await house.text(waId, 'Stop promotions')
  expect((await sent(waId, 2)).at(-1)).toMatch(/no more promotions/)
  await goOn(waId)
  expect((await sent(waId, 3)).at(-1)).toBe('Second.')
})

/** The event that `twoSteps` waits for. */
async function goOn(waId: string): Promise<void> {
  const { workspaceId } = house
  await createEventType(house.deps, { workspaceId, name: 'go', attributes: {} }).catch(() => undefined)
  await eventually(async () => expect(await ofContact(waId, 'x.event', 'event_waits')).toHaveLength(1))
  const contactId = await contactIdOf(waId)
  await trackEvent(house.deps, {
    ...{ workspaceId, contactId, type: 'go', attributes: {}, eventId: waId, atMs: Date.now() },
  })
}

test('a tapped button counts, by its title or its payload; a word in a sentence does not', async () => {
  const waId = '491710000006'
  await house.text(waId, 'please do not stop, I like it')
  await house.text(waId, "Don't stop")
  expect(await consentOf(waId)).toEqual([])
  await house.tap(waId, 'OPT_OUT', 'No thanks')
  await sent(waId, 1)
  expect(await consentOf(waId)).toMatchObject([{ source: 'button' }, {}, {}])
})

test("WhatsApp's own switch for marketing, told twice, for people known and unknown", async () => {
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
  const [ours] = await ofContact<{ id: string; wamid: string }>(
    inStatus,
    'x.id, x.wamid',
    `(select * from messages where direction = 'out')`,
  )
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

test('a STOP starts no journey unless that is wanted; words and answers are the workspace’s own', async () => {
  const waId = '491710000010'
  await house.publish({
    ...twoSteps('utility'),
    triggers: [{ type: 'user-utterance', keywords: ['schluss', 'start'] }],
  })
  await saveSettings({ extraWords: { stop: ['Schluss'] }, replies: { stop: { on: false } } })
  await house.text(waId, 'Schluss!')
  await eventually(async () => expect(await consentOf(waId)).toHaveLength(3))
  await eventually(async () => expect(await rows('select * from outbox')).toEqual([]))
  expect(await runsOf(waId)).toEqual([])
  expect(await texts(waId)).toEqual([])
  await house.text(waId, 'start')
  expect(await sent(waId, 2)).toEqual(
    expect.arrayContaining(['First.', expect.stringMatching(/^Welcome back/)]),
  )
})

test('somebody opted out by hand is answered by nobody, also when several numbers and runs are about to send', async () => {
  const waId = '491710000011'
  await house.publish(welcomeDefinition())
  await house.text(waId, 'nothing')
  const { workspaceId } = house
  const contactId = await eventually(async () => {
    const id = await contactIdOf(waId)
    expect(id).not.toBe('')
    return id
  })
  await setConsent(house.deps, {
    ...{
      workspaceId,
      contactId,
      category: 'all',
      state: 'opted_out',
      source: 'phone',
      text: 'no more',
      by: 'test',
    },
    atMs: Date.now(),
  })
  await house.text(waId, 'hello')
  await eventually(async () =>
    expect(await runsOf(waId)).toEqual([{ state: 'exited', outcome: 'opted out' }]),
  )
  expect(await texts(waId)).toEqual([])
})

test('a STOP holds while no worker runs; its answer goes out once, when one is back', async () => {
  const waId = '491710000012'
  await house.publish(twoSteps('utility'))
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await worker.stop()
  await house.text(waId, 'Arrêt')
  expect(await consentOf(waId)).toMatchObject([
    { state: 'opted_out' },
    { state: 'opted_out' },
    { state: 'opted_out' },
  ])
  expect(await texts(waId)).toHaveLength(1)
  worker = await house.worker()
  expect((await sent(waId, 2)).at(-1)).toMatch(/^Vous êtes désabonné/)
  await goOn(waId)
  await eventually(async () =>
    expect(await runsOf(waId)).toEqual([{ state: 'exited', outcome: 'opted out' }]),
  )
  expect(await texts(waId)).toHaveLength(2)
})

test('the proof names the person, the message, its words, and the word and rule they were taken for', async () => {
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
