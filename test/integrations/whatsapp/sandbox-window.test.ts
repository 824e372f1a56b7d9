import { eventually } from '../../support/eventually.ts'
import { startSandboxRig, statusesOf } from './sandbox-rig.ts'

const rig = await startSandboxRig()

test('without a word of the customer in 24 hours only templates go out', async () => {
  const refused = await rig.sendText('15550000001', 'hello?')
  expect([refused.status, refused.body.error.code]).toEqual([400, 131047])
  const template = { name: 'hello_world', language: { code: 'en_US' } }
  expect((await rig.send({ to: '15550000001', type: 'template', template })).status).toBe(200)
  await rig.say('15550000001', { type: 'text', text: { body: 'hi' } })
  expect((await rig.sendText('15550000001', 'hello!')).status).toBe(200)
})

test('the refusal may come by status, as Meta does it', async () => {
  await rig.set({ windowErrors: 'async' })
  const accepted = await rig.sendText('15550000002', 'hello?')
  expect(accepted.status).toBe(200)
  const { id } = accepted.body.messages[0]
  await eventually(() => {
    const mine = statusesOf(rig.endpoint.received).filter((status) => status.id === id)
    expect(mine).toMatchObject([{ status: 'failed', errors: [{ code: 131047 }] }])
  })
  await rig.set({ windowErrors: 'sync' })
})

test('read receipts with a typing sign are taken and shown in the chat', async () => {
  const said = await rig.say('15550000003', { type: 'text', text: { body: 'anyone?' } })
  const receipt = { status: 'read', message_id: said.body.id, typing_indicator: { type: 'text' } }
  const answer = await rig.send({ to: undefined, ...receipt })
  expect(answer.body).toEqual({ success: true })
  const chat = await rig.call('GET', '/sandbox/phones/15550000003/messages')
  expect(chat.body.messages).toMatchObject([{ direction: 'in', status: 'read' }])
  expect((await rig.send({ status: 'read', message_id: 'nonsense' })).body.error.code).toBe(100)
})

test('80 messages go out at once, the next is 130429, and inbound counts too', async () => {
  for (const phone of ['15550000004', '15550000005'])
    await rig.say(phone, { type: 'text', text: { body: 'hi' } })
  await rig.set({ messagesPerSecond: 10, pairLimit: false })
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const burst = await Promise.all(Array.from({ length: 30 }, () => rig.sendText('15550000004', 'x')))
  const refused = burst.filter((answer) => answer.status !== 200)
  expect(refused.length).toBeGreaterThanOrEqual(15)
  expect(refused.length).toBeLessThanOrEqual(20)
  expect(new Set(refused.map((answer) => `${answer.status} ${answer.body.error.code}`))).toEqual(
    new Set(['429 130429']),
  )

  await rig.set({ messagesPerSecond: 4 })
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  for (let said = 0; said < 6; said++) await rig.say('15550000005', { type: 'text', text: { body: 'x' } })
  expect((await rig.sendText('15550000005', 'x')).body.error.code).toBe(130429)
  await rig.set({ messagesPerSecond: null })
  expect((await rig.sendText('15550000005', 'x')).status).toBe(200)
})

test('a pair may borrow 45 messages from its future, then is 131056; others are not touched', async () => {
  for (const phone of ['15550000006', '15550000007'])
    await rig.say(phone, { type: 'text', text: { body: 'hi' } })
  await rig.set({ pairLimit: true, messagesPerSecond: null })
  const codes: number[] = []
  for (let sent = 0; sent < 47; sent++) {
    const answer = await rig.sendText('15550000006', 'x')
    codes.push(answer.status === 200 ? 0 : answer.body.error.code)
  }
  expect(codes.slice(0, 45)).toEqual(Array.from({ length: 45 }, () => 0))
  expect(codes.slice(45)).toEqual([131056, 131056])
  expect((await rig.sendText('15550000007', 'x')).status).toBe(200)
  await rig.set({ pairLimit: false })
  expect((await rig.sendText('15550000006', 'x')).status).toBe(200)
})
