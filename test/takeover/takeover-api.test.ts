import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { handBackDue } from '../../src/takeover/hand-back-due.ts'
import { handOff } from '../../src/takeover/hand-off.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { routes as takeoverRoutes } from '../../src/takeover/routes.ts'
import { takeOverByDeed } from '../../src/takeover/take-over-by-deed.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let workspace: Awaited<ReturnType<typeof openWorkspace>>
const numberId = newId()

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl }, [
    ...takeoverRoutes,
    ...inboxRoutes,
    ...conversationRoutes,
  ])
  workspace = await openWorkspace(api, 'ours')
  await rows(
    `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
       sealed_app_secret, verify_token_hash) values ($1, $2, '1', 'waba', '+1', '', '', '')`,
    [numberId, workspace.workspaceId],
  )
})
afterAll(() => api.close())

const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
  (await runSql(databaseUrl, sql, values)).rows as T[]
const ask = (method: string, path: string, body?: object, token = workspace.key) =>
  api.ask(method, `/platform/v1${path}`, { token, ...(body && { body }) })

async function newChat(): Promise<{ contactId: string; chat: string }> {
  const [contactId, chat] = [newId(), newId()]
  const { workspaceId } = workspace
  await rows('insert into contacts (id, workspace_id) values ($1, $2)', [contactId, workspaceId])
  await rows('insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)', [
    ...[chat, workspaceId, numberId, contactId],
  ])
  return { contactId, chat }
}
const factsOf = async (contactId: string) =>
  (
    await rows<{ kind: string }>('select kind from facts where contact_id = $1 order by at, id', [contactId])
  ).map(({ kind }) => kind)

test('take over, see who has it, hand back; twice is a conflict', async () => {
  const { contactId, chat } = await newChat()
  const taken = await ask(
    'POST',
    `/conversations/${chat}/take-over`,
    { reason: 'A complaint' },
    workspace.user.token,
  )
  expect(taken).toMatchObject({
    status: 200,
    body: {
      ...{ conversationId: chat, contactId, kind: 'taken', reason: 'A complaint', endsAt: null, runId: null },
      takenBy: `user ${workspace.user.id}`,
    },
  })
  expect((await ask('POST', `/conversations/${chat}/take-over`, {})).body['id']).toBe(taken.body['id'])
  const status = await ask('GET', `/contacts/${contactId}/chat-status?numberId=${numberId}`)
  expect(status.body['heldBy']).toBe('agent')
  const listed = (await ask('GET', '/takeovers')).body as { items: { id: string }[] }
  expect((await ask('GET', `/takeovers?contactId=${newId()}`)).body).toMatchObject({ items: [] })
  expect(listed.items.map(({ id }) => id)).toContain(taken.body['id'])
  expect(await ask('POST', `/conversations/${chat}/hand-back`)).toMatchObject({
    status: 200,
    body: { runs: [] },
  })
  expect((await ask('POST', `/conversations/${chat}/hand-back`)).status).toBe(409)
  expect(await factsOf(contactId)).toEqual(['hold.placed', 'chat.taken', 'hold.lifted', 'chat.handed-back'])
  // Words about a person stand where an erasure finds them, not in the trace.
  const [told] = await rows<{ n: number }>(
    `select count(*)::int as n from facts where data::text like '%complaint%'`,
  )
  expect(told?.n).toBe(0)
})

test('who closes a chat has it no longer', async () => {
  const { contactId, chat } = await newChat()
  await rows('insert into conversation_episodes (id, workspace_id, conversation_id) values ($1, $2, $3)', [
    ...[newId(), workspace.workspaceId, chat],
  ])
  await rows(`update conversations set status = 'open' where id = $1`, [chat])
  await ask('POST', `/conversations/${chat}/take-over`, {})
  expect((await ask('PATCH', `/conversations/${chat}`, { status: 'closed' })).status).toBe(200)
  const status = await ask('GET', `/contacts/${contactId}/chat-status?numberId=${numberId}`)
  expect(status.body['heldBy']).not.toBe('agent')
  expect(await factsOf(contactId)).toContain('chat.handed-back')
})

