import { createApiKey } from '../../src/settings/api-keys.ts'
import { chatman } from '../../src/public-api/chatman.ts'
import { engati } from '../../src/public-api/engati.ts'
import { takeLoose } from '../../src/public-api/engati/loose-names.ts'
import { platformRoutes } from '../../src/server.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { createAsk, openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let ours: Awaited<ReturnType<typeof openBot>>
let theirs: Awaited<ReturnType<typeof openBot>>

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  const others = platformRoutes.filter((route) => !settingsRoutes.includes(route))
  api = await openApi({ DATABASE_URL: databaseUrl }, others, [chatman, engati])
  ours = await openBot('ours', '100000000000001')
  theirs = await openBot('theirs', '100000000000002')
})
afterAll(() => api.close())

async function openBot(name: string, phoneNumberId: string) {
  const workspace = await openWorkspace(api, name)
  const { workspaceId } = workspace
  const { id: numberId } = await createNumber(api.deps, workspaceId, {
    ...{ phoneNumberId, wabaId: '200000000000001', displayNumber: phoneNumberId, portfolioId: '' },
    ...{ accessToken: 'a-token-of-mine', appSecret: 'a-secret-of-mine', verifyToken: 'verify-me' },
    messagesPerSecond: 80,
  })
  const { key, row } = await createApiKey(api.deps, { workspaceId, name: 'engati', kind: 'engati', numberId })
  const platform = createAsk(api, workspace.key)
  const { customerId } = await platform<{ customerId: string }>(200, 'GET', '/workspace')
  const { botRef } = await platform<{ botRef: string }>(200, 'GET', `/numbers/${numberId}`)
  return {
    workspaceId,
    numberId,
    key,
    keyId: row.id,
    platform,
    path: `/customer/${customerId}/bot/${botRef}`,
  }
}
async function publish(name: string, flowKey?: string): Promise<string> {
  const { id } = await ours.platform<{ id: string }>(201, 'POST', '/journeys', {
    ...{ numberId: ours.numberId, name },
    draft: {
      start: 'say',
      triggers: [{ type: 'api' }],
      entry: { reentry: 'always' },
      cards: { say: { type: 'message', settings: { text: 'Hi {{vars.plan | "there"}}' } } },
    },
  })
  await ours.platform(201, 'POST', `/journeys/${id}/publish`, {})
  if (flowKey) await ours.platform(200, 'PATCH', `/journeys/${id}`, { flowKey })
  return id
}
const trigger = async (
  flow: string,
  given: { body?: object; key?: string; path?: string; version?: string } = {},
) => {
  const { body = {}, key = ours.key, path = ours.path, version = 'v1.0' } = given
  return api.ask('POST', `/bot-api/${version}${path}/flow/${flow}`, {
    body,
    headers: { authorization: `Basic ${key}` },
  })
}
const runOf = async (answer: { body: Record<string, unknown> }) => {
  const { run_id: id } = answer.body['responseObject'] as { run_id: string }
  const { rows } = await runSql(
    databaseUrl,
    `select r.vars, r.contact_id, i.value as phone, c.name from runs r left join contacts c on c.id = r.contact_id
       left join identities i on i.contact_id = c.id and i.kind = 'wa_id' where r.id = $1`,
    [id],
  )
  return rows[0] as Record<string, unknown>
}

test('a flow is started by its key whatever its case, or by its id; parameters of query and body are its variables', async () => {
  const id = await publish('Offer', 'DEFAULT_FALLBACK_MSG_74963')
  const body = { 'user.phone_no': '919565428256', user: { name: 'Jahnavi' }, amount: 5 }
  const answer = await trigger('default_fallback_msg_74963?plan=gold&amount=4', { body })
  expect(answer.status).toBe(200)
  expect(await runOf(answer)).toMatchObject({
    vars: { plan: 'gold', amount: 5 },
    phone: '919565428256',
    name: 'Jahnavi',
  })
  const byId = await trigger(id.replaceAll('-', '').toUpperCase(), {
    version: 'v2.0',
    body: { User: { Phone_No: 919565428256 } },
  })
  expect(await runOf(byId)).toMatchObject({ phone: '919565428256', vars: {} })
})

