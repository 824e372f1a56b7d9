import { setConsent } from '../../src/consent/set-consent.ts'
import { messageBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { signedPost } from '../support/signed-post.ts'
import { welcomeDefinition } from '../support/welcome.ts'
import { openConsentHouse, twoSteps } from './consent-rig.ts'

type Rig = Awaited<ReturnType<typeof openConsentHouse>>
let rig: Rig

beforeAll(async () => {
  rig = await openConsentHouse()
})
afterEach(() => rig.reset())
afterAll(() => rig.close())

test('STOP ends the waiting question, is answered once, and no journey speaks any more; START restores', async () => {
  const { house, rows, ofContact, texts, sent, runsOf, consentOf, contactIdOf } = rig
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

test('STOP and START in one webhook count in their order', async () => {
  const { house, sent, consentOf } = rig
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
  const { house, texts, sent, runsOf, goOn, saveSettings } = rig
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
  const { house, sent, goOn } = rig
  const waId = '491710000005'
  await house.publish(twoSteps('utility'))
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await house.text(waId, 'Stop promotions')
  expect((await sent(waId, 2)).at(-1)).toMatch(/no more promotions/)
  await goOn(waId)
  expect((await sent(waId, 3)).at(-1)).toBe('Second.')
})

test('a STOP starts no journey unless that is wanted; words and answers are the workspace’s own', async () => {
  const { house, rows, texts, sent, runsOf, consentOf, saveSettings } = rig
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
  const { house, texts, runsOf, contactIdOf } = rig
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
  const { house, texts, sent, runsOf, consentOf, goOn } = rig
  const waId = '491710000012'
  await house.publish(twoSteps('utility'))
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await rig.stopWorker()
  await house.text(waId, 'Arrêt')
  expect(await consentOf(waId)).toMatchObject([
    { state: 'opted_out' },
    { state: 'opted_out' },
    { state: 'opted_out' },
  ])
  expect(await texts(waId)).toHaveLength(1)
  await rig.startWorker()
  expect((await sent(waId, 2)).at(-1)).toMatch(/^Vous êtes désabonné/)
  await goOn(waId)
  await eventually(async () =>
    expect(await runsOf(waId)).toEqual([{ state: 'exited', outcome: 'opted out' }]),
  )
  expect(await texts(waId)).toHaveLength(2)
})

test('after a STOP to advertising a question of another class waits on, and the STOP is not its answer', async () => {
  const { house, sent, consentOf, runsOf, saveSettings, texts } = rig
  const waId = '491710000014'
  await saveSettings({ stopScope: 'marketing' })
  await house.publish(welcomeDefinition())
  await house.text(waId, 'hello')
  await sent(waId, 1)
  await house.text(waId, 'STOP')
  await sent(waId, 2)
  expect(await consentOf(waId)).toMatchObject([{ category: 'marketing', state: 'opted_out' }])
  expect(await runsOf(waId)).toMatchObject([{ state: 'waiting' }])
  await house.tap(waId, 'yes', 'Yes')
  await sent(waId, 3)
  expect((await texts(waId)).at(-1)).toMatch(/^Great/)
})

test('START of a stranger may mean nothing, and a second STOP may be answered too, where that is wanted', async () => {
  const { house, sent, consentOf, saveSettings } = rig
  const waId = '491710000015'
  await saveSettings({ optInFromUnknown: false, confirm: 'always' })
  await house.text(waId, 'START')
  await house.text(waId, 'stop')
  await house.text(waId, 'stop')
  await sent(waId, 2)
  const refused = { state: 'opted_out' }
  expect(await consentOf(waId)).toMatchObject([refused, refused, refused])
  await house.text(waId, 'START')
  expect((await sent(waId, 3)).at(-1)).toMatch(/^Welcome back/)
})
