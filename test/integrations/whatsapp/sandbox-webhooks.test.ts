import { eventually } from '../../support/eventually.ts'
import { ACCOUNT, changesOf, NUMBER, startSandboxRig, statusesOf } from './sandbox-rig.ts'

const rig = await startSandboxRig({ pairLimit: false, messagesPerSecond: null, windowErrors: 'off' })
const { endpoint } = rig
beforeEach(() => {
  endpoint.received.length = 0
})

const idsSent = async (count: number, to = '15551110000') => {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => rig.sendText(to, `${index}`)))
  return answers.map((answer) => answer.body.messages[0].id as string)
}

test('a customer speaks: the webhook is signed over its bytes and complete', async () => {
  const message = { type: 'text', text: { body: 'héllo 👋' }, referral: { source_id: 'ad' } }
  const said = await rig.say('15551110001', message, { name: 'Ana' })
  expect(said).toMatchObject({
    status: 200,
    body: { delivered: true, id: expect.stringMatching(/^wamid\./) },
  })
  const [post] = endpoint.received
  expect(post?.signatureIsGood).toBe(true)
  expect(post?.body).toMatchObject({ object: 'whatsapp_business_account', entry: [{ id: ACCOUNT }] })
  expect(changesOf(endpoint.received)).toEqual([
    {
      field: 'messages',
      value: {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: '15550100000', phone_number_id: NUMBER },
        contacts: [
          { profile: { name: 'Ana' }, wa_id: '15551110001', user_id: expect.stringMatching(/^US\.\d+$/) },
        ],
        messages: [
          {
            ...message,
            id: said.body.id,
            from: '15551110001',
            from_user_id: expect.any(String),
            timestamp: expect.stringMatching(/^\d{10}$/),
          },
        ],
      },
    },
  ])
})

test('a customer without a phone has a user id only', async () => {
  await rig.say('US.123abc', { type: 'text', text: { body: 'hi' } })
  const [change] = changesOf(endpoint.received)
  expect(change?.value.contacts).toEqual([{ profile: { name: expect.any(String) }, user_id: 'US.123abc' }])
  const [message] = change?.value.messages ?? []
  expect(message).toMatchObject({ from_user_id: 'US.123abc' })
  expect(message).not.toHaveProperty('from')
})

test('a media message without an id gets a file that can be fetched', async () => {
  await rig.say('15551110002', { type: 'image', image: { caption: 'look' } })
  const image = changesOf(endpoint.received)[0]?.value.messages?.[0]?.image as { id: string; sha256: string }
  expect(image).toMatchObject({ caption: 'look', mime_type: 'image/png' })
  const described = await rig.call('GET', `/v23.0/${image.id}`)
  expect(described.body).toMatchObject({ sha256: image.sha256, mime_type: 'image/png' })
  const file = await fetch(described.body.url, { headers: { authorization: 'Bearer token' } })
  expect((await file.arrayBuffer()).byteLength).toBe(described.body.file_size)
})

test('what is said wrongly names the field', async () => {
  const wrong = await rig.call('POST', '/sandbox/phones/15551110002/messages', { message: { text: {} } })
  expect(wrong).toMatchObject({ status: 400, body: { error: { errors: [{ path: 'message.type' }] } } })
  expect((await rig.say('nobody', { type: 'text' })).status).toBe(400)
  expect((await rig.say('15551110002', { type: 'text' }, { phoneNumberId: '9' })).status).toBe(400)
})

test('when the endpoint is away the answer is 202 and the message comes later, once', async () => {
  endpoint.answerWith = [503, 'hang']
  const said = await rig.say('15551110003', { type: 'text', text: { body: 'hi' } })
  expect(said).toMatchObject({ status: 202, body: { delivered: false } })
  await eventually(() => {
    const taken = changesOf(endpoint.received).flatMap((change) => change.value.messages ?? [])
    expect(taken.filter((message) => message.id === said.body.id)).toHaveLength(2)
  })
  await eventually(async () => expect((await rig.call('GET', '/sandbox/webhooks')).body.queued).toBe(0))
})

test('items are batched by number, up to 1,000 a POST, in order', async () => {
  await rig.set({ webhookBatchMs: 400, statusDelaysMs: { sent: 0, delivered: null } })
  const ids = await idsSent(1_200)
  await eventually(() => expect(statusesOf(endpoint.received)).toHaveLength(1_200))
  const sizes = endpoint.received.map((post) => statusesOf([post]).length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
  expect(sizes.length).toBeLessThan(20)
  expect(endpoint.received.every((post) => post.body.entry.length === 1 && post.signatureIsGood)).toBe(true)
  expect(new Set(statusesOf(endpoint.received).map((status) => status.id))).toEqual(new Set(ids))
  await rig.set({ webhookBatchMs: 0, statusDelaysMs: { sent: 5, delivered: 20 } })
})

test('delays: null means never, read comes when set', async () => {
  await rig.set({ statusDelaysMs: { sent: null, delivered: 0, read: 30 } })
  const [id] = await idsSent(1)
  await eventually(() => {
    expect(statusesOf(endpoint.received).map((status) => status.status)).toEqual(['delivered', 'read'])
    expect(statusesOf(endpoint.received)[0]?.id).toBe(id)
  })
  await rig.set({ statusDelaysMs: { sent: 5, delivered: 20, read: null } })
})

test('duplicates and reordering come when asked for, and nothing is lost', async () => {
  await rig.set({ duplicateRate: 0.5, reorder: true })
  const ids = await idsSent(40)
  await eventually(() => {
    const statuses = statusesOf(endpoint.received)
    const keys = statuses.map((status) => `${status.id} ${status.status}`)
    for (const id of ids) expect(keys).toEqual(expect.arrayContaining([`${id} sent`, `${id} delivered`]))
    expect(keys.length).toBeGreaterThan(new Set(keys).size)
    const overtaken = ids.filter((id) => keys.indexOf(`${id} delivered`) < keys.indexOf(`${id} sent`))
    expect(overtaken.length).toBeGreaterThan(0)
  })
  await rig.set({ duplicateRate: 0, reorder: false })
})

test('any field can be sent, and the handshake can be asked for', async () => {
  const value = { event: 'THROUGHPUT_UPGRADE', display_phone_number: '15550100000' }
  const answer = await rig.call('POST', '/sandbox/webhooks', { field: 'phone_number_quality_update', value })
  expect(answer.body).toEqual({ delivered: true })
  expect(changesOf(endpoint.received)).toContainEqual({ field: 'phone_number_quality_update', value })
  expect((await rig.call('POST', '/sandbox/webhooks/verify', {})).body).toEqual({
    verified: true,
    status: 200,
  })
  await rig.set({ verifyToken: 'other' })
  expect((await rig.call('POST', '/sandbox/webhooks/verify', {})).body).toEqual({
    verified: false,
    status: 403,
  })
})