test('typing holds the chat for a moment, writing longer, a word for good; nothing makes it shorter', async () => {
  const { contactId, chat } = await newChat()
  const minutesLeft = async () => {
    const [row] = await rows<{ kind: string; minutes: number | null }>(
      `select kind, round(extract(epoch from ends_at - now()) / 60)::int as minutes from takeovers
       where conversation_id = $1 and ended_at is null`,
      [chat],
    )
    return row
  }
  const typing = () => ask('POST', `/conversations/${chat}/typing`)
  expect((await typing()).status).toBe(204)
  expect(await minutesLeft()).toEqual({ kind: 'typing', minutes: 2 })
  const { workspaceId } = workspace
  const message = () =>
    forkFor(api.deps.orm, workspaceId).transactional((em) =>
      takeOverByDeed(em, { workspaceId, conversationId: chat, kind: 'message', by: 'user test' }),
    )
  await message()
  expect(await minutesLeft()).toEqual({ kind: 'message', minutes: 60 })
  await typing()
  expect(await minutesLeft()).toEqual({ kind: 'message', minutes: 60 })
  await ask('POST', `/conversations/${chat}/take-over`, {})
  expect(await minutesLeft()).toEqual({ kind: 'taken', minutes: null })
  await message()
  expect(await minutesLeft()).toEqual({ kind: 'taken', minutes: null })
  expect((await factsOf(contactId)).filter((kind) => kind === 'chat.taken')).toHaveLength(3)
})

test('who takes a chat that another agent has does not take it from them before their time', async () => {
  const { chat } = await newChat()
  const take = (body: object, token?: string) => ask('POST', `/conversations/${chat}/take-over`, body, token)
  const takenBy = `user ${workspace.user.id}`
  expect((await take({}, workspace.user.token)).body).toMatchObject({ takenBy, endsAt: null })
  expect((await take({ minutes: 5 })).body).toMatchObject({ takenBy, endsAt: null })
  const own = await take({ minutes: 60 }, workspace.user.token)
  expect(own.body).toMatchObject({ takenBy, endsAt: expect.any(String) })
  const endsAt = String(own.body['endsAt'])
  expect((await take({ minutes: 5 })).body).toMatchObject({ takenBy, endsAt })
  const later = await take({ minutes: 120 })
  expect(Date.parse(String(later.body['endsAt']))).toBeGreaterThan(Date.parse(endsAt))
  expect((await take({})).body).toMatchObject({ takenBy, endsAt: null })
})

test('settings: how long, or not at all', async () => {
  expect((await ask('GET', '/takeover-settings')).body).toMatchObject({
    settings: { onMessage: true, minutesAfterMessage: 60, minutesAfterTyping: 2 },
    updatedAt: null,
  })
  const refused = await ask('PUT', '/takeover-settings', { minutesAfterTyping: 0, hours: 1 })
  expect(refused.status).toBe(400)
  expect((await ask('PUT', '/takeover-settings', {}, workspace.user.token)).status).toBe(403)
  await ask('PUT', '/takeover-settings', { onMessage: false })
  const { workspaceId } = workspace
  const { chat } = await newChat()
  const told = await forkFor(api.deps.orm, workspaceId).transactional((em) =>
    takeOverByDeed(em, { workspaceId, conversationId: chat, kind: 'message', by: 'user test' }),
  )
  expect(told).toEqual([])
  expect(await rows('select 1 from takeovers where conversation_id = $1', [chat])).toEqual([])
  await ask('PUT', '/takeover-settings', {})
})

