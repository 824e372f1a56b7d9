import { Webhook } from 'standardwebhooks'
import type { Delivery } from '../../src/outgoing-webhooks/deliveries.ts'
import type { FakeReply } from '../support/fake-api.ts'
import { openWebhookRig, type WebhookRig } from './webhook-rig.ts'

let rig: WebhookRig

beforeAll(async () => {
  rig = await openWebhookRig()
})
afterAll(() => rig.close())
beforeEach(() => rig.forget())

type Logged = Delivery & { log: { status: number | null; error: string | null }[] }

test('an event is delivered once, signed as Standard Webhooks says, at the address as it was given', async () => {
  const endpoint = await rig.make(['message.received'], { headers: { authorization: 'Basic abc' } })
  const chat = await rig.inbox.newChat('hello äöü 😀')
  expect(await rig.deliver(endpoint)).toMatchObject({ outcome: 'idle' })
  const [request] = rig.receiver.requests
  if (!request) throw new Error('nothing was delivered')
  expect(rig.receiver.requests).toHaveLength(1)
  expect(request).toMatchObject({ method: 'POST', path: '/hook?auth=secret' })
  expect(request.headers).toMatchObject({ authorization: 'Basic abc', 'content-type': 'application/json' })
  const told = new Webhook(endpoint.secret).verify(request.body, request.headers as Record<string, string>)
  expect(told).toMatchObject({
    type: 'message.received',
    data: {
      ...{ conversationId: chat.id, messageId: chat.messageId },
      message: { id: chat.messageId, text: 'hello äöü 😀' },
      conversation: { id: chat.id },
    },
  })
  const [delivery] = await rig.deliveriesOf(endpoint)
  expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, status: 200 })
  expect(request.headers['webhook-id']).toBe(`msg_${delivery?.id}`)
  expect(() =>
    new Webhook(endpoint.secret).verify(`${request.body} `, request.headers as Record<string, string>),
  ).toThrow('No matching signature')
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})

test('only the kinds and the number that an endpoint asks for are owed to it, and nothing that was rolled back', async () => {
  const other = await rig.inbox.addNumber()
  const [statuses, elsewhere] = [
    await rig.make(['message.status']),
    await rig.make(['message.received'], { numberId: other }),
  ]
  const both = await rig.make(['message.received', 'conversation.assigned'], { numberId: rig.inbox.numberId })
  const chat = await rig.inbox.newChat()
  const ann = await rig.inbox.hire('ann')
  await rig.inbox.ask(200, 'POST', `${chat.path}/assignment`, { userId: ann.id })
  expect((await rig.deliveriesOf(both)).map(({ kind }) => kind)).toEqual([
    'conversation.assigned',
    'message.received',
  ])
  expect([await rig.deliveriesOf(statuses), await rig.deliveriesOf(elsewhere)]).toEqual([[], []])
  for (const { id } of [statuses, elsewhere, both]) await rig.ask(204, 'DELETE', `/webhook-endpoints/${id}`)
})

test('for a day after it was changed both secrets verify, and then the new one alone', async () => {
  const endpoint = await rig.make()
  const { secret } = await rig.ask<{ secret: string }>(
    200,
    'POST',
    `/webhook-endpoints/${endpoint.id}/secret/rotate`,
  )
  expect(secret).not.toBe(endpoint.secret)
  await rig.inbox.newChat()
  await rig.deliver(endpoint)
  const [request] = rig.receiver.requests
  const headers = request?.headers as Record<string, string>
  for (const each of [secret, endpoint.secret]) new Webhook(each).verify(request?.body ?? '', headers)
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2)
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})

test('a failure is tried again by the schedule; after the last attempt it is given up and may be replayed', async () => {
  const endpoint = await rig.make()
  await rig.inbox.newChat()
  rig.play.answer = () => ({ status: 503, text: 'not now' })
  const waits: number[] = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    const { outcome, waitMs } = await rig.deliver(endpoint)
    if (outcome === 'waiting') waits.push(waitMs)
    await rig.makeDue()
  }
  const expected = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]
  expect(waits).toHaveLength(expected.length)
  for (const [at, seconds] of expected.entries()) {
    expect(waits[at]).toBeGreaterThan(seconds * 1_000 - 5_000)
    expect(waits[at]).toBeLessThan(seconds * 1_100 + 1_000)
  }
  const [failed] = await rig.deliveriesOf(endpoint)
  expect(failed).toMatchObject({ state: 'failed', attempts: 8, status: 503, answer: 'not now' })
  const logged = await rig.ask<Logged>(
    200,
    'GET',
    `/webhook-endpoints/${endpoint.id}/deliveries/${failed?.id}`,
  )
  expect(logged.log.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 503))
  expect((await rig.show(endpoint.id)).failingSince).not.toBeNull()

  rig.play.answer = () => ({})
  const replay = `/webhook-endpoints/${endpoint.id}/deliveries/${failed?.id}/replay`
  await rig.ask(200, 'POST', replay)
  await rig.deliver(endpoint)
  expect((await rig.deliveriesOf(endpoint))[0]).toMatchObject({ state: 'delivered', attempts: 1 })
  expect((await rig.show(endpoint.id)).failingSince).toBeNull()
  expect(new Set(rig.receiver.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
    new Set([`msg_${failed?.id}`]),
  )
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})