test('without a phone number the run is about nobody', async () => {
  await publish('Nobody', 'nobody')
  const answer = await trigger('NOBODY?plan=free')
  expect(await runOf(answer)).toMatchObject({ contact_id: null, vars: { plan: 'free' } })
})

test.each([
  ['two numbers', '?user.phone_no=919565428256&user.phone_no=919565428257', {}],
  ['an object', '', { user: { phone_no: { x: 1 } } }],
  ['a word', '', { 'user.phone_no': 'nobody' }],
  ['yes', '', { user: { phone_no: true } }],
])('a phone number that is none starts no run about nobody: %s', async (_what, query, body) => {
  const before = await runSql(databaseUrl, 'select count(*)::int as n from runs')
  const answer = await trigger(`nobody${query}`, { body })
  expect(answer).toMatchObject({ status: 400 })
  expect(answer.body['errorDetails']).toMatch(/^user\.phone_no: /)
  expect((await runSql(databaseUrl, 'select count(*)::int as n from runs')).rows).toEqual(before.rows)
})

test('parameters larger than what a run carries are refused', async () => {
  const answer = await trigger('nobody', { body: { note: 'x'.repeat(70_000) } })
  expect(answer).toMatchObject({ status: 400, body: { errorCode: 'unprocessable' } })
  expect(answer.body['errorDetails']).toMatch(/65536 characters/)
})

test('a body may be empty, and is refused when it nests without end', async () => {
  const send = (body: string) =>
    api.ask('POST', `/bot-api/v1.0${ours.path}/flow/nobody`, {
      body,
      headers: { authorization: `Basic ${ours.key}` },
    })
  // The document's own call: `--data-raw ''` with a JSON content type.
  expect(await send('')).toMatchObject({ status: 200 })
  expect(await send(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)).toMatchObject({ status: 400 })
  expect(await send(`{"a":"${'['.repeat(5_000)}"}`)).toMatchObject({ status: 200 })
})

test('errors are the document’s: who asks, for whom, and what', async () => {
  expect((await trigger('nobody', { key: 'nonsense' })).status).toBe(401)
  expect(await trigger('nobody', { path: theirs.path })).toMatchObject({ status: 403 })
  expect(await trigger('nobody', { path: '/customer/1/bot/0123456789abcdef' })).toMatchObject({
    status: 400,
    body: {
      errorCode: 1002,
      errorMessage: 'INVALID_BOT_OR_CUSTOMER_ID',
      errorDetails: 'The bot id/customer id/user id provided is invalid',
    },
  })
  const unknown = await trigger('no-such-flow')
  expect(unknown).toMatchObject({ status: 400 })
  expect(unknown.body['errorDetails']).toMatch(/flow_key: .*"no-such-flow"/)
  const phone = await trigger('nobody', { body: { 'user.phone_no': 'not a number' } })
  expect(phone).toMatchObject({ status: 400 })
  expect(phone.body['errorDetails']).toMatch(/^user\.phone_no: /)
  await ours.platform(200, 'DELETE', `/api-keys/${ours.keyId}`)
  expect((await trigger('nobody')).status).toBe(401)
})

test('a key names one journey of a workspace', async () => {
  const other = await publish('Other')
  await ours.platform(409, 'PATCH', `/journeys/${other}`, { flowKey: 'Nobody' })
  await ours.platform(400, 'PATCH', `/journeys/${other}`, { flowKey: 'with spaces' })
})

test.each([
  [{ 'user.phone_no': '1' }, '1', {}],
  [{ USER: { 'phone-no': 2, plan: 'x' } }, 2, { USER: { plan: 'x' } }],
  [{ 'User.PhoneNo': ' 3 ', a: 1 }, '3', { a: 1 }],
  [{ user: 'just a word' }, undefined, { user: 'just a word' }],
  [{ user: { phone_no: '' } }, undefined, {}],
])('names are loose: %j', (given, value, rest) => {
  expect(takeLoose(given, ['user', 'phone_no'])).toEqual({ value, rest })
})
