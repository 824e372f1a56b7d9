import { liveSockets } from '../../src/kit/metrics.ts'
import { announce } from '../../src/live/announce.ts'
import { revokeApiKey } from '../../src/settings/api-keys.ts'
import { closeSession } from '../../src/people/sessions.ts'
import { openInboxRig, type InboxRig } from '../conversations/inbox-rig.ts'
import { eventually } from '../support/eventually.ts'
import { connectLive, startLiveProcess, type LiveClient } from './live-rig.ts'

let it: InboxRig
let one: Awaited<ReturnType<typeof startLiveProcess>>
let other: Awaited<ReturnType<typeof startLiveProcess>>
const clients: LiveClient[] = []
const [unknown, changed, tooMany] = [4001, 4003, 4029]

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

function connect(url: string, how?: Parameters<typeof connectLive>[1]): LiveClient {
  const client = connectLive(url, how)
  clients.push(client)
  return client
}
async function open(url: string, token: string): Promise<LiveClient> {
  const client = connect(url, { token })
  await client.isOpen()
  return client
}

/** Of all processes: a test has one registry of figures. */
async function countOpen(): Promise<number> {
  return (await liveSockets.get()).values[0]?.value ?? 0
}

describe('a socket is opened by', () => {
  test('a token as the first message', async () => {
    const ann = await it.hire('ann')
    await connect(one.url, { first: { token: ann.token } }).isOpen()
  })

  test('the cookie, from a page of our own only', async () => {
    const bob = await it.hire('bob')
    const cookie = `dripline=${bob.token}`
    await connect(one.url, { headers: { cookie, origin: one.origin } }).isOpen()
    for (const origin of ['https://evil.example', 'null', `${one.origin}.evil.example`]) {
      expect(await connect(one.url, { headers: { cookie, origin } }).isEnded()).toMatchObject({ status: 403 })
    }
    expect(await connect(one.url, { headers: { cookie } }).isEnded()).toMatchObject({ status: 403 })
  })

  test.each([
    ['no token', { first: {} }],
    ['no JSON', { first: 'hello' }],
    ['a wrong token', { first: { token: 'drips_wrong' } }],
    ['a wrong header', { token: 'drip_wrong' }],
    ['a token that is none', { first: { token: 7 } }],
    ['a frame before the token', { first: { type: 'watch', conversationId: null } }],
  ])('nobody with %s', async (_what, how) => {
    const client = connect(one.url, how)
    expect(await client.isEnded()).toMatchObject({ code: unknown })
    expect(client.frames).toEqual([])
  })

  test('nobody at another path', async () => {
    const client = connect(one.url.replace('/live', '/alive'), { token: it.ours.key })
    expect(await client.isEnded()).toMatchObject({ status: 404 })
  })
})

describe('open sockets end at once, in every process, when', () => {
  type Staff = Awaited<ReturnType<InboxRig['hire']>>
  const deeds: [string, (user: Staff) => Promise<unknown>][] = [
    ['the session is closed', ({ token }) => closeSession(it.deps, token)],
    ['the role changes', ({ id }) => it.rows(`update users set role = 'admin' where id = $1`, [id])],
    [
      'a permission changes',
      ({ id }) => it.rows(`update users set can_read_chats = 'none' where id = $1`, [id]),
    ],
    [
      'the user is deactivated',
      ({ id }) => it.rows('update users set deactivated_at = now() where id = $1', [id]),
    ],
    [
      'the password changes',
      ({ id }) => it.rows(`update users set password_hash = 'other' where id = $1`, [id]),
    ],
    ['the user joins a team', ({ id }) => it.team(`Joined ${id}`, [id])],
  ]
  test.each(deeds)('%s', async (_what, deed) => {
    const [user, bystander] = [await it.hire('user'), await it.hire('bystander')]
    const own = [await open(one.url, user.token), await open(other.url, user.token)]
    const others = await open(other.url, bystander.token)
    await deed(user)
    for (const client of own) expect(await client.isEnded()).toMatchObject({ code: changed })
    const chat = await it.newChat()
    await others.hears('message.received', chat.id)
  })

  test('what a team may changes', async () => {
    const user = await it.hire('user')
    const team = await it.team('Permitted', [user.id])
    const client = await open(other.url, user.token)
    await it.rows(`update groups set can_read_chats = 'group' where id = $1`, [team])
    expect(await client.isEnded()).toMatchObject({ code: changed })
  })

  test('a key is revoked', async () => {
    const client = await open(one.url, it.theirs.key)
    await revokeApiKey(it.deps, { workspaceId: it.theirs.workspaceId, id: it.theirs.keyId })
    expect(await client.isEnded()).toMatchObject({ code: changed })
    expect(await connect(one.url, { token: it.theirs.key }).isEnded()).toMatchObject({ code: unknown })
  })
})

describe('a socket is cut that', () => {
  test('says too much', async () => {
    const client = await open(one.url, it.ours.key)
    for (let at = 0; at < 400; at++) client.say({ type: 'typing', conversationId: it.workspaceId })
    expect(await client.isEnded()).toMatchObject({ code: 1008 })
  })

  test('sends a message that is too large', async () => {
    const client = await open(one.url, it.ours.key)
    client.say('x'.repeat(100_000))
    expect(await client.isEnded()).toMatchObject({ code: 1009 })
  })

  test('does not keep up', async () => {
    const [slow, quick] = [await open(one.url, it.ours.key), await open(one.url, it.ours.key)]
    const before = await countOpen()
    slow.socket.pause()
    const chat = await it.newChat('long '.repeat(800))
    const change = { messageId: chat.messageId, what: 'status' }
    const event = { kind: 'message.changed', conversationId: chat.id, data: change } as const
    // The system's own buffers between the two take some megabytes before it shows.
    await announce(
      it.deps.orm.em.fork(),
      it.workspaceId,
      Array.from({ length: 2_000 }, () => event),
    )
    await eventually(() => expect(quick.of('message.changed', chat.id)).toHaveLength(2_000))
    let more = 0
    await eventually(
      async () => {
        await announce(it.deps.orm.em.fork(), it.workspaceId, [event])
        more += 1
        expect(await countOpen()).toBeLessThanOrEqual(before - 1)
      },
      { intervalMs: 500 },
    )
    slow.socket.resume()
    expect(await slow.isEnded()).toMatchObject({ code: 1006 })
    await eventually(() => expect(quick.of('message.changed', chat.id)).toHaveLength(2_000 + more))
  })

  test('is one too many of its user', async () => {
    const user = await it.hire('many')
    for (let at = 0; at < 20; at++) await open(one.url, user.token)
    expect(await connect(one.url, { token: user.token }).isEnded()).toMatchObject({ code: tooMany })
  })
})

test('what is no frame is said to be none, and the socket stays', async () => {
  const client = await open(one.url, it.ours.key)
  for (const frame of [
    'no json',
    {},
    { type: 'resume' },
    { type: 'watch', conversationId: 'x' },
    { type: 'event' },
  ])
    client.say(frame)
  await eventually(() => expect(client.frames.filter(({ type }) => type === 'error')).toHaveLength(5))
})

test('a process that stops asks its clients to come again, and they go on elsewhere', async () => {
  const third = await startLiveProcess(it.deps)
  const client = await open(third.url, it.ours.key)
  await third.stop()
  expect(await client.isEnded()).toMatchObject({ code: 1012 })
  const chat = await it.newChat()
  const again = connect(`${one.url}?cursor=${encodeURIComponent(client.cursor() ?? '')}`, {
    token: it.ours.key,
  })
  await again.hears('message.received', chat.id)
})
