import { newId } from '../../src/db/columns.ts'
import { changeBody } from '../inbound/webhook-bodies.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { signedPost } from '../support/signed-post.ts'
import { testNamespace } from '../support/temporal.ts'
import { bookingFlow, exchangeFlow } from './flow-examples.ts'
import { buildFlowHouse, sendFlow, type FlowHouse } from './flow-house.ts'

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
  expect(await house.ask(409, 'PATCH', `/flows/${made.id}`, { json: bookingFlow })).toMatchObject({
    code: 'conflict',
    details: { code: 139001 },
  })
  expect(await house.ask(409, 'DELETE', `/flows/${made.id}`)).toMatchObject({ details: { code: 139004 } })
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
  expect(await house.ask(409, 'POST', `/flows/${made.id}/publish`)).toMatchObject({
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
  const late = changeBody(house.access, 'flows', { ...throttled, new_status: 'BLOCKED' }) as {
    entry: object[]
  }
  const longAgo = { ...late, entry: late.entry.map((entry) => ({ ...entry, time: 1_600_000_000 })) }
  expect(await signedPost(house, longAgo)).toBe(200)
  expect(await house.ask(200, 'GET', `/flows/${made.id}`)).toMatchObject({ status: 'THROTTLED' })
  const { items } = await house.ask<Page<{ event: string; data: object }>>(
    200,
    'GET',
    `/flows/${made.id}/notices`,
  )
  const told = items.filter(({ data }) => !('message' in data) && !JSON.stringify(data).includes('BLOCKED'))
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

  const flow_token = await sendFlow({ house, databaseUrl }, flow, '491700000001')
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
  const own = await sendFlow({ house, databaseUrl }, other, '491700000001', 'draft')
  expect(
    await house.sandbox('POST', `/flows/${other.metaId}/exchange`, { action: 'INIT', flow_token: own }),
  ).toMatchObject({
    status: 200,
    answer: { data: { error_message: expect.any(String) as string } },
  })
})

test('a Flow that a block or a template opens is not deleted', async () => {
  const flow = await create('In a block')
  const parameters = { flow_message_version: '3', flow_id: flow.metaId, flow_cta: 'Book', mode: 'draft' }
  const content = { type: 'flow', body: { text: 'Book' }, action: { name: 'flow', parameters } }
  const block = await house.ask<{ id: string }>(201, 'POST', '/blocks', { name: 'Booking', content })
  const buttons = [{ type: 'FLOW', text: 'Book', flow_id: flow.metaId }]
  await rows(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components)
     values ($1, $2, '1', 'book', 'en', 'UTILITY', $3)`,
    [
      newId(),
      house.workspaceId,
      JSON.stringify([
        { type: 'BODY', text: 'Hi' },
        { type: 'BUTTONS', buttons },
      ]),
    ],
  )
  const usedIn = [
    { kind: 'block', id: block.id, name: 'Booking' },
    { kind: 'template', name: 'book (en)' },
  ]
  expect(await house.ask(200, 'GET', `/flows/${flow.id}/uses`)).toMatchObject({ items: usedIn })
  expect(await house.ask(409, 'DELETE', `/flows/${flow.id}`)).toMatchObject({ details: { usedIn } })
  await rows('delete from templates')
  await house.ask(204, 'DELETE', `/blocks/${block.id}`)
  await house.ask(204, 'DELETE', `/flows/${flow.id}`)
})
