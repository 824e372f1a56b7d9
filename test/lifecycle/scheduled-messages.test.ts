import { newId } from '../../src/db/columns.ts'
import { routes } from '../../src/lifecycle/routes.ts'
import { sendScheduled } from '../../src/lifecycle/send-scheduled.ts'
import { createSession } from '../../src/people/sessions.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createAsk, openApi, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openLifecycleHouse, type LifecycleHouse } from './lifecycle-house.ts'

interface Scheduled {
  id: string
  state: string
  reason: string | null
  messageId: string | null
  onReply: string
  dueAt: string
  byUser: { id: string } | null
}
let house: LifecycleHouse
let api: ApiRig
let ask: ReturnType<typeof createAsk>
let ann: Awaited<ReturnType<LifecycleHouse['hire']>>
let annToken: string

beforeAll(async () => {
  house = await openLifecycleHouse()
  api = await openApi(house.deps.config, routes)
  const { key } = await createApiKey(house.deps, {
    workspaceId: house.workspaceId,
    name: 'test',
    kind: 'platform',
  })
  ask = createAsk(api, key)
  ann = await house.hire('ann', 'admin')
  annToken = (await createSession(house.deps, ann)).token
})
afterAll(async () => {
  await api.close()
  await house.close()
})

const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
const hourMs = 3_600_000
const content = (body: string) => ({ type: 'text', text: { body } })
async function schedule(waId: string, body: string, more: object = {}): Promise<Scheduled> {
  const { conversationId } = await house.chatOf(waId)
  const path = `/conversations/${conversationId}/scheduled-messages`
  return ask(201, 'POST', path, { content: content(body), dueAt: soon(hourMs), ...more }, annToken)
}
const look = (id: string) => ask<Scheduled>(200, 'GET', `/scheduled-messages/${id}`)
const becomes = (id: string, expected: Partial<Scheduled>) =>
  eventually(async () => expect(await look(id)).toMatchObject(expected))
/** Its time has come. */
const ring = async (waId: string, id: string) => {
  await house.rows(`update scheduled_messages set due_at = now() - interval '1 second' where id = $1`, [id])
  await house.wake(waId)
}

test('a message goes out at its time, once, and says who scheduled it', async () => {
  const waId = '4917000003001'
  await house.text(waId, 'hi')
  const made = await schedule(waId, 'As promised', { dueAt: soon(1_500) })
  expect(made).toMatchObject({ state: 'scheduled', onReply: 'hold', byUser: { id: ann.id }, messageId: null })
  await house.said(waId, ['As promised'])
  await becomes(made.id, { state: 'sent', messageId: expect.any(String) })
  const { conversationId } = await house.chatOf(waId)
  const { workspaceId } = house
  await Promise.all([1, 2].map(() => sendScheduled(house.deps, { workspaceId, conversationId })))
  await house.said(waId, ['As promised'])
  await ask(409, 'DELETE', `/scheduled-messages/${made.id}`)
  await ask(409, 'PATCH', `/scheduled-messages/${made.id}`, { dueAt: soon(hourMs) })
})

test('a customer who writes first holds it, until somebody releases it', async () => {
  const waId = '4917000003002'
  await house.text(waId, 'hi')
  const made = await schedule(waId, 'Any news?')
  const [cancelled, kept] = [
    await schedule(waId, 'Never', { onReply: 'cancel' }),
    await schedule(waId, 'Anyhow', { onReply: 'send' }),
  ]
  await house.text(waId, 'here is the news')
  await becomes(made.id, { state: 'held', reason: 'the customer wrote first' })
  await becomes(cancelled.id, { state: 'cancelled' })
  await becomes(kept.id, { state: 'scheduled' })
  await ring(waId, kept.id)
  await house.said(waId, ['Anyhow'])
  expect(await look(made.id)).toMatchObject({ state: 'held' })
  const edited = await ask<Scheduled>(200, 'PATCH', `/scheduled-messages/${made.id}`, {
    content: content('Thanks'),
  })
  expect(edited).toMatchObject({ state: 'held' })
  await house.rows(`update scheduled_messages set due_at = now() where id = $1`, [made.id])
  await ask(200, 'POST', `/scheduled-messages/${made.id}/release`, {})
  await house.said(waId, ['Anyhow', 'Thanks'])
  await ask(409, 'POST', `/scheduled-messages/${made.id}/release`, {})
  expect(await house.facts(waId, 'scheduled.held')).toHaveLength(1)
})

