import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { newId } from '../../src/db/columns.ts'
import { erasePayloadKey } from '../../src/temporal/payload-keys.ts'
import { journeyWorkflowId } from '../../workflows/contract.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'

const temporalUi = 'http://temporal.example:8233'
let api: ApiRig
let mine: Awaited<ReturnType<typeof openWorkspace>>
let theirs: Awaited<ReturnType<typeof openWorkspace>>
beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url, TEMPORAL_UI_URL: `${temporalUi}/` })
  ;[mine, theirs] = [await openWorkspace(api, 'mine'), await openWorkspace(api, 'theirs')]
})
afterAll(() => api.close())

const toWire = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
})

/** What Temporal's UI finds in a history: values encrypted for one contact's workflow. */
async function encrypted(contactId: string, ...values: unknown[]) {
  const { workspaceId } = mine
  const workflowId = journeyWorkflowId({ workspaceId, journeyId: newId(), contactId, entry: 'e' })
  const context = { type: 'workflow', namespace: 'default', workflowId } as const
  const payloads = values.map((value) => defaultPayloadConverter.toPayload(value))
  return (await api.deps.codec.encode(payloads, context)).map(toWire)
}

const decode = (payloads: unknown, asking: { token?: string; headers?: Record<string, string> }) =>
  api.ask('POST', '/codec/decode', { body: { payloads }, ...asking })
const valuesIn = (body: Record<string, unknown>) =>
  (body['payloads'] as { data: string }[]).map(({ data }) =>
    JSON.parse(Buffer.from(data, 'base64').toString()),
  )

test('decodes for an admin of the workspace, small and large, and leaves alone what is plain', async () => {
  const large = { text: 'x'.repeat(5_000) }
  const payloads = await encrypted(newId(), 'Ann', large)
  const plain = toWire(defaultPayloadConverter.toPayload(7))
  expect(JSON.stringify(payloads)).not.toContain(Buffer.from('Ann').toString('base64'))
  const answer = await decode([...payloads, plain], { token: mine.admin.token })
  expect(answer.status).toBe(200)
  expect(valuesIn(answer.body)).toEqual(['Ann', large, 7])
})

test('is closed to nobody, to users without the role and to other workspaces', async () => {
  const payloads = await encrypted(newId(), 'secret')
  expect(await decode(payloads, {})).toMatchObject({ status: 401 })
  expect(await decode(payloads, { token: mine.user.token })).toMatchObject({ status: 403 })
  expect(await decode(payloads, { token: theirs.admin.token })).toMatchObject({ status: 403 })
  const unknown = [
    { ...payloads[0], metadata: { ...payloads[0]?.metadata, 'encryption-key-id': btoa(newId()) } },
  ]
  expect(await decode(unknown, { token: mine.admin.token })).toMatchObject({ status: 403 })
  expect(
    await decode([{ ...payloads[0], data: btoa('nonsense, and long enough for a tag') }], {
      token: mine.key,
    }),
  ).toMatchObject({
    status: 400,
  })
})

test('says of an erased key that it was erased, beside what can still be read', async () => {
  const [gone, kept] = [newId(), newId()]
  const payloads = [...(await encrypted(gone, 'forget me')), ...(await encrypted(kept, 'still here'))]
  await erasePayloadKey(api.deps.orm, mine.workspaceId, gone)
  const { status, body } = await decode(payloads, { token: mine.admin.token })
  expect(status).toBe(200)
  expect(valuesIn(body)).toEqual([expect.stringMatching(/^\[erased: /), 'still here'])
})

test('the page of Temporal’s UI, and no other, may call with the cookie that the form sets', async () => {
  const login = (fields: Record<string, string>, origin = api.url) =>
    api.ask('POST', '/codec/login', {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
    })
  const { username, password } = mine.admin
  expect((await api.ask('GET', '/codec/login')).text).toContain('<form method="post" action="/codec/login">')
  expect(await login({ username, password: 'wrong' })).toMatchObject({
    status: 401,
    text: expect.stringMatching(/wrong/),
  })
  expect(await login({ username, password }, 'https://evil.example')).toMatchObject({ status: 403 })
  const signedIn = await login({ username, password })
  expect(signedIn).toMatchObject({ status: 303 })
  const cookie = String(signedIn.headers.get('set-cookie')?.split(';')[0])

  const payloads = await encrypted(newId(), 'Ann')
  const fromUi = await decode(payloads, { headers: { cookie, origin: temporalUi } })
  expect(valuesIn(fromUi.body)).toEqual(['Ann'])
  expect(fromUi.headers.get('access-control-allow-origin')).toBe(temporalUi)
  expect(fromUi.headers.get('access-control-allow-credentials')).toBe('true')
  const preflight = await api.ask('OPTIONS', '/codec/decode', { headers: { origin: temporalUi } })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/X-Namespace/)
  const evil = await decode(payloads, { headers: { cookie, origin: 'https://evil.example' } })
  expect(evil.status).toBe(403)
  expect(evil.headers.get('access-control-allow-origin')).toBeNull()
})

test('the cookie of Temporal’s UI writes nothing elsewhere', async () => {
  const { username, password } = mine.admin
  const opened = await api.ask('POST', '/platform/v1/sessions', {
    body: { username, password, cookie: true },
    headers: { origin: api.url },
  })
  const cookie = String(opened.headers.get('set-cookie')?.split(';')[0])
  const answer = await api.ask('POST', '/platform/v1/api-keys', {
    body: { name: 'x' },
    headers: { cookie, origin: temporalUi },
  })
  expect(answer.status).toBe(403)
})
