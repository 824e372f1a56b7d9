import { createHmac } from 'node:crypto'
import { newId } from '../../src/db/columns.ts'
import { signFlowToken } from '../../src/flows/flow-token.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace } from '../support/temporal.ts'
import { exchangeFlow } from './flow-examples.ts'
import { buildFlowHouse, type FlowHouse } from './flow-house.ts'
import { encryptAsPhone, type PhoneRequest } from './phone-crypto.ts'

let house: FlowHouse
let databaseUrl: string
let publicKey: string
let flow: { id: string; metaId: string; endpointUri: string }

const rotate = async () =>
  (await house.ask<{ publicKey: string }>(201, 'POST', `/numbers/${house.numberId}/flow-keys`)).publicKey
const rows = async (sql: string, values: unknown[] = []) => (await runSql(databaseUrl, sql, values)).rows

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  house = await buildFlowHouse({ databaseUrl, temporal: await testNamespace() })
  publicKey = await rotate()
  const mapping = { start: 'BOOK', screens: { BOOK: { data: { name: '{{contact.first_name | "you"}}' } } } }
  flow = await house.ask(201, 'POST', '/flows', {
    numberId: house.numberId,
    name: 'Endpoint',
    categories: ['OTHER'],
    json: exchangeFlow,
    mapping,
  })
})
afterAll(() => house.close())

async function post(
  body: unknown,
  { url = flow.endpointUri, secret = house.access.appSecret, signature = '' } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const sign = signature || `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`
  const response = await fetch(url, { method: 'POST', headers: { 'x-hub-signature-256': sign }, body: text })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}
const ping = { version: '3.0', action: 'ping' }

async function makeContact(workspaceId: string): Promise<string> {
  const id = newId()
  await rows(`insert into contacts (id, workspace_id, first_name) values ($1, $2, 'Ann')`, [id, workspaceId])
  return id
}
const tokenFor = (contactId: string, of = flow.metaId) =>
  signFlowToken(house.deps.config.MASTER_KEY ?? '', {
    messageId: newId(),
    contactId,
    runId: newId(),
    flow: of,
  })

test('what a phone encrypts is read, and only that phone reads the answer', async () => {
  const asked = await encryptAsPhone(publicKey, ping)
  const answer = await post(asked.body)
  expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') as string })
  expect(answer.text).toMatch(/^[A-Za-z0-9+/]+=*$/)
  expect(await asked.open(answer.text)).toEqual({ data: { status: 'active' } })
  const another = await encryptAsPhone(publicKey, ping)
  await expect(another.open(answer.text)).rejects.toThrow()
  const init = await encryptAsPhone(publicKey, {
    version: '3.0',
    action: 'INIT',
    flow_token: tokenFor(await makeContact(house.workspaceId)),
  })
  expect(await init.open((await post(init.body)).text)).toEqual({ screen: 'BOOK', data: { name: 'Ann' } })
})

test("a number's address serves the Flows of its account by their tokens", async () => {
  const url = `${house.url}/flows/${house.numberId}/data`
  const asked = await encryptAsPhone(publicKey, ping)
  expect(await post(asked.body, { url })).toMatchObject({ status: 200 })
  const flow_token = tokenFor(await makeContact(house.workspaceId))
  const init = await encryptAsPhone(publicKey, { version: '3.0', action: 'INIT', flow_token })
  expect(await init.open((await post(init.body, { url })).text)).toMatchObject({ screen: 'BOOK' })
})

test('a wrong signature is 432, before anything is decrypted', async () => {
  const { body } = await encryptAsPhone(publicKey, ping)
  expect(await post(body, { secret: 'another app' })).toMatchObject({ status: 432, text: '' })
  expect(await post(body, { signature: 'nonsense' })).toMatchObject({ status: 432 })
  const signed = JSON.stringify(body)
  const signature = `sha256=${createHmac('sha256', house.access.appSecret).update(signed).digest('hex')}`
  expect(await post(`${signed} `, { signature })).toMatchObject({ status: 432 })
})

const flip = (text: string, at: number) => {
  const bytes = Buffer.from(text, 'base64')
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = (bytes[index] ?? 0) ^ 1
  return bytes.toString('base64')
}

