import {
  createFlow,
  deleteFlow,
  deprecateFlow,
  downloadFlowJson,
  listFlows,
  publishFlow,
  readFlow,
  readFlowPreview,
  readPublicKey,
  updateFlow,
  uploadFlowJson,
  uploadPublicKey,
} from '../../../integrations/whatsapp/flows.ts'
import { bookingFlow } from '../../flows/flow-examples.ts'
import { eventually } from '../../support/eventually.ts'
import { ACCOUNT, changesOf, NUMBER, startSandboxRig } from './sandbox-rig.ts'

const rig = await startSandboxRig({ windowErrors: 'off' })
const access = { baseUrl: rig.url, graphVersion: 'v23.0', accessToken: 'token', timeoutMs: 5_000 }
const print = (json: object) => JSON.stringify(json, null, 2)
const make = (name: string) => createFlow(access, ACCOUNT, { name, categories: ['OTHER'] })

test('a Flow from draft to deprecated, with its webhooks', async () => {
  const { id } = await make('Life')
  expect(await uploadFlowJson(access, id, print(bookingFlow))).toEqual([])
  expect(await readFlow(access, id)).toMatchObject({
    id,
    name: 'Life',
    status: 'DRAFT',
    json_version: '7.0',
    validation_errors: [],
    health_status: { can_send_message: 'BLOCKED' },
  })
  expect(JSON.parse((await downloadFlowJson(access, id)) ?? '')).toEqual(bookingFlow)
  await updateFlow(access, id, { name: 'Life and death', categories: ['SURVEY'] })
  await publishFlow(access, id)
  await expect(uploadFlowJson(access, id, print(bookingFlow))).rejects.toMatchObject({
    code: 'conflict',
    details: { code: 139001 },
  })
  await expect(deleteFlow(access, id)).rejects.toMatchObject({ details: { code: 139004 } })
  await deprecateFlow(access, id)
  await expect(deprecateFlow(access, id)).rejects.toMatchObject({ details: { code: 139003 } })
  expect(await readFlow(access, id)).toMatchObject({ status: 'DEPRECATED', categories: ['SURVEY'] })
  await eventually(async () => {
    const told = changesOf(rig.endpoint.received).filter(
      ({ field, value }) => field === 'flows' && value.flow_id === id,
    )
    expect(told.map(({ value }) => [value.event, value.old_status, value.new_status])).toEqual([
      ['FLOW_STATUS_CHANGE', undefined, 'DRAFT'],
      ['FLOW_STATUS_CHANGE', 'DRAFT', 'PUBLISHED'],
      ['FLOW_STATUS_CHANGE', 'PUBLISHED', 'DEPRECATED'],
    ])
  })
})

test('what is wrong with a Flow JSON is told with line and column', async () => {
  const { id } = await make('Wrong')
  const text = `{
  "version": "7.0",
  "screens": [
    { "id": "A", "terminal": true,
      "layout": { "type": "SingleColumnLayout",
        "children": [{ "type": "TextBody", "text": "Hello \${data.nobody}" }] } }
  ]
}`
  expect(await uploadFlowJson(access, id, text)).toMatchObject([
    {
      error: 'MISSING_DYNAMIC_DATA',
      error_type: 'FLOW_JSON_ERROR',
      line_start: 6,
      line_end: 6,
      column_start: 52,
      column_end: 74,
      pointers: [{ path: 'screens[0].layout.children[0].text', line_start: 6 }],
    },
  ])
  await expect(publishFlow(access, id)).rejects.toMatchObject({ details: { code: 139002 } })
  expect(await uploadFlowJson(access, id, '{ nonsense')).toMatchObject([
    { error: 'INVALID_JSON', line_start: 1 },
  ])
  expect((await readFlow(access, id)).validation_errors).toHaveLength(1)
  await deleteFlow(access, id)
  await expect(readFlow(access, id)).rejects.toMatchObject({ details: { code: 100 } })
})

test('names are unique in an account, categories are known ones', async () => {
  await make('Once')
  await expect(make('Once')).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'name' }] })
  await expect(createFlow(access, ACCOUNT, { name: 'x', categories: ['FUN'] })).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringMatching(/categories/) as string,
  })
})

test('lists come page by page', async () => {
  for (let at = 0; at < 3; at++) await make(`Paged ${at}`)
  const first = (await rig.call('GET', `/v23.0/${ACCOUNT}/flows?limit=2`)).body
  expect(first.data).toHaveLength(2)
  const second = (
    await rig.call('GET', `/v23.0/${ACCOUNT}/flows?limit=2&after=${first.paging.cursors.after}`)
  ).body
  expect(second.data[0].id).not.toBe(first.data[1].id)
  const all = []
  for await (const page of listFlows(access, ACCOUNT)) all.push(...page)
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['Paged 0', 'Paged 1', 'Paged 2']))
})

test('a preview is an address that ends when it is renewed', async () => {
  const { id } = await make('Preview')
  await uploadFlowJson(access, id, print(bookingFlow))
  const first = await readFlowPreview(access, id, false)
  expect((await fetch(first.url)).status).toBe(200)
  expect(Date.parse(first.expiresAt ?? '')).toBeGreaterThan(Date.now())
  const second = await readFlowPreview(access, id, true)
  expect((await fetch(first.url)).status).toBe(401)
  expect((await fetch(second.url)).status).toBe(200)
})

test("a number's public key", async () => {
  expect(await readPublicKey(access, NUMBER)).toEqual({ publicKey: undefined, status: undefined })
  await expect(uploadPublicKey(access, NUMBER, 'nonsense')).rejects.toMatchObject({
    code: 'unprocessable',
  })
  const key = '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----\n'
  await uploadPublicKey(access, NUMBER, key)
  expect(await readPublicKey(access, NUMBER)).toMatchObject({
    publicKey: expect.stringContaining('abc') as string,
    status: 'VALID',
  })
})

test('only a Flow that can be opened is sent; the customer fills it in', async () => {
  const { id } = await make('Sent')
  await uploadFlowJson(access, id, print(bookingFlow))
  const message = (mode?: string) => ({
    type: 'interactive',
    interactive: {
      type: 'flow',
      body: { text: 'Book' },
      action: {
        name: 'flow',
        parameters: {
          flow_message_version: '3',
          flow_id: id,
          flow_cta: 'Book',
          flow_token: 'tok',
          ...(mode && { mode }),
        },
      },
    },
  })
  expect((await rig.send(message())).body.error.code).toBe(131009)
  expect((await rig.send(message('draft'))).status).toBe(200)
  await publishFlow(access, id)
  const sent = (await rig.send(message())).body.messages[0].id
  expect(
    (await rig.call('POST', '/sandbox/phones/15551112222/flow', { answers: { seats: '2' } })).status,
  ).toBe(200)
  const said = changesOf(rig.endpoint.received)
    .flatMap(({ value }) => value.messages ?? [])
    .at(-1) as {
    context: object
    interactive: { nfm_reply: { response_json: string } }
  }
  expect(said.context).toMatchObject({ id: sent })
  expect(JSON.parse(said.interactive.nfm_reply.response_json)).toEqual({ seats: '2', flow_token: 'tok' })
  await rig.call('PUT', `/sandbox/flows/${id}`, { status: 'BLOCKED' })
  expect((await rig.send(message())).body.error.code).toBe(132068)
})
