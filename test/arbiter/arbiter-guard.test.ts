import { newId } from '../../src/db/columns.ts'
import { forkFor, type Em } from '../../src/db/orm.ts'
import type { SendInput } from '../../src/inbox/plan-send.ts'
import { cap, openArbiterRig } from './arbiter-rig.ts'

let rig: Awaited<ReturnType<typeof openArbiterRig>>

beforeAll(async () => {
  rig = await openArbiterRig()
})
afterAll(() => rig.close())
beforeEach(() => rig.forget())

const minuteMs = 60_000

test('a cap holds over numbers, and opens when the window has passed', async () => {
  await rig.save(cap(2))
  const contact = await rig.newContact()
  expect(await rig.plan(contact, 0)).toMatchObject({ state: 'attempt' })
  expect(await rig.plan(contact, 1)).toMatchObject({ state: 'attempt' })
  const third = { sendKey: newId() }
  const deferred = await rig.plan(contact, 0, third)
  expect(deferred).toMatchObject({ state: 'deferred' })
  expect(deferred).toMatchObject({
    reason: expect.stringContaining('2 of 2 marketing messages in 1 day were sent'),
  })
  expect(await rig.plan(contact, 1, third)).toMatchObject({ state: 'deferred' })
  await rig.age(contact.contactId, '1 day')
  expect(await rig.plan(contact, 0, third)).toMatchObject({ state: 'attempt' })
  const kinds = (await rig.factsOf(contact.contactId)).map(({ kind }) => kind)
  expect(kinds).toEqual(['message.planned', 'message.planned', 'send.deferred', 'message.planned'])
  expect(await rig.rows('select 1 from arbiter_waits')).toEqual([])
})

test('answers, other people, other workspaces and what WhatsApp did not accept take no room', async () => {
  await rig.save(cap(1))
  const contact = await rig.newContact()
  const answer = { proactive: false }
  expect(await rig.plan(contact, 0, answer)).toMatchObject({ state: 'attempt' })
  expect(await rig.plan(await rig.newContact())).toMatchObject({ state: 'attempt' })
  const failed = { sendKey: newId() }
  expect(await rig.plan(contact, 0, failed)).toMatchObject({ state: 'attempt' })
  await rig.rows(`update messages set state = 'failed' where send_key = $1`, [failed.sendKey])
  expect(await rig.plan(contact, 0)).toMatchObject({ state: 'attempt' })
  expect(await rig.plan(contact, 0)).toMatchObject({ state: 'deferred' })
  expect(await rig.plan(contact, 1, answer)).toMatchObject({ state: 'attempt' })
})

test('what may have arrived takes its room: only proof that it did not gives it back', async () => {
  await rig.save(cap(1))
  const contact = await rig.newContact()
  const sendKey = newId()
  expect(await rig.plan(contact, 0, { sendKey })).toMatchObject({ state: 'attempt' })
  for (const state of ['inflight', 'accepted', 'unknown']) {
    await rig.rows(`update messages set state = $2 where send_key = $1`, [sendKey, state])
    expect(await rig.plan(contact, 0)).toMatchObject({ state: 'deferred' })
  }
})

test('a retry of the same message takes its own place again, not another one', async () => {
  await rig.save(cap(1))
  const contact = await rig.newContact()
  const sendKey = newId()
  const first = await rig.plan(contact, 0, { sendKey, class: 'utility', content: template('sale') })
  expect(first).toMatchObject({ state: 'attempt', attempt: 1 })
  await rig.rows(`update messages set inflight_at = now() - interval '5 seconds' where send_key = $1`, [
    sendKey,
  ])
  expect(await rig.plan(contact, 0, { sendKey, class: 'utility', content: template('sale') })).toMatchObject({
    state: 'attempt',
    attempt: 2,
  })
})

const template = (name: string) =>
  ({ type: 'template', template: { name, language: { code: 'en' } } }) satisfies SendInput['content']