test('what is due just when the customer writes is sent or held, and never both', async () => {
  const waIds = Array.from({ length: 6 }, (_each, at) => `49170000031${String(at).padStart(2, '0')}`)
  const { workspaceId, deps } = house
  for (const waId of waIds) {
    await house.text(waId, 'hi')
    const { id } = await schedule(waId, 'Hello?')
    const { conversationId } = await house.chatOf(waId)
    await house.rows(`update scheduled_messages set due_at = now() - interval '1 second' where id = $1`, [id])
    await Promise.all([house.text(waId, 'me first'), sendScheduled(deps, { workspaceId, conversationId })])
    const { state, messageId } = await look(id)
    expect(['held', 'sent']).toContain(state)
    await house.said(waId, messageId === null ? [] : ['Hello?'])
  }
})

test('it may be changed, moved and cancelled until then, and lists show it', async () => {
  const waId = '4917000003003'
  await house.text(waId, 'hi')
  const made = await schedule(waId, 'First')
  const dueAt = soon(2 * hourMs)
  await ask(200, 'PATCH', `/scheduled-messages/${made.id}`, {
    dueAt,
    content: content('Second'),
    onReply: 'send',
  })
  expect(await look(made.id)).toMatchObject({ dueAt, onReply: 'send', what: { content: content('Second') } })
  const { conversationId } = await house.chatOf(waId)
  const list = (query: string) => ask<{ items: Scheduled[] }>(200, 'GET', query)
  const path = `/conversations/${conversationId}/scheduled-messages`
  expect((await list(path)).items).toMatchObject([{ id: made.id }])
  expect((await list('/scheduled-messages?state=scheduled&limit=1')).items).toHaveLength(1)
  await ask(200, 'DELETE', `/scheduled-messages/${made.id}`)
  expect((await list(`${path}?state=cancelled`)).items).toMatchObject([{ id: made.id, state: 'cancelled' }])
  await ring(waId, made.id)
  await house.text(waId, 'hi')
  await house.said(waId, [])
})

test('what may not go out fails with the reason, and who scheduled it is told', async () => {
  const waId = '4917000003004'
  await house.text(waId, 'hi')
  const made = await schedule(waId, 'Too late')
  const { conversationId } = await house.chatOf(waId)
  await house.rows(`update conversations set window_ends_at = now() - interval '1 second' where id = $1`, [
    conversationId,
  ])
  await ring(waId, made.id)
  await becomes(made.id, {
    state: 'failed',
    reason: expect.stringContaining('window_closed'),
  })
  const told = await house.rows(`select 1 from notifications where user_id = $1 and kind = 'scheduled'`, [
    ann.id,
  ])
  expect(told).toHaveLength(1)
})

test.each([
  [{ content: undefined }, 'content'],
  [{ blockId: newId() }, 'content'],
  [{ dueAt: '2020-01-01T00:00:00Z' }, 'dueAt'],
  [{ onReply: 'maybe' }, 'onReply'],
  [{ content: { type: 'image', image: { library: newId() } } }, 'content'],
])('what cannot be scheduled is refused by its field: %j', async (more, field) => {
  const waId = '4917000003005'
  await house.text(waId, 'hi')
  const { conversationId } = await house.chatOf(waId)
  const body = { content: content('x'), dueAt: soon(hourMs), ...more }
  const path = `/platform/v1/conversations/${conversationId}/scheduled-messages`
  const answer = await api.ask('POST', path, { token: annToken, body })
  expect([400, 422]).toContain(answer.status)
  expect(JSON.stringify(answer.body)).toContain(field)
})

test('whom a chat is closed to sees nothing of it, and does not write into it', async () => {
  const waId = '4917000003006'
  await house.text(waId, 'hi')
  const made = await schedule(waId, 'Mine')
  const ben = await house.hire('ben')
  const { token } = await createSession(house.deps, ben)
  await house.rows(`update users set can_read_chats = 'user' where id = $1`, [ben.id])
  await ask(404, 'GET', `/scheduled-messages/${made.id}`, undefined, token)
  await ask(404, 'DELETE', `/scheduled-messages/${made.id}`, undefined, token)
  const { items } = await ask<{ items: Scheduled[] }>(200, 'GET', '/scheduled-messages', undefined, token)
  expect(items).toEqual([])
  await house.rows(`update users set can_read_chats = 'all', can_write_to_chats = 'user' where id = $1`, [
    ben.id,
  ])
  await ask(403, 'DELETE', `/scheduled-messages/${made.id}`, undefined, token)
})
