import { newId } from '../../src/db/columns.ts'
import { askRuleEngine } from '../../src/rules/ask-engine.ts'
import { ruleTagging, ruleWritten } from '../../src/rules/route-chat.ts'
import { routes } from '../../src/rules/routes.ts'
import { openRules, type RulesRig } from './rules-rig.ts'
import { openScriptedEngine, silence, type EngineAnswer } from './scripted-engine.ts'

let engine: Awaited<ReturnType<typeof openScriptedEngine>>
let rig: RulesRig
beforeAll(async () => {
  engine = await openScriptedEngine()
  rig = await openRules(routes, { OUTBOUND_ALLOW: [engine.host] })
})
afterAll(async () => {
  await rig.close()
  await engine.close()
})
beforeEach(async () => {
  engine.calls.length = 0
  engine.says(() => ({ assignment: [] }))
  await put({})
})

interface EngineView {
  url: string
  headerNames: string[]
  failingSince: string | null
  lastError: string | null
  lastAnswerAt: string | null
  lastIgnored: { entries: { entry: string; reason: string }[] } | null
}
const put = (more: object) =>
  rig.ask<EngineView>(200, 'PUT', '/rule-engine', { url: engine.url, timeoutMs: 500, ...more })
const view = async () => (await rig.ask<{ engine: EngineView | null }>(200, 'GET', '/rule-engine')).engine
const hear = (messageIds: string[]) =>
  askRuleEngine(rig.deps, { workspaceId: rig.workspaceId, occasion: { kind: 'received', messageIds } })
const numberOf = async (table: 'users' | 'groups', id: string) =>
  (await rig.rows<{ number: number }>(`select number::int from ${table} where id = $1`, [id]))[0]?.number

test('its headers are sent and shown to nobody; those that are not named again stay', async () => {
  await put({ headers: { Authorization: 'Bearer secret-1', 'X-Tenant': 'acme' } })
  await put({ enabled: true })
  expect(await view()).toMatchObject({ headerNames: ['Authorization', 'X-Tenant'], failingSince: null })
  const [row] = await rig.rows<{ sealed_headers: string }>('select sealed_headers from rule_engines')
  expect(row?.sealed_headers).not.toContain('secret-1')
  const message = await rig.message(await rig.chat())
  await hear([message.id])
  expect(engine.calls[0]?.headers).toMatchObject({ authorization: 'Bearer secret-1', 'x-tenant': 'acme' })
  await put({ headers: {} })
  expect((await view())?.headerNames).toEqual([])
})

test('of a new message it is told contacts, messages and incoming_messages, and gives the chat to whom it names', async () => {
  const bot = await rig.agent({ role: 'app' })
  const user = await numberOf('users', bot.id)
  engine.says(({ body }) => {
    const [message] = body['incoming_messages'] as { id: string }[]
    return { assignment: [{ message_id: message?.id, user }] }
  })
  const chat = await rig.chat()
  const message = await rig.message(chat, 'who is there?')
  expect(await hear([message.id])).toEqual({ outcome: 'answered' })
  expect(Object.keys(engine.calls[0]?.body ?? {})).toEqual(['contacts', 'messages', 'incoming_messages'])
  expect(engine.calls[0]?.body).toMatchObject({
    messages: [{ id: message.wamid, type: 'text', text: { body: 'who is there?' } }],
    incoming_messages: [{ id: message.wamid, from_us: false, waba_payload: { id: message.wamid } }],
  })
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: bot.id })
  // A bot holds what it was given.
  expect(
    await rig.rows('select kind from takeovers where conversation_id = $1', [chat.conversationId]),
  ).toEqual([{ kind: 'taken' }])
  // Asked again about the same it would say the same: it is not asked.
  expect(await hear([message.id])).toEqual({ outcome: 'answered' })
  expect(engine.calls).toHaveLength(1)
})

