import { messageBody, changeBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { signedPost } from '../support/signed-post.ts'
import { testNamespace } from '../support/temporal.ts'
import { bookingFlow, exchangeFlow } from './flow-examples.ts'
import { buildFlowHouse, type FlowHouse } from './flow-house.ts'

let house: FlowHouse
let databaseUrl: string

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  house = await buildFlowHouse({ databaseUrl, temporal: await testNamespace() })
})
afterAll(() => house.close())

interface Flow {
  id: string
  metaId: string
  name: string
  status: string
  json: string
  endpointUri: string | null
  validationErrors: { line_start: number; column_start: number; message: string }[]
}
interface Page<T> {
  items: T[]
  nextCursor: string | null
}
const create = (name: string, more: object = { json: bookingFlow }) =>
  house.ask<Flow>(201, 'POST', '/flows', { numberId: house.numberId, name, categories: ['OTHER'], ...more })
const rows = async (sql: string, values: unknown[] = []) => (await runSql(databaseUrl, sql, values)).rows

test('a Flow from draft to deprecated', async () => {
  const made = await create('Booking')
  expect(made).toMatchObject({
    status: 'DRAFT',
    validationErrors: [],
    endpointUri: null,
    categories: ['OTHER'],
  })
  expect(JSON.parse(made.json)).toEqual(bookingFlow)
  const renamed = await house.ask(200, 'PATCH', `/flows/${made.id}`, {
    name: 'Tables',
    categories: ['SURVEY'],
  })
  expect(renamed).toMatchObject({ name: 'Tables', categories: ['SURVEY'] })
  const { url } = await house.ask<{ url: string }>(200, 'GET', `/flows/${made.id}/preview`)
  expect((await fetch(url)).status).toBe(200)
  await house.ask(200, 'GET', `/flows/${made.id}/preview?renew=true`)
  expect((await fetch(url)).status).toBe(401)
  expect(await house.ask(200, 'POST', `/flows/${made.id}/publish`)).toMatchObject({
    status: 'PUBLISHED',
    health: { can_send_message: 'AVAILABLE' },
  })
  expect(await house.ask(502, 'PATCH', `/flows/${made.id}`, { json: bookingFlow })).toMatchObject({
    code: 'whatsapp_refused',
    details: { code: 139001 },
  })
  expect(await house.ask(502, 'DELETE', `/flows/${made.id}`)).toMatchObject({ details: { code: 139004 } })
  expect(await house.ask(200, 'POST', `/flows/${made.id}/deprecate`)).toMatchObject({ status: 'DEPRECATED' })
})

test('what is surely wrong is refused by name before it is uploaded; what WhatsApp finds comes with its line', async () => {
  const two = [bookingFlow.screens[0], { ...bookingFlow.screens[1], id: 'BOOK', layout: {} }]
  const wrong = { ...bookingFlow, version: 'x', screens: two }
  const body = { numberId: house.numberId, name: 'Wrong', categories: ['OTHER'], json: wrong }
  const refused = await house.ask<{ fields: { field: string }[] }>(400, 'POST', '/flows', body)
  expect(refused.fields.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['json.version', 'json.screens.1.id', 'json.screens.1.layout.type']),
  )
  expect(await house.ask(200, 'POST', '/flows/validate', { json: wrong })).toMatchObject({ valid: false })
  expect(await house.ask(200, 'POST', '/flows/validate', { json: bookingFlow })).toEqual({
    valid: true,
    problems: [],
  })
  expect(await house.ask(400, 'POST', '/flows', { ...body, categories: ['FUN'], name: '' })).toMatchObject({
    fields: [{ field: 'name' }, { field: 'categories.0' }],
  })

  const [first, last] = bookingFlow.screens
  const unseen = { ...bookingFlow, screens: [{ ...first, data: {} }, last] }
  const made = await create('Unseen', { json: unseen })
  expect(made.validationErrors).toMatchObject([
    { message: expect.stringMatching(/data\.name/) as string, line_start: 13 },
  ])
  expect(made.json.split('\n')[12]).toContain('Hello ${data.name}')
  expect(await house.ask(502, 'POST', `/flows/${made.id}/publish`)).toMatchObject({
    details: { code: 139002 },
  })
  expect(await house.ask(200, 'PATCH', `/flows/${made.id}`, { json: bookingFlow })).toMatchObject({
    validationErrors: [],
  })
  await house.ask(204, 'DELETE', `/flows/${made.id}`)
  await house.ask(404, 'GET', `/flows/${made.id}`)
})