test('a hand-off waits for somebody; the clock gives up those that nobody took, once', async () => {
  const { contactId, chat } = await newChat()
  const { workspaceId } = workspace
  const runId = newId()
  const input = { to: 'team' as const, name: 'Sales', userId: null, note: '', vars: {}, timeoutMs: 60_000 }
  const order = {
    workspaceId,
    runId,
    contactId,
    conversationId: chat,
    key: 'lineage:card:1:p0',
    causeId: newId(),
    input,
  }
  const { handOffId } = await handOff(api.deps, order)
  expect((await handOff(api.deps, order)).handOffId).toBe(handOffId)
  const waiting = async (is: boolean) =>
    ((await ask('GET', `/takeovers?waiting=${is}`)).body['items'] as { id: string; target: object }[]).filter(
      ({ id }) => id === handOffId,
    )
  expect(await waiting(true)).toMatchObject([{ target: { to: 'team', name: 'Sales' } }])
  // Somebody types: it is still nobody's.
  await ask('POST', `/conversations/${chat}/typing`)
  expect(await waiting(false)).toEqual([])
  await rows('update takeovers set ends_at = now() where hold_id = $1', [handOffId])
  await Promise.all([handBackDue(api.deps), handBackDue(api.deps)])
  const [ended] = await rows('select outcome, ended_by from takeovers where hold_id = $1', [handOffId])
  expect(ended).toEqual({ outcome: 'timeout', ended_by: 'the clock' })
  expect((await factsOf(contactId)).filter((kind) => kind === 'chat.handed-back')).toHaveLength(1)
  await expect(
    handOff(api.deps, { ...order, key: 'other', input: { ...input, to: 'agent', userId: newId() } }),
  ).rejects.toMatchObject({ code: 'unprocessable' })
})

test('a journey hands off while somebody types, or has the chat already: it is known whose hand-off it was', async () => {
  const { workspaceId } = workspace
  const handOffNow = async ({ chat, contactId }: Awaited<ReturnType<typeof newChat>>, runId: string) => {
    const target = { to: 'team' as const, name: 'Sales', userId: null }
    const order = { workspaceId, runId, contactId, conversationId: chat, key: `${runId}:card:1:p0` }
    const input = { ...target, note: '', vars: {}, timeoutMs: 86_400_000 }
    const { handOffId } = await handOff(api.deps, { ...order, causeId: newId(), input })
    expect(await handOff(api.deps, { ...order, causeId: newId(), input })).toMatchObject({ handOffId })
    const [row] = await rows<{ run_id: string; target: object; taken_by: string | null; effect_key: string }>(
      'select run_id, target, taken_by, effect_key from takeovers where hold_id = $1',
      [handOffId],
    )
    expect(row).toMatchObject({ run_id: runId, target: { to: 'team', name: 'Sales' }, effect_key: order.key })
    return row
  }
  const typed = await newChat()
  await ask('POST', `/conversations/${typed.chat}/typing`)
  expect(await handOffNow(typed, newId())).toMatchObject({ taken_by: null })
  const taken = await newChat()
  await ask('POST', `/conversations/${taken.chat}/take-over`, {}, workspace.user.token)
  expect(await handOffNow(taken, newId())).toMatchObject({ taken_by: `user ${workspace.user.id}` })
})

test('what is not there, not ours or not right is refused by name', async () => {
  const theirs = await openWorkspace(api, 'theirs')
  const { chat } = await newChat()
  expect((await ask('POST', `/conversations/${newId()}/take-over`, {})).status).toBe(404)
  expect((await ask('POST', `/conversations/${chat}/take-over`, {}, theirs.key)).status).toBe(404)
  await ask('POST', `/conversations/${chat}/take-over`, {})
  expect((await ask('POST', `/conversations/${chat}/hand-back`, {}, theirs.key)).status).toBe(400)
  expect((await ask('POST', `/conversations/${chat}/hand-back`, { action: 'exit' }, theirs.key)).status).toBe(
    404,
  )
  const nowhere = await ask('POST', `/conversations/${chat}/hand-back`, { action: 'goto', card: 'nowhere' })
  expect(nowhere).toMatchObject({ status: 422, body: { fields: [{ field: 'card' }] } })
  expect((await ask('POST', `/conversations/${chat}/hand-back`, { action: 'goto' })).status).toBe(400)
  expect((await ask('POST', `/conversations/${chat}/hand-back`, { action: 'exit' })).status).toBe(200)
})
