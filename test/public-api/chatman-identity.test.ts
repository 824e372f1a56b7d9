import { newId } from '../../src/db/columns.ts'
import { sendMessage } from '../../src/inbox/send-message.ts'
import { createSendRate } from '../../src/inbox/send-rate.ts'
import { chatman } from '../../src/public-api/chatman.ts'
import { platformRoutes } from '../../src/server.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { forgetNumberAccess } from '../../src/settings/numbers.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { openApi, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { buildHouse, type House } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace } from '../support/temporal.ts'

interface Identity {
  hash: string
  acknowledged: boolean
  outdated: boolean
  created_at: string
}
let house: House
let api: ApiRig
let keys: { platform: string; chatman: string }
let databaseUrl: string
beforeAll(async () => {
  const [database, temporal] = await Promise.all([freshDatabase(), testNamespace()])
  databaseUrl = database.url
  house = await buildHouse({ databaseUrl, temporal })
  const others = platformRoutes.filter((route) => !settingsRoutes.includes(route))
  api = await openApi(house.deps.config, others, [chatman])
  const { workspaceId, numberId } = house
  const makeKey = async (kind: 'platform' | 'chatman') =>
    (await createApiKey(house.deps, { workspaceId, name: kind, kind, numberId })).key
  keys = { platform: await makeKey('platform'), chatman: await makeKey('chatman') }
  await protect(true)
})
afterAll(async () => {
  await api.close()
  await house.close()
})

async function protect(enabled: boolean): Promise<void> {
  const path = `/platform/v1/numbers/${house.numberId}/identity-check`
  const answer = await api.ask('PUT', path, { token: keys.platform, body: { enabled } })
  expect(answer).toMatchObject({ status: 200, body: { identityCheck: enabled } })
  for (const deps of [house.deps, api.deps]) forgetNumberAccess(deps)
}
const identity = async (method: 'GET' | 'PATCH', waId: string, body?: object, status = 200) => {
  const path = `/v1/public-apis/contacts/${waId}/identity`
  const answer = await api.ask(method, path, { token: keys.chatman, ...(body && { body }) })
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
  return answer.body as unknown as Identity
}
/** Another phone with the same number, from now on. */
const changePerson = async (waId: string) => {
  await fetch(`${house.sandboxUrl}/sandbox/phones/${waId}/identity`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
  })
}
async function send(waId: string, text: string) {
  const { rows } = await runSql(
    databaseUrl,
    `select v.id from conversations v join identities i on i.contact_id = v.contact_id where i.value = $1`,
    [waId],
  )
  return sendMessage(
    { ...house.deps, rate: createSendRate(house.deps.orm) },
    {
      ...{
        workspaceId: house.workspaceId,
        numberId: house.numberId,
        conversationId: rows[0]?.['id'] as string,
      },
      ...{ sendKey: newId(), class: 'utility', epoch: 0, content: { type: 'text', text: { body: text } } },
      ...{ vars: {}, causeId: newId(), workflowId: undefined },
    },
  )
}
const lastSent = async (waId: string) => (await house.ledger(waId)).at(-1)?.payload as Record<string, unknown>

test('GET - Check Contact Identity: the WhatsApp hash associated with a contact', async () => {
  await house.text('491700000101', 'Hi')
  const told = await identity('GET', '491700000101')
  expect(told).toEqual({
    ...{ wa_id: '491700000101', hash: expect.any(String), acknowledged: true, outdated: false },
    created_at: expect.any(String),
  })
  expect(await send('491700000101', 'Hello')).toMatchObject({ state: 'accepted' })
  expect(await lastSent('491700000101')).toMatchObject({ recipient_identity_key_hash: told.hash })
  await house.text('491700000101', 'Again')
  expect(await identity('GET', '491700000101')).toEqual(told)
})

test('PATCH - Update Contact Identity: nothing is sent to a changed person until the hash is acknowledged', async () => {
  await house.text('491700000102', 'Hi')
  const before = await identity('GET', '491700000102')
  await changePerson('491700000102')
  await house.text('491700000102', 'It is me, really')
  const changed = await identity('GET', '491700000102')
  expect(changed).toMatchObject({ acknowledged: false, outdated: false })
  expect(changed.hash).not.toBe(before.hash)
  expect(await send('491700000102', 'Your code')).toMatchObject({
    state: 'refused',
    code: 'identity_changed',
  })
  expect(await identity('PATCH', '491700000102', { hash: before.hash }, 409)).toMatchObject({
    error: { code: 'conflict', field: 'hash' },
  })
  expect(await identity('PATCH', '491700000102', {}, 400)).toMatchObject({ error: { field: 'hash' } })
  expect(await identity('PATCH', '491700000102', { hash: changed.hash })).toMatchObject({
    ...{ hash: changed.hash, acknowledged: true },
  })
  expect(await send('491700000102', 'Your code')).toMatchObject({ state: 'accepted' })
  expect(await lastSent('491700000102')).toMatchObject({ recipient_identity_key_hash: changed.hash })
})

test('a change that only a failed message tells: the old hash is outdated, and the next one after acknowledging is trusted', async () => {
  await house.text('491700000103', 'Hi')
  const before = await identity('GET', '491700000103')
  await changePerson('491700000103')
  await send('491700000103', 'Your code')
  const outdated = await eventually(async () => {
    const now = await identity('GET', '491700000103')
    expect(now).toMatchObject({ hash: before.hash, acknowledged: false, outdated: true })
    return now
  })
  expect(await send('491700000103', 'Your code')).toMatchObject({ code: 'identity_changed' })
  await identity('PATCH', '491700000103', { hash: outdated.hash })
  expect(await send('491700000103', 'Your code')).toMatchObject({ state: 'accepted' })
  expect(await lastSent('491700000103')).not.toHaveProperty('recipient_identity_key_hash')
  await eventually(async () => {
    const now = await identity('GET', '491700000103')
    expect(now).toMatchObject({ acknowledged: true, outdated: false })
    expect(now.hash).not.toBe(before.hash)
  })
  const { rows } = await runSql(
    databaseUrl,
    `select f.kind from facts f join identities i on i.contact_id = f.contact_id
     where i.value = '491700000103' and f.kind like 'identity.%' order by f.at, f.id`,
  )
  expect(rows.map((row) => row['kind'] as string)).toEqual(['identity.distrusted', 'identity.acknowledged'])
})

test('the same through the platform API, and nothing is told while the check is off', async () => {
  await house.text('491700000104', 'Hi')
  const { hash } = await identity('GET', '491700000104')
  const checked = await api.ask('POST', '/platform/v1/contacts/check', {
    ...{ token: keys.platform, body: { waId: '491700000104' } },
  })
  expect(checked.body).toMatchObject({ status: 'valid', evidence: 'message_received' })
  const path = `/platform/v1/contacts/${String(checked.body['contactId'])}/whatsapp-identity`
  const shown = await api.ask('GET', `${path}?numberId=${house.numberId}`, { token: keys.platform })
  expect(shown.body).toMatchObject({ address: '491700000104', hash, acknowledged: true })
  const body = { numberId: house.numberId, hash: 'another' }
  expect(await api.ask('PATCH', path, { token: keys.platform, body })).toMatchObject({ status: 409 })
  await protect(false)
  await house.text('491700000105', 'Hi')
  expect(await identity('GET', '491700000105', undefined, 404)).toMatchObject({
    error: { code: 'not_found' },
  })
  await send('491700000104', 'Hello')
  expect(await lastSent('491700000104')).not.toHaveProperty('recipient_identity_key_hash')
})