test.each<[string, (body: PhoneRequest['body']) => object]>([
  ['the text', (body) => ({ encrypted_flow_data: flip(body.encrypted_flow_data, 0) })],
  ['the tag', (body) => ({ encrypted_flow_data: flip(body.encrypted_flow_data, -1) })],
  ['the key', (body) => ({ encrypted_aes_key: flip(body.encrypted_aes_key, 5) })],
  ['the IV', (body) => ({ initial_vector: flip(body.initial_vector, 3) })],
  ['no text at all', () => ({ encrypted_flow_data: 'AAAA' })],
])('tampered: %s is 421', async (_what, change) => {
  const { body } = await encryptAsPhone(publicKey, ping)
  expect(await post({ ...body, ...change(body) })).toMatchObject({ status: 421, text: '' })
})

test('a key of nobody here, and what is no question, are 421; what is no request is 400; nobody there is 404', async () => {
  const { generateFlowKeys } = await import('../../src/flows/flow-crypto.ts')
  const stranger = await encryptAsPhone((await generateFlowKeys()).publicKey, ping)
  expect(await post(stranger.body)).toMatchObject({ status: 421 })
  expect(await post((await encryptAsPhone(publicKey, 'hello')).body)).toMatchObject({ status: 421 })
  for (const body of [
    '',
    'nonsense',
    {},
    { encrypted_flow_data: '%', encrypted_aes_key: 'AAAA', initial_vector: 'AAAA' },
  ]) {
    expect(await post(body)).toMatchObject({ status: 400 })
  }
  for (const id of [newId(), 'nonsense']) {
    expect(await post(ping, { url: `${house.url}/flows/${id}/data` })).toMatchObject({ status: 404 })
  }
})

test.each<[string, () => Promise<string>]>([
  ['none', async () => ''],
  ['one that nobody signed', async () => 'unused'],
  ['one of another Flow', async () => tokenFor(await makeContact(house.workspaceId), '999')],
  ['one of nobody', async () => tokenFor(newId())],
  [
    "another workspace's contact",
    async () => {
      const other = newId()
      await rows(`insert into workspaces (id, name) values ($1, 'Other')`, [other])
      return tokenFor(await makeContact(other))
    },
  ],
])('a token: %s is 427, with words for the customer', async (_what, token) => {
  const asked = await encryptAsPhone(publicKey, { version: '3.0', action: 'INIT', flow_token: await token() })
  const answer = await post(asked.body)
  expect(answer.status).toBe(427)
  expect(await asked.open(answer.text)).toEqual({ error_msg: expect.any(String) as string })
})

test('after a rotation both keys are understood, for a while', async () => {
  const old = publicKey
  publicKey = await rotate()
  expect(publicKey).not.toBe(old)
  for (const key of [old, publicKey]) {
    const asked = await encryptAsPhone(key, ping)
    expect(await asked.open((await post(asked.body)).text)).toEqual({ data: { status: 'active' } })
  }
  const shown = await house.ask<{ keys: { retiredAt: string | null }[]; whatsapp: object }>(
    200,
    'GET',
    `/numbers/${house.numberId}/flow-keys`,
  )
  expect(shown.whatsapp).toEqual({ status: 'VALID', isOurs: true })
  expect(shown.keys.map(({ retiredAt }) => retiredAt === null)).toEqual([true, false])
  expect(JSON.stringify(shown)).not.toMatch(/PRIVATE|sealed/i)
  const [stored] = await rows('select sealed_private_key from flow_keys limit 1')
  expect(stored.sealed_private_key).not.toContain('PRIVATE')
  await rows(`update flow_keys set retired_at = now() - interval '15 days' where retired_at is not null`)
  expect(await post((await encryptAsPhone(old, ping)).body)).toMatchObject({ status: 421 })
})

test('a deprecated Flow is not valid any more', async () => {
  await house.ask(200, 'POST', `/flows/${flow.id}/publish`)
  const flow_token = tokenFor(await makeContact(house.workspaceId))
  const init = () => encryptAsPhone(publicKey, { version: '3.0', action: 'INIT', flow_token })
  expect(await post((await init()).body)).toMatchObject({ status: 200 })
  await house.ask(200, 'POST', `/flows/${flow.id}/deprecate`)
  expect(await post((await init()).body)).toMatchObject({ status: 427 })
})