test('each entry stands by itself: wrong ones are passed over, named and shown', async () => {
  const [ann, ben] = [await rig.agent(), await rig.agent()]
  const team = await rig.group([ann, ben])
  const [annNumber, group] = [await numberOf('users', ann.id), await numberOf('groups', team.id)]
  const [one, other] = [await rig.chat(), await rig.chat()]
  const [first, second] = [await rig.message(one), await rig.message(other)]
  const strangers = await rig.rows<{ number: number }>(
    'select number::int from users where workspace_id = $1',
    [rig.theirs.workspaceId],
  )
  engine.says(() => ({
    assignment: [
      { message_id: 'nobody-wrote-this', user: annNumber },
      { message_id: first.wamid, user: 987_654_321 },
      { message_id: first.wamid, user: strangers[0]?.number },
      { message_id: first.wamid, group },
      { message_id: first.wamid, group, group_assign_method: 'coin' },
      { user: annNumber },
      'hello',
      { message_id: first.wamid, user: annNumber },
      { chat_id: other.contactId, group, group_assign_method: 'let_group_decide' },
      { message_id: second.id, group, group_assign_method: 'let_group_decide' },
    ],
  }))
  await hear([first.id])
  expect(await rig.holder(one.conversationId)).toMatchObject({ user: ann.id })
  expect(await rig.holder(other.conversationId)).toMatchObject({ user: null, group: team.id })
  expect((await view())?.lastIgnored?.entries.map(({ reason }) => reason)).toEqual([
    'there is no message nobody-wrote-this',
    'there is no active user 987654321',
    `there is no active user ${strangers[0]?.number}`,
    'group_assign_method is required with a group',
    expect.stringContaining('group_assign_method'),
    'names neither message_id nor chat_id',
    expect.stringContaining('expected object'),
  ])
  const events = await rig.rows('select 1 from assignment_events where conversation_id = $1', [
    other.conversationId,
  ])
  expect(events).toHaveLength(1)
  const [fact] = await rig.rows<{ data: { entries: { done: boolean; words: string }[] } }>(
    `select data from facts where kind = 'engine.answered' and contact_id = $1`,
    [one.contactId],
  )
  expect(fact?.data.entries.map(({ done }) => done)).toEqual([
    ...Array<boolean>(7).fill(false),
    true,
    true,
    true,
  ])
  expect(fact?.data.entries.at(-1)?.words).toBe('it was so already')
})

test.each<[string, EngineAnswer, string]>([
  ['a status', 500, 'the rule engine answered with status 500'],
  ['what is no JSON', '<html>', 'the rule engine did not answer with a JSON object'],
  ['another shape', { assignment: 'all' }, "the rule engine's `assignment` is not a list"],
  ['its own error', { error: "'id'" }, "the rule engine answered with an error: 'id'"],
  ['nothing', silence, 'nothing within 500 ms'],
  ['too much', { assignment: [], padding: 'x'.repeat(300_000) }, 'larger than 256000 bytes'],
])('%s is a failure, which is shown until it answers again', async (_what, said, words) => {
  engine.says(() => said)
  const message = await rig.message(await rig.chat())
  await expect(hear([message.id])).rejects.toThrow()
  expect(await view()).toMatchObject({
    ...{ failingSince: expect.any(String) as string, lastAnswerAt: null },
    lastError: expect.stringContaining(words) as string,
  })
  engine.says(() => ({}))
  expect(await hear([message.id])).toEqual({ outcome: 'answered' })
  expect(await view()).toMatchObject({ failingSince: null, lastAnswerAt: expect.any(String) as string })
})

test('an engine that has failed for long is asked only once in a while', async () => {
  const message = await rig.message(await rig.chat())
  await rig.rows(`update rule_engines set failing_since = now() - interval '1 minute', last_asked_at = now()`)
  expect(await hear([message.id])).toEqual({ outcome: 'unanswered' })
  expect(engine.calls).toHaveLength(0)
  await rig.rows(`update rule_engines set last_asked_at = now() - interval '10 seconds'`)
  expect(await hear([message.id])).toEqual({ outcome: 'answered' })
})

test('an address of the house is not asked, nor one that is no web address', async () => {
  await put({ url: 'http://127.0.0.1:9/webhook' })
  const message = await rig.message(await rig.chat())
  await expect(hear([message.id])).rejects.toThrow(/may not be called|private|blocked/i)
  expect((await view())?.failingSince).not.toBeNull()
  await rig.ask(400, 'PUT', '/rule-engine', { url: 'file:///etc/passwd' })
  await rig.ask(400, 'PUT', '/rule-engine', { url: engine.url, headers: { 'X-Bad': 'a\nb' } })
  await rig.ask(400, 'PUT', '/rule-engine', { url: engine.url, timeoutMs: 60_000 })
})

