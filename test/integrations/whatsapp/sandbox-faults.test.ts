import { eventually } from '../../support/eventually.ts'
import { NUMBER, startSandboxRig, statusesOf } from './sandbox-rig.ts'

const rig = await startSandboxRig({ pairLimit: false, messagesPerSecond: null, windowErrors: 'off' })
const inject = (...faults: unknown[]) => rig.call('POST', '/sandbox/faults', { faults })
afterEach(async () => {
  await rig.call('DELETE', '/sandbox/faults')
  await rig.call('DELETE', '/sandbox/ledger')
})

test('an error comes with its own body and status, as often as said, and is counted', async () => {
  await inject({ kind: 'error', code: 131026, match: { to: '+1555 111 0001' }, times: 2 })
  for (const expected of [131026, 131026, null]) {
    const answer = await rig.sendText('15551110001', 'x')
    expect(answer.body.error?.code ?? null).toBe(expected)
  }
  expect((await rig.sendText('15551110002', 'x')).status).toBe(200)
  expect((await rig.call('GET', '/sandbox/faults')).body.faults).toMatchObject([{ id: 'fault-1', hits: 2 }])
  expect((await rig.ledger()).total).toBe(2)
})

test.each([
  [130429, 429],
  [131016, 503],
  [190, 401],
  [132001, 404],
  [131000, 500],
])('code %i has HTTP status %i', async (code, status) => {
  await inject({ kind: 'error', code })
  const answer = await rig.sendText('15551110001', 'x')
  expect([answer.status, answer.body.error.code]).toEqual([status, code])
})

test('a rate strikes about as often as it says', async () => {
  await inject({ kind: 'error', code: 131026, rate: 0.5 })
  const answers = await Promise.all(Array.from({ length: 200 }, () => rig.sendText('15551110001', 'x')))
  const struck = answers.filter((answer) => answer.status !== 200).length
  expect(struck).toBeGreaterThan(60)
  expect(struck).toBeLessThan(140)
})

test('accept and drop: no answer, but in the ledger and with statuses', async () => {
  await inject({ kind: 'drop' })
  await expect(rig.sendText('15551110003', 'x', { biz_opaque_callback_data: 'row' })).rejects.toThrow()
  const { messages } = await rig.ledger('?to=15551110003')
  expect(messages).toMatchObject([{ bizOpaqueCallbackData: 'row', type: 'text' }])
  await eventually(() => {
    const mine = statusesOf(rig.endpoint.received).filter((status) => status.id === messages[0].id)
    expect(mine.map((status) => status.status)).toEqual(['sent', 'delivered'])
  })
})

test('drop before accepting leaves no trace', async () => {
  await inject({ kind: 'drop', accept: false })
  await expect(rig.sendText('15551110004', 'x')).rejects.toThrow()
  expect((await rig.ledger()).total).toBe(0)
})

test('5xx with and without accepting', async () => {
  await inject({ kind: 'http', httpStatus: 503, match: { type: 'text' } })
  expect((await rig.sendText('15551110005', 'x')).status).toBe(503)
  expect((await rig.ledger()).total).toBe(0)
  await inject({ kind: 'http', httpStatus: 502, accept: true, match: { phoneNumberId: NUMBER } })
  expect((await rig.sendText('15551110005', 'x')).status).toBe(502)
  expect((await rig.ledger()).total).toBe(1)
})

test('slow answers late; another path is not touched', async () => {
  await inject({ kind: 'slow', delayMs: 300, match: { path: '/messages' } })
  const startedAt = performance.now()
  expect((await rig.sendText('15551110006', 'x')).status).toBe(200)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290)
  await inject({ kind: 'error', code: 2, match: { path: 'whatsapp_business_profile' } })
  expect((await rig.sendText('15551110006', 'x')).status).toBe(200)
  expect((await rig.call('GET', `/v23.0/${NUMBER}/whatsapp_business_profile`)).body.error.code).toBe(2)
})

