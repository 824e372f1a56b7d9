import { newId } from '../../src/db/columns.ts'
import { openInboxRig, type InboxRig } from '../conversations/inbox-rig.ts'
import { eventually } from '../support/eventually.ts'
import { connectLive, startLiveProcess, type LiveClient } from './live-rig.ts'

let it: InboxRig
let one: Awaited<ReturnType<typeof startLiveProcess>>
let other: Awaited<ReturnType<typeof startLiveProcess>>
const clients: LiveClient[] = []

beforeAll(async () => {
  it = await openInboxRig()
  one = await startLiveProcess(it.deps)
  other = await startLiveProcess(it.deps)
})
afterAll(async () => {
  for (const client of clients) client.socket.terminate()
  await one.stop()
  await other.stop()
  await it.close()
})

async function open(url: string, token: string): Promise<LiveClient> {
  const client = connectLive(url, { token })
  clients.push(client)
  await client.isOpen()
  return client
}

test('what a customer writes is on every screen of every process, with the message and the chat', async () => {
  const ann = await it.hire('ann')
  const [here, there] = [await open(one.url, ann.token), await open(other.url, it.ours.key)]
  const chat = await it.newChat('is it here?')
  for (const client of [here, there]) {
    const frame = await client.hears('message.received', chat.id)
    expect(frame).toMatchObject({
      type: 'event',
      data: { messageId: chat.messageId },
      message: { id: chat.messageId, text: 'is it here?' },
      conversation: { id: chat.id, status: 'open' },
    })
    expect(frame?.seq).toBeGreaterThan(0)
    expect(frame?.conversation).not.toHaveProperty('unread')
  }
  expect(here.frames[0]).toMatchObject({ type: 'hello', user: { id: ann.id } })
  expect(there.frames[0]).toMatchObject({ type: 'hello', user: null })
})

test('each event is judged by who may read the chat now; whoever loses a chat is told that, and nothing else', async () => {
  const [bob, cid] = [await it.hire('bob'), await it.hire('cid')]
  await it.rows('update users set can_read_chats = $1 where id = any($2)', ['user', [bob.id, cid.id]])
  const [bobs, cids] = [await open(one.url, bob.token), await open(other.url, cid.token)]
  const chat = await it.newChat()
  await it.ask(200, 'POST', `${chat.path}/assignment`, { userId: bob.id })
  await bobs.hears('conversation.assigned', chat.id)
  await it.hear(chat.waId, 'for bob')
  await bobs.hears('message.received', chat.id)
  await it.ask(200, 'POST', `${chat.path}/assignment`, { userId: cid.id })
  await cids.hears('conversation.assigned', chat.id)
  const gone = await bobs.hears('conversation.gone', chat.id)
  expect(gone).toEqual(expect.objectContaining({ data: {} }))
  await it.hear(chat.waId, 'for cid')
  await cids.hears('message.received', chat.id)
  expect(bobs.of('message.received', chat.id)).toHaveLength(1)
  expect(cids.of('conversation.gone')).toHaveLength(0)
})

test('what is one user’s is heard by no other', async () => {
  const [dan, eve] = [await it.hire('dan'), await it.hire('eve')]
  const [dans, eves, keys] = [
    await open(one.url, dan.token),
    await open(one.url, eve.token),
    await open(one.url, it.ours.key),
  ]
  const chat = await it.newChat()
  await it.ask(200, 'POST', `${chat.path}/assignment`, { userId: dan.id })
  await eventually(() => expect(dans.of('notification.created')).toHaveLength(1))
  await eves.hears('conversation.assigned', chat.id)
  await keys.hears('conversation.assigned', chat.id)
  expect([...eves.of('notification.created'), ...keys.of('notification.created')]).toEqual([])
})

test('another workspace hears nothing', async () => {
  const theirs = await open(one.url, it.theirs.key)
  const ours = await open(one.url, it.ours.key)
  const chat = await it.newChat()
  await ours.hears('message.received', chat.id)
  expect(theirs.frames.filter(({ type }) => type === 'event')).toEqual([])
})

