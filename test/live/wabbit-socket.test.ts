import { readUserToken } from '../../src/people/user-token.ts'
import { deliverPage } from '../../src/outgoing-webhooks/deliver-page.ts'
import { newId } from '../../src/db/columns.ts'
import { compose, dispose } from '../../src/compose.ts'
import { openInboxRig, type InboxRig } from '../conversations/inbox-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openFakeApi } from '../support/fake-api.ts'
import { connectLive, startLiveProcess, type LiveClient } from './live-rig.ts'

let it: InboxRig
let process: Awaited<ReturnType<typeof startLiveProcess>>
const clients: LiveClient[] = []

beforeAll(async () => {
  it = await openInboxRig()
  process = await startLiveProcess(it.deps)
})
afterAll(async () => {
  for (const client of clients) client.socket.terminate()
  await process.stop()
  await it.close()
})

type Payload = Record<string, { id?: string; waba_payload?: { text?: { body: string } } }[]> & {
  chat_assignment?: { assigned_to_user_set: { id: number } | null }
}
const payloads = (client: LiveClient) =>
  client.frames.flatMap((frame) =>
    frame.type === 'waba_webhook' ? [(frame as unknown as { waba_payload: Payload }).waba_payload] : [],
  )

function connect(first?: unknown): LiveClient {
  const client = connectLive(`ws://127.0.0.1:${process.port}/ws/`, { first })
  clients.push(client)
  return client
}
const frame = (client: LiveClient, type: string, times = 1) =>
  eventually(() => {
    const found = client.frames.filter((each) => each.type === type)
    expect(found).toHaveLength(times)
    return found.at(-1) as unknown as { status: string; message: string }
  })

async function open(userId: string): Promise<LiveClient> {
  const token = await readUserToken(it.deps, { workspaceId: it.workspaceId, userId })
  const client = connect({ token })
  expect(await frame(client, 'token')).toMatchObject({
    status: 'success',
    message: expect.any(String) as string,
  })
  return client
}

test('the first message is a token; what is none is said to be a bad request, and a wrong one failed', async () => {
  const client = connect('hello')
  expect(await frame(client, 'response')).toMatchObject({
    status: 'bad_request',
    message: expect.any(String) as string,
  })
  client.say({ token: 'f'.repeat(40) })
  expect(await frame(client, 'token')).toMatchObject({ status: 'failed' })
  client.say({ token: it.ours.key })
  expect(await frame(client, 'token', 2)).toMatchObject({ status: 'failed' })
  const ann = await it.hire('ann')
  client.say({ token: await readUserToken(it.deps, { workspaceId: it.workspaceId, userId: ann.id }) })
  expect(await frame(client, 'token', 3)).toMatchObject({ status: 'success' })
  client.say({ type: 'resume', cursor: '1' })
  expect(await frame(client, 'response', 2)).toMatchObject({ status: 'bad_request' })
})

test('what its webhook tells comes as frames, and nothing counts as received by that', async () => {
  const [bob, cid] = [await it.hire('bob'), await it.hire('cid')]
  const [bobs, cids] = [await open(bob.id), await open(cid.id)]
  const chat = await it.newChat('for everybody')
  for (const client of [bobs, cids])
    await eventually(() =>
      expect(payloads(client)).toContainEqual(
        expect.objectContaining({
          messages: [expect.objectContaining({ text: { body: 'for everybody' } })],
          contacts: [expect.objectContaining({ wa_id: chat.waId })],
          incoming_messages: [expect.objectContaining({ from_us: false, received: false })],
        }),
      ),
    )
  await it.ask(200, 'POST', `${chat.path}/assignment`, { userId: bob.id })
  const assigned = (client: LiveClient) => payloads(client).find((each) => each.chat_assignment)
  await eventually(() => expect(assigned(cids)).toBeDefined())
  await eventually(() => expect(assigned(bobs)?.['assigned_messages']).toHaveLength(1))
  expect(assigned(cids)?.['assigned_messages']).toBeUndefined()
  expect(await it.rows('select 1 from conversation_reads where conversation_id = $1', [chat.id])).toEqual([])
})

test('a user who may not read a chat is not told of its messages', async () => {
  const dan = await it.hire('dan')
  await it.rows(`update users set can_read_chats = 'user' where id = $1`, [dan.id])
  const [dans, eves] = [await open(dan.id), await open((await it.hire('eve')).id)]
  await it.newChat('not for dan')
  await eventually(() => expect(payloads(eves)).toHaveLength(1))
  const own = await it.newChat('dan’s')
  // Who has it when it is told may hear of it: it is told before he has it.
  await eventually(() => expect(payloads(eves)).toHaveLength(2))
  await it.ask(200, 'POST', `${own.path}/assignment`, { userId: dan.id })
  await eventually(() => expect(payloads(dans)).toHaveLength(1))
  expect(payloads(dans)[0]?.chat_assignment).toBeDefined()
})

test('a revoked right ends it', async () => {
  const fay = await it.hire('fay')
  const client = await open(fay.id)
  await it.rows('update users set token_generation = token_generation + 1 where id = $1', [fay.id])
  expect(await client.isEnded()).toMatchObject({ code: 4003 })
})

test('a webhook that a user’s receiver takes is received by that user', async () => {
  const gus = await it.hire('gus')
  const receiver = await openFakeApi(() => ({}))
  const id = newId()
  await it.rows(
    `insert into webhook_endpoints (id, workspace_id, number_id, user_id, form, url, kinds, by)
     values ($1, $2, $3, $4, 'wabbit', $5, $6, 'test')`,
    [
      ...[id, it.workspaceId, it.numberId, gus.id, `${receiver.url}/?auth=secret`],
      ['message.received', 'message.sent', 'on_incoming_message'],
    ],
  )
  const chat = await it.newChat('take this')
  const deps = await compose({ ...it.deps.config, OUTBOUND_ALLOW: ['127.0.0.1'] }, 'test')
  await deliverPage(deps, { workspaceId: it.workspaceId, endpointId: id })
  await dispose(deps)
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/?auth=secret'])
  expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
    messages: [{ from: chat.waId, type: 'text', text: { body: 'take this' } }],
    incoming_messages: [{ customer_wa_id: chat.waId }],
  })
  const reads = await it.rows<{ user_id: string }>(
    'select user_id from conversation_reads where conversation_id = $1',
    [chat.id],
  )
  expect(reads).toEqual([{ user_id: gus.id }])
  await receiver.close()
})