test('it can be tried: what it would do is told, and nothing of it done', async () => {
  const ann = await rig.agent()
  const user = await numberOf('users', ann.id)
  const chat = await rig.chat()
  const message = await rig.message(chat)
  engine.says(() => ({
    assignment: [
      { message_id: message.wamid, user },
      { message_id: 'none', user },
    ],
  }))
  const trial = await rig.ask<{ ok: boolean; sent: object; entries: object[] }>(
    200,
    'POST',
    '/rule-engine/test',
    {
      messageId: message.id,
    },
  )
  expect(trial).toMatchObject({ ok: true, sent: { incoming_messages: [{ id: message.wamid }] } })
  expect(trial.entries).toMatchObject([
    { would: `would give the chat to ${ann.name}`, ok: true },
    { would: 'would be passed over: there is no message none', ok: false },
  ])
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: null })
  engine.says(() => 404)
  expect(await rig.ask(200, 'POST', '/rule-engine/test', {})).toMatchObject({
    ...{ ok: false, error: 'the rule engine answered with status 404' },
  })
  // What was tried is no failure of the engine's.
  expect((await view())?.failingSince).toBeNull()
})

test('it is told of what users write and of taggings, each by a workflow of its own; without one nobody is asked', async () => {
  const chat = await rig.chat()
  const { workspaceId } = rig
  const written = await rig.message(chat)
  const [tagId, eventId] = [newId(), newId()]
  await rig.rows(`insert into tags (id, workspace_id, name) values ($1, $2, 'Agent needed')`, [
    tagId,
    workspaceId,
  ])
  await rig.rows(
    `insert into tagging_events (id, workspace_id, kind, action, tag_id, conversation_id, message_id, by, extra)
     values ($1, $2, 'message', 'added', $3, $4, $5, 'test', '{"why": 1}')`,
    [eventId, workspaceId, tagId, chat.conversationId, written.id],
  )
  const tell = () =>
    rig.inTransaction(async (em) => [
      ...(await ruleWritten(em, { workspaceId, messageIds: [written.id] })),
      ...(await ruleTagging(em, { workspaceId, eventIds: [eventId] })),
    ])
  expect((await tell()).map(({ name, workflowId }) => ({ name, workflowId }))).toEqual([
    { name: 'ruling', workflowId: `ruling/${workspaceId}/${written.id}` },
    { name: 'ruling', workflowId: `ruling/${workspaceId}/${eventId}` },
  ])
  await askRuleEngine(rig.deps, { workspaceId, occasion: { kind: 'tagged', eventId } })
  const [{ body } = { body: {} }] = engine.calls
  expect(Object.keys(body).sort()).toEqual(['message_tagging', 'tagged_messages'])
  expect(body).toMatchObject({
    message_tagging: {
      action: 'added',
      message: written.wamid,
      tag: { name: 'Agent needed' },
      extra: { why: 1 },
    },
    tagged_messages: [
      { new_tag: { name: 'Agent needed', extra: { why: 1 } }, message: { id: written.wamid } },
    ],
  })
  await askRuleEngine(rig.deps, { workspaceId, occasion: { kind: 'written', messageId: written.id } })
  expect(engine.calls[1]?.body).toMatchObject({ outgoing_messages: [{ id: written.wamid }] })
  await put({ enabled: false })
  expect(await tell()).toEqual([])
})

test('without one there is nothing to ask; ordinary users set none', async () => {
  await rig.ask(403, 'PUT', '/rule-engine', { url: engine.url }, rig.ours.user.token)
  await rig.ask(204, 'DELETE', '/rule-engine')
  expect(await view()).toBeNull()
  await rig.ask(404, 'DELETE', '/rule-engine')
  await rig.ask(422, 'POST', '/rule-engine/test', {})
  const message = await rig.message(await rig.chat())
  expect(await hear([message.id])).toEqual({ outcome: 'unanswered' })
})