test('Flows made elsewhere are taken over, and those that are gone go', async () => {
  const graph = (method: string, path: string, body?: object) =>
    fetch(`${house.sandboxUrl}/v23.0/${path}`, {
      method,
      headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  const elsewhere = { name: 'Elsewhere', categories: ['OTHER'], flow_json: JSON.stringify(bookingFlow) }
  const response = await graph('POST', `${house.access.wabaId}/flows`, elsewhere)
  const { id } = (await response.json()) as { id: string }
  const sync = () => house.ask(200, 'POST', '/flows/sync', { numberId: house.numberId })
  expect(await sync()).toMatchObject({ added: 1, removed: 0 })
  const { items } = await house.ask<Page<Flow>>(200, 'GET', '/flows?search=elsew&status=DRAFT')
  expect(items).toMatchObject([{ metaId: id, json: expect.stringContaining('BOOK') as string }])
  await graph('DELETE', id)
  await rows(`update flows set created_at = now() - interval '1 hour' where meta_id = $1`, [id])
  expect(await sync()).toMatchObject({ added: 0, removed: 1 })
  expect((await house.ask<Page<Flow>>(200, 'GET', '/flows?search=elsew')).items).toEqual([])
  for (const name of ['Page A', 'Page B']) await create(name)
  const page = await house.ask<Page<Flow>>(200, 'GET', '/flows?limit=1')
  expect(page.items).toHaveLength(1)
  expect(page.nextCursor).toEqual(expect.any(String))
})

test('webhooks change the status and are kept once', async () => {
  const made = await create('Watched')
  const post = async (value: object) =>
    expect(await signedPost(house, changeBody(house.access, 'flows', value))).toBe(200)
  const throttled = {
    event: 'FLOW_STATUS_CHANGE',
    flow_id: made.metaId,
    old_status: 'PUBLISHED',
    new_status: 'THROTTLED',
  }
  const latency = {
    event: 'ENDPOINT_LATENCY',
    flow_id: made.metaId,
    p90_latency: 8_000,
    threshold: 7_000,
    alert_state: 'ACTIVATED',
  }
  await post(throttled)
  await post(throttled)
  await post(latency)
  await post({ event: 'FLOW_STATUS_CHANGE', flow_id: 'unknown', new_status: 'BLOCKED' })
  expect(await house.ask(200, 'GET', `/flows/${made.id}`)).toMatchObject({ status: 'THROTTLED' })
  const { items } = await house.ask<Page<{ event: string; data: object }>>(
    200,
    'GET',
    `/flows/${made.id}/notices`,
  )
  const told = items.filter(({ data }) => !('message' in data))
  expect(told.map(({ event }) => event)).toEqual(['ENDPOINT_LATENCY', 'FLOW_STATUS_CHANGE'])
  expect(told[0]?.data).toMatchObject({ alert_state: 'ACTIVATED' })
})

const mapping = {
  start: 'BOOK',
  screens: {
    BOOK: {
      data: { name: '{{contact.first_name | "you"}}', days: [{ id: '1', title: 'Monday' }] },
      next: [
        {
          when: { kind: 'compare', path: 'vars.form.seats', operator: 'greater', value: 0 },
          screen: 'CONFIRM',
        },
      ],
      error: 'How many are you?',
    },
    CONFIRM: { data: { seats: '{{form.seats}}' }, next: [{ screen: 'SUCCESS' }] },
  },
}
interface Exchanged {
  status: number
  answer: { screen: string; data: Record<string, unknown> } | null
}

test('the sandbox asks our endpoint as a phone does', async () => {
  const lost = { ...mapping, start: 'LOST' }
  const body = {
    numberId: house.numberId,
    name: 'x',
    categories: ['OTHER'],
    json: exchangeFlow,
    mapping: lost,
  }
  expect(await house.ask(400, 'POST', '/flows', body)).toMatchObject({ fields: [{ field: 'mapping.start' }] })
  const flow = await create('Exchange', { json: exchangeFlow, mapping })
  expect(flow.endpointUri).toBe(`${house.url}/flows/${flow.id}/data`)
  await house.ask(200, 'POST', `/flows/${flow.id}/publish`)
  const exchange = (question: object) =>
    house.sandbox<Exchanged>('POST', `/flows/${flow.metaId}/exchange`, question)

  expect(await house.ask(200, 'GET', `/numbers/${house.numberId}/flow-keys`)).toEqual({
    keys: [],
    whatsapp: { status: null, isOurs: false },
  })
  await house.ask(201, 'POST', `/numbers/${house.numberId}/flow-keys`)
  expect(await exchange({ action: 'ping' })).toEqual({ status: 200, answer: { data: { status: 'active' } } })
  const failed = { error: 'invalid-screen-transition', error_message: 'no such screen' }
  expect(await exchange({ action: 'data_exchange', screen: 'BOOK', data: failed })).toEqual({
    status: 200,
    answer: { data: { acknowledged: true } },
  })
  const forged = await exchange({ action: 'INIT', flow_token: 'unused' })
  expect(forged).toMatchObject({ status: 427, answer: { error_msg: expect.any(String) as string } })

  const flow_token = await sendFlow(flow, '491700000001')
  expect(await exchange({ action: 'INIT', flow_token })).toEqual({
    status: 200,
    answer: { screen: 'BOOK', data: { name: 'Ann', days: [{ id: '1', title: 'Monday' }] } },
  })
  expect(
    await exchange({ action: 'data_exchange', screen: 'BOOK', data: { seats: '2' }, flow_token }),
  ).toEqual({
    status: 200,
    answer: { screen: 'CONFIRM', data: { seats: '2' } },
  })
  expect(
    await exchange({ action: 'data_exchange', screen: 'BOOK', data: { seats: '' }, flow_token }),
  ).toMatchObject({
    answer: { screen: 'BOOK', data: { name: 'Ann', error_message: 'How many are you?' } },
  })
  expect(await exchange({ action: 'BACK', screen: 'BOOK', flow_token })).toMatchObject({
    answer: { screen: 'BOOK' },
  })
  expect(
    await exchange({ action: 'data_exchange', screen: 'CONFIRM', data: { seats: '2' }, flow_token }),
  ).toEqual({
    status: 200,
    answer: {
      screen: 'SUCCESS',
      data: { extension_message_response: { params: { seats: '2', flow_token } } },
    },
  })
  expect(
    await house.ask(200, 'PATCH', `/flows/${flow.id}`, { mapping: { ...mapping, start: 'CONFIRM' } }),
  ).toMatchObject({
    mapping: { start: 'CONFIRM' },
  })
  expect(await exchange({ action: 'INIT', flow_token })).toMatchObject({ answer: { screen: 'CONFIRM' } })

  const other = await create('Another', { json: exchangeFlow })
  expect(
    await house.sandbox('POST', `/flows/${other.metaId}/exchange`, { action: 'INIT', flow_token }),
  ).toMatchObject({
    status: 427,
  })
  const own = await sendFlow(other, '491700000001', 'draft')
  expect(
    await house.sandbox('POST', `/flows/${other.metaId}/exchange`, { action: 'INIT', flow_token: own }),
  ).toMatchObject({
    status: 200,
    answer: { data: { error_message: expect.any(String) as string } },
  })
})

/** A Flow message in an open conversation, as the ledger would have sent it; its token. */
async function sendFlow(flow: Flow, waId: string, mode = 'published'): Promise<string> {
  await house.text(waId, 'Hi')
  const [conversation] = await rows(
    `select v.id, v.contact_id from conversations v join identities i using (contact_id) where i.value = $1`,
    [waId],
  )
  const { signFlowToken } = await import('../../src/flows/flow-token.ts')
  const { newId } = await import('../../src/db/columns.ts')
  const messageId = newId()
  const flow_token = signFlowToken(house.deps.config.MASTER_KEY ?? '', {
    messageId,
    contactId: conversation.contact_id,
    runId: undefined,
    flow: flow.metaId,
  })
  const parameters = { flow_message_version: '3', flow_id: flow.metaId, flow_cta: 'Book', mode, flow_token }
  const interactive = { type: 'flow', body: { text: 'Book' }, action: { name: 'flow', parameters } }
  const response = await fetch(`${house.sandboxUrl}/v23.0/${house.access.phoneNumberId}/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to: waId, type: 'interactive', interactive }),
  })
  const sent = (await response.json()) as { messages: { id: string }[] }
  await rows(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, fact_id,
       send_key, class, state, wamid)
     values ($1, $2, $3, $4, $5, 'out', 'interactive', $6, $1, $8, 'utility', 'accepted', $7)`,
    [
      messageId,
      house.workspaceId,
      conversation.id,
      house.numberId,
      conversation.contact_id,
      JSON.stringify({ type: 'interactive', interactive }),
      sent.messages[0]?.id,
      messageId,
    ],
  )
  return flow_token
}

interface Answer {
  id: string
  flowId: string | null
  contactId: string
  verified: boolean
  answers: Record<string, unknown>
}

test('what customers fill in becomes rows, once, with its event', async () => {
  const flow = await create('Answers')
  await house.ask(200, 'POST', `/flows/${flow.id}/publish`)
  for (const [at, seats] of ['2', '=3+4', '5'].entries()) {
    const waId = `49170000010${at}`
    await sendFlow(flow, waId)
    const answers = { seats, wishes: ['window', 'quiet'], note: 'a\0b' }
    await house.sandbox('POST', `/phones/${waId}/flow`, { answers })
  }
  const list = (query: string) =>
    house.ask<Page<Answer>>(200, 'GET', `/flow-answers?flowId=${flow.id}${query}`)
  const { items } = await eventually(async () => {
    const page = await list('')
    expect(page.items).toHaveLength(3)
    return page
  })
  expect(items[0]).toMatchObject({
    flowName: 'Answers',
    contactName: 'Ann Example',
    verified: true,
    runId: null,
    answers: { seats: '5', wishes: ['window', 'quiet'], note: 'ab' },
  })
  expect((await list('&field=seats&value=2')).items).toHaveLength(1)
  expect((await list('&field=seats')).items).toHaveLength(3)
  expect((await list('&field=colour')).items).toHaveLength(0)
  expect((await list(`&contactId=${items[0]?.contactId}`)).items).toHaveLength(1)
  expect((await list('&to=2020-01-01T00:00:00Z')).items).toHaveLength(0)
  expect((await list('&from=2020-01-01T00:00:00Z&limit=2')).nextCursor).toEqual(expect.any(String))
  const csv = await house.ask<string>(200, 'GET', `/flow-answers/csv?flowId=${flow.id}`)
  const lines = csv.trim().split('\r\n')
  expect(lines[0]).toBe('at,flow,contact_id,contact_name,verified,note,seats,wishes')
  expect(lines).toHaveLength(4)
  expect(lines[2]).toContain(`,'=3+4,`)
  const events = await rows(`select attributes from events where type = 'flow_completed' order by id`)
  expect(events.map(({ attributes }) => attributes)).toContainEqual({
    flow_id: flow.id,
    answers: { seats: '2', wishes: ['window', 'quiet'], note: 'ab' },
  })
})

test('an answer that comes twice is one; one with another token or no message of ours is not verified', async () => {
  const flow = await create('Doubtful')
  await house.ask(200, 'POST', `/flows/${flow.id}/publish`)
  const waId = '491700000200'
  await sendFlow(flow, waId)
  const [sent] = await rows(`select wamid from messages where direction = 'out' order by id desc limit 1`)
  const said = (id: string, response_json: string, context?: object, name = 'flow') => ({
    from: waId,
    id,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    type: 'interactive',
    ...(context && { context }),
    interactive: { type: 'nfm_reply', nfm_reply: { name, body: 'Sent', response_json } },
  })
  const context = { id: sent.wamid }
  const messages = [
    said('wamid.d1', '{"a":1,"flow_token":"forged"}', context),
    said('wamid.d1', '{"a":1,"flow_token":"forged"}', context),
    said('wamid.d2', '{"a":2}'),
    said('wamid.d3', 'nonsense', context),
    said('wamid.d4', '{"city":"Pune"}', context, 'address_message'),
    said('wamid.d5', '[1]', context),
  ]
  expect(await signedPost(house, messageBody(house.access, { messages }))).toBe(200)
  const answers = await rows(
    `select a.flow_id, a.verified, a.answers from flow_answers a join identities i using (contact_id)
     where i.value = $1 order by a.answers`,
    [waId],
  )
  expect(answers).toEqual([
    { flow_id: flow.id, verified: false, answers: { a: 1 } },
    { flow_id: null, verified: false, answers: { a: 2 } },
  ])
  expect(await rows(`select 1 from messages where wamid like 'wamid.d%'`)).toHaveLength(5)
})

test('a Flow that a block sends is not deleted', async () => {
  const flow = await create('In a block')
  const parameters = { flow_message_version: '3', flow_id: flow.metaId, flow_cta: 'Book', mode: 'draft' }
  const content = { type: 'flow', body: { text: 'Book' }, action: { name: 'flow', parameters } }
  const block = await house.ask<{ id: string }>(201, 'POST', '/blocks', { name: 'Booking', content })
  expect(await house.ask(409, 'DELETE', `/flows/${flow.id}`)).toMatchObject({
    details: { usedIn: [{ id: block.id, name: 'Booking' }] },
  })
  await house.ask(204, 'DELETE', `/blocks/${block.id}`)
  await house.ask(204, 'DELETE', `/flows/${flow.id}`)
})