test('an endpoint that hangs is left after its time, and neither a redirect nor a large answer is a success', async () => {
  const endpoint = await rig.make()
  const inside = 'http://169.254.169.254/latest/meta-data/'
  const replies: [FakeReply, string][] = [
    [{ silent: true }, 'gave no answer'],
    [{ status: 302, headers: { location: inside } }, 'redirects are not followed'],
    [{ text: 'x'.repeat(200_000) }, 'larger than'],
  ]
  for (const [reply, error] of replies) {
    rig.play.answer = () => reply
    await rig.inbox.newChat()
    await rig.deliver(endpoint)
    const [delivery] = await rig.deliveriesOf(endpoint)
    expect(delivery).toMatchObject({
      state: 'pending',
      attempts: 1,
      error: expect.stringContaining(error) as string,
    })
  }
  expect(rig.receiver.requests).toHaveLength(3)
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})

test('Retry-After holds everything for the endpoint back, and nothing is lost meanwhile', async () => {
  const endpoint = await rig.make()
  rig.play.answer = () => ({ status: 429, headers: { 'retry-after': '120' } })
  const chats = [await rig.inbox.newChat(), await rig.inbox.newChat(), await rig.inbox.newChat()]
  const page = await rig.deliver(endpoint)
  expect(page.outcome).toBe('waiting')
  expect(page.waitMs).toBeGreaterThan(100_000)
  await rig.makeDue()
  const asked = rig.receiver.requests.length
  expect(await rig.deliver(endpoint)).toMatchObject({ outcome: 'waiting' })
  expect(rig.receiver.requests).toHaveLength(asked)
  rig.play.answer = () => ({})
  await rig.inbox.rows('update webhook_endpoints set resumes_at = now()')
  expect(await rig.deliver(endpoint)).toMatchObject({ outcome: 'idle' })
  const deliveries = await rig.deliveriesOf(endpoint)
  expect(deliveries.map(({ state }) => state)).toEqual(chats.map(() => 'delivered'))
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})

test.each([
  ['410 disables at once', 410, undefined],
  ['five days of failures disable', 500, '5 days'],
])('%s; admins are told why, and it may be enabled and replayed', async (_what, status, failingFor) => {
  const endpoint = await rig.make()
  const boss = await rig.inbox.hire('boss', 'admin')
  if (failingFor !== undefined)
    await rig.inbox.rows(`update webhook_endpoints set failing_since = now() - $1::interval where id = $2`, [
      failingFor,
      endpoint.id,
    ])
  rig.play.answer = () => ({ status })
  await rig.inbox.newChat()
  expect(await rig.deliver(endpoint)).toMatchObject({ outcome: 'disabled' })
  const shown = await rig.show(endpoint.id)
  expect(shown.disabledAt).not.toBeNull()
  expect(shown.disabledReason).toContain(status === 410 ? 'gone for good' : 'five days')
  const notices = await rig.inbox.rows<{ data: { endpoint: string } }>(
    `select data from notifications where user_id = $1 and kind = 'webhook_disabled'`,
    [boss.id],
  )
  expect(notices.map(({ data }) => data.endpoint)).toContain(endpoint.id)
  await rig.inbox.newChat()
  expect(await rig.deliveriesOf(endpoint)).toHaveLength(1)
  await rig.ask(409, 'POST', `/webhook-endpoints/${endpoint.id}/test`)
  rig.play.answer = () => ({})
  await rig.ask(200, 'POST', `/webhook-endpoints/${endpoint.id}/enable`)
  const since = new Date(Date.now() - 3_600_000).toISOString()
  expect(await rig.ask(200, 'POST', `/webhook-endpoints/${endpoint.id}/replay`, { since })).toEqual({
    replayed: 1,
  })
  await rig.deliver(endpoint)
  expect((await rig.deliveriesOf(endpoint)).map(({ state }) => state)).toEqual(['delivered'])
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})

test('an endpoint that is deleted while it is asked leaves nothing behind', async () => {
  const endpoint = await rig.make()
  await rig.inbox.newChat()
  let gone: Promise<unknown> | undefined
  rig.play.answer = () => {
    gone = rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
    return { silent: true }
  }
  expect(await rig.deliver(endpoint)).toMatchObject({ outcome: 'disabled' })
  await gone
  expect(await rig.inbox.rows('select 1 from webhook_attempts')).toEqual([])
})

test('what happened in one chat is told in its order, however many chats there are', async () => {
  const endpoint = await rig.make()
  const chats = await Promise.all(Array.from({ length: 6 }, () => rig.inbox.newChat('0')))
  for (const text of ['1', '2', '3', '4']) for (const chat of chats) await rig.inbox.hear(chat.waId, text)
  rig.play.answer = () => ({})
  let page = await rig.deliver(endpoint)
  while (page.outcome === 'more') page = await rig.deliver(endpoint)
  const told = rig.receiver.requests.map(
    ({ body }) => (JSON.parse(body) as { data: { conversationId: string; message: { text: string } } }).data,
  )
  for (const { id } of chats)
    expect(
      told.filter(({ conversationId }) => conversationId === id).map(({ message }) => message.text),
    ).toEqual([...'01234'])
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})