test('a fault for messages does not use itself up on read receipts', async () => {
  await inject({ kind: 'error', code: 131000, times: 1 })
  expect((await rig.send({ status: 'read', message_id: 'wamid.x' })).status).toBe(200)
  expect((await rig.sendText('15551110007', 'x')).body.error.code).toBe(131000)
})

test('a wrong fault is refused by field and an empty list clears', async () => {
  expect((await inject({ kind: 'error' })).body.error.errors[0].path).toBe('faults.0.code')
  expect((await inject({ kind: 'melt' })).status).toBe(400)
  await inject({ kind: 'error', code: 1 })
  expect((await inject()).body).toEqual({ faults: [] })
  expect((await rig.sendText('15551110008', 'x')).status).toBe(200)
})

test('settings are merged, and a wrong one is refused by field and changes nothing', async () => {
  const changed = await rig.set({ statusDelaysMs: { read: 50 }, messagesPerSecond: 500 })
  expect(changed.body).toMatchObject({
    statusDelaysMs: { sent: 5, delivered: 20, read: 50 },
    messagesPerSecond: 500,
  })
  const wrong = await rig.set({ messagesPerSecond: 0, pairLimit: true })
  expect(wrong).toMatchObject({ status: 400, body: { error: { errors: [{ path: 'messagesPerSecond' }] } } })
  const { body } = await rig.call('GET', '/sandbox/settings')
  expect(body).toMatchObject({ messagesPerSecond: 500, pairLimit: false })
  expect(body).not.toHaveProperty('appSecret')
  await rig.set({ messagesPerSecond: null, statusDelaysMs: { read: null } })
})

test('the ledger pages in order, by recipient and whole; DELETE empties it', async () => {
  for (let index = 0; index < 7; index++)
    await rig.sendText(index % 2 ? '15551110010' : '15551110009', `${index}`)
  const first = await rig.ledger('?limit=3')
  expect(first).toMatchObject({ total: 7 })
  expect(first.messages.map((one: { payload: { text: { body: string } } }) => one.payload.text.body)).toEqual(
    ['0', '1', '2'],
  )
  expect(first.messages[0]).toMatchObject({
    phoneNumberId: NUMBER,
    to: '15551110009',
    type: 'text',
    bizOpaqueCallbackData: null,
    acceptedAt: expect.stringMatching(/Z$/),
  })
  const rest = await rig.ledger(`?limit=10&after=${first.messages[2].seq}`)
  expect(rest.messages).toHaveLength(4)
  const one = await rig.ledger('?to=%2B15551110010&limit=2')
  expect([one.total, one.messages.length]).toEqual([3, 2])
  const before = rest.messages[3].seq
  await rig.call('DELETE', '/sandbox/ledger')
  expect(await rig.ledger()).toEqual({ messages: [], total: 0 })
  await rig.sendText('15551110009', 'again')
  expect((await rig.ledger()).messages[0].seq).toBe(before + 1)
})

test('a person addressed by phone and by user id is one in the ledger', async () => {
  await rig.say('15551110011', { type: 'text', text: { body: 'hi' } })
  const { userId } = (await rig.call('GET', '/sandbox/phones/15551110011/messages')).body.phone
  await rig.sendText('15551110011', 'by phone')
  await rig.send({ to: undefined, recipient: userId, text: { body: 'by id' } })
  expect((await rig.ledger('?to=15551110011')).total).toBe(2)
  expect((await rig.ledger(`?to=${userId}`)).total).toBe(2)
})

test('the ledger lets its oldest go above the limit', async () => {
  await rig.set({ ledgerLimit: 20 })
  for (let index = 0; index < 25; index++) await rig.sendText('15551110012', `${index}`)
  const { messages, total } = await rig.ledger()
  expect(total).toBeLessThanOrEqual(20)
  expect(messages.at(-1).payload.text.body).toBe('24')
})