test('a template counts as what WhatsApp calls it', async () => {
  await rig.rows(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
     values ($1, $2, 'waba', 'parcel', 'en', 'UTILITY', '[]', 'approved')`,
    [newId(), rig.workspaceId],
  )
  await rig.save(cap(1, 1, 'days', ['utility']))
  const contact = await rig.newContact()
  expect(await rig.plan(contact, 0, { content: template('parcel') })).toMatchObject({ state: 'attempt' })
  expect(await rig.plan(contact, 1, { content: template('parcel') })).toMatchObject({ state: 'deferred' })
  expect(await rig.plan(contact, 1, { content: template('sale') })).toMatchObject({ state: 'attempt' })
})

test('what would come after its expiry is denied, once and for ever', async () => {
  await rig.save({ ...cap(1), expireAfter: { amount: 2, unit: 'hours' } })
  const contact = await rig.newContact()
  await rig.plan(contact)
  const late = { sendKey: newId() }
  const denied = { state: 'refused', code: 'frequency_cap' }
  expect(await rig.plan(contact, 0, late)).toMatchObject(denied)
  await rig.age(contact.contactId, '1 day')
  expect(await rig.plan(contact, 0, late)).toMatchObject(denied)
  // A deliberate retry asks again.
  expect(await rig.plan(contact, 0, { ...late, epoch: 1 })).toMatchObject({ state: 'attempt' })
  const [, deny, skip] = await rig.factsOf(contact.contactId)
  expect(deny).toMatchObject({ kind: 'send.denied', data: { code: 'frequency_cap', category: 'marketing' } })
  expect(skip).toMatchObject({ kind: 'message.skipped', data: { code: 'frequency_cap' } })
})

test('an expiry of its own, and the one that counts from the first asking', async () => {
  await rig.save({ ...cap(1, 1, 'hours'), expireAfter: { amount: 2, unit: 'hours' } })
  const contact = await rig.newContact()
  await rig.plan(contact)
  expect(await rig.plan(contact, 0, { expiresAtMs: Date.now() + 30 * minuteMs })).toMatchObject({
    state: 'refused',
  })
  const waits = { sendKey: newId() }
  expect(await rig.plan(contact, 0, waits)).toMatchObject({ state: 'deferred' })
  // It has waited for nearly two hours when somebody else took the place.
  await rig.rows(`update arbiter_waits set expires_at = now() + interval '10 minutes'`)
  expect(await rig.plan(contact, 0, waits)).toMatchObject({ state: 'refused', code: 'frequency_cap' })
  const left = await rig.rows('select 1 from arbiter_waits where contact_id = $1', [contact.contactId])
  expect(left).toEqual([])
})

test('quiet hours go by the contact, its country, the workspace, and last UTC', async () => {
  const zoneOf = async (waId: string, timeZone: string | null, workspaceZone: string | null) => {
    await rig.save({ timeZone: workspaceZone })
    const { contactId } = await rig.newContact(waId)
    await rig.rows('update contacts set time_zone = $2 where id = $1', [contactId, timeZone])
    const { body } = await rig.api.ask('GET', `/platform/v1/contacts/${contactId}/may-send`, {
      token: rig.workspace.key,
    })
    return [body['timeZone'], body['timeZoneFrom']]
  }
  expect(await zoneOf('919876543210', 'Asia/Dubai', 'Europe/Paris')).toEqual(['Asia/Dubai', 'contact'])
  expect(await zoneOf('919876543211', 'nonsense', 'Europe/Paris')).toEqual(['Asia/Calcutta', 'country'])
  expect(await zoneOf('34612345678', null, null)).toEqual(['Europe/Madrid', 'country'])
  // The United States have many clocks.
  expect(await zoneOf('12025550123', null, 'America/New_York')).toEqual(['America/New_York', 'workspace'])
  expect(await zoneOf('12025550124', null, null)).toEqual(['UTC', 'default'])
})

test('who wrote just now is left in peace; the highest priority gets the last place', async () => {
  await rig.save({ ...cap(1, 1, 'hours'), replyWins: { within: { amount: 10, unit: 'minutes' } } })
  const contact = await rig.newContact()
  const seen = (ago: string) =>
    rig.rows('update contacts set last_seen_at = now() - $2::interval where id = $1', [
      contact.contactId,
      ago,
    ])
  await seen('1 minute')
  const high = { sendKey: newId(), priority: 1 }
  const low = { sendKey: newId(), priority: 8 }
  expect(await rig.plan(contact, 0, high)).toMatchObject({ state: 'deferred' })
  expect(await rig.plan(contact, 1, low)).toMatchObject({ state: 'deferred' })
  await seen('11 minutes')
  await rig.rows(`update arbiter_waits set until = now() where priority = 1`)
  expect(await rig.plan(contact, 1, low)).toMatchObject({
    state: 'deferred',
    reason: expect.stringContaining('a message of priority 1 waits'),
  })
  expect(await rig.plan(contact, 0, high)).toMatchObject({ state: 'attempt' })
  expect(await rig.plan(contact, 1, low)).toMatchObject({
    reason: expect.stringContaining('1 of 1 marketing messages in 1 hour were sent'),
  })
})

test('saving settings lets those ask again who wait, without waiting for their time', async () => {
  await rig.save(cap(1))
  const contact = await rig.newContact()
  await rig.plan(contact)
  const sendKey = newId()
  await rig.plan(contact, 0, { sendKey, workflowId: 'journey/waiting' })
  await rig.save(cap(2))
  const told = await rig.rows<{ payload: object }>(
    `select payload from outbox where workflow_id = 'journey/waiting' and name = 'sendSettled'`,
  )
  expect(told).toEqual([{ payload: { eventId: 'arbiter', sendKey } }])
  expect(await rig.plan(contact, 0, { sendKey })).toMatchObject({ state: 'attempt' })
})

test('a message tells why it went out, or had to wait', async () => {
  await rig.save(cap(1))
  const contact = await rig.newContact()
  await rig.plan(contact)
  const sendKey = newId()
  await rig.plan(contact, 0, { sendKey })
  await rig.age(contact.contactId, '1 day')
  await rig.plan(contact, 0, { sendKey })
  const [message] = await rig.rows<{ id: string }>('select id from messages where send_key = $1', [sendKey])
  const path = `/platform/v1/contacts/${contact.contactId}/why?message=${message?.id}`
  const { body } = await rig.api.ask('GET', path, { token: rig.workspace.key })
  const said = (body['chain'] as { words: string }[]).map(({ words }) => words)
  expect(said[0]).toMatch(
    /^a marketing message had to wait until .*: 1 of 1 marketing messages in 1 day were sent$/,
  )
  expect(said[1]).toMatch(
    /^a message was sent off: "Offer!"; the arbiter agreed: 1 of 1 marketing messages in 1 day$/,
  )
})

test('what it costs: no statement where nothing is set, one lock and one look where something is', async () => {
  const count = async (input: Partial<SendInput> = {}) => {
    const contact = await rig.newContact()
    let statements = 0
    await forkFor(rig.api.deps.orm, rig.workspaceId).transactional((em) =>
      rig.planIn(counting(em), contact, 0, input),
    )
    return statements

    function counting(em: Em): Em {
      return new Proxy(em, {
        get(target, name) {
          if (name === 'execute') statements += 1
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    }
  }
  const plain = await count()
  expect(plain).toBe(6)
  await rig.save(cap(3))
  expect(await count({ proactive: false })).toBe(plain)
  expect(await count()).toBe(plain + 2)
})