test('who was away hears what it missed, in order, however long its transaction took', async () => {
  const first = await open(one.url, it.ours.key)
  const cursor = first.cursor() ?? ''
  const slow = it.deps.orm.em.fork()
  await slow.begin()
  await slow.execute(
    `insert into live_events (workspace_id, kind, data) values (?, 'user.changed', ?::jsonb)`,
    [it.workspaceId, JSON.stringify({ userId: newId() })],
  )
  const chat = await it.newChat()
  await first.hears('message.received', chat.id)
  const later = await eventually(() => {
    const found = first.cursor() ?? ''
    expect(found).not.toBe(cursor)
    return found
  })
  await first.close()
  await slow.commit()
  await it.hear(chat.waId, 'again')

  const again = connectLive(`${other.url}?cursor=${encodeURIComponent(cursor)}`, { token: it.ours.key })
  clients.push(again)
  await again.isOpen()
  const kinds = again.frames.filter(({ type }) => type === 'event').map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'message.received')).toHaveLength(2)
  expect(kinds.filter((kind) => kind === 'user.changed')).toHaveLength(1)
  const seqs = again.frames.flatMap(({ seq }) => seq ?? [])
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))

  // From after the first message: the slow transaction had not ended, so that its event is still to come.
  const asked = connectLive(other.url, { token: it.ours.key })
  clients.push(asked)
  await asked.isOpen()
  asked.say({ type: 'resume', cursor: later })
  await eventually(() => {
    expect(asked.of('user.changed')).toHaveLength(1)
    expect(asked.of('message.received')).toHaveLength(1)
  })
})

test('a cursor that is too old, of another database or none at all says: fetch anew', async () => {
  const client = await open(one.url, it.ours.key)
  const [atMs, rest] = (client.cursor() ?? '').split('.')
  const old = `${Number(atMs) - 2 * 60 * 60_000}.${rest}`
  const foreign = `${atMs}.9999999999:9999999999:`
  for (const [at, cursor] of [old, foreign, 'nonsense', '1.2:3:4,'].entries()) {
    client.say({ type: 'resume', cursor })
    await eventually(() => expect(client.frames.filter(({ type }) => type === 'reset')).toHaveLength(at + 1))
  }
  const chat = await it.newChat()
  await client.hears('message.received', chat.id)
})

test('who types and who looks is passed on to those who may read the chat, in every process', async () => {
  const [fay, gus, hal] = [await it.hire('fay'), await it.hire('gus'), await it.hire('hal')]
  await it.rows('update users set can_read_chats = $1 where id = $2', ['none', hal.id])
  const chat = await it.newChat()
  const fays = await open(one.url, fay.token)
  const guss = await open(other.url, gus.token)
  const hals = await open(other.url, hal.token)
  fays.say({ type: 'watch', conversationId: chat.id })
  const besides = (client: LiveClient, type: string) =>
    client.frames.filter((frame) => frame.type === type && frame.conversationId === chat.id)
  await eventually(() => expect(besides(guss, 'looking')).not.toHaveLength(0))
  fays.say({ type: 'typing', conversationId: chat.id })
  fays.say({ type: 'typing', conversationId: chat.id })
  await eventually(() => expect(besides(guss, 'typing')).toHaveLength(1))
  expect(besides(guss, 'typing')[0]?.user).toEqual({
    id: fay.id,
    name: expect.stringContaining('fay') as string,
  })
  hals.say({ type: 'typing', conversationId: chat.id })
  await fays.close()
  await eventually(() => expect(besides(guss, 'left')).toHaveLength(1))
  expect(besides(hals, 'typing')).toEqual([])
  expect(besides(guss, 'typing')).toHaveLength(1)
})

test('whoever has an open socket was seen', async () => {
  const ivy = await it.hire('ivy')
  await it.rows('update users set last_seen_at = null where id = $1', [ivy.id])
  await open(one.url, ivy.token)
  await eventually(async () => {
    const [row] = await it.rows<{ seen: boolean }>(
      'select last_seen_at is not null as seen from users where id = $1',
      [ivy.id],
    )
    expect(row?.seen).toBe(true)
  })
})
