import { newId } from '../../src/db/columns.ts'
import { messageBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { signedPost } from '../support/signed-post.ts'
import { testNamespace } from '../support/temporal.ts'
import { bookingFlow } from './flow-examples.ts'
import { buildFlowHouse, sendFlow, type FlowHouse } from './flow-house.ts'

let house: FlowHouse
let databaseUrl: string

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  house = await buildFlowHouse({ databaseUrl, temporal: await testNamespace() })
})
afterAll(() => house.close())

interface Page<T> {
  items: T[]
  nextCursor: string | null
}
const rows = async (sql: string, values: unknown[] = []) => (await runSql(databaseUrl, sql, values)).rows

async function publishFlow(name: string): Promise<{ id: string; metaId: string }> {
  const input = { numberId: house.numberId, name, categories: ['OTHER'], json: bookingFlow }
  const { id } = await house.ask<{ id: string }>(201, 'POST', '/flows', input)
  return house.ask(200, 'POST', `/flows/${id}/publish`)
}

interface Answer {
  id: string
  flowId: string | null
  contactId: string
  verified: boolean
  answers: Record<string, unknown>
}

test('what customers fill in becomes rows, once, with its event', async () => {
  const flow = await publishFlow('Answers')
  for (const [at, seats] of ['2', '=3+4', '5'].entries()) {
    const waId = `49170000010${at}`
    await sendFlow({ house, databaseUrl }, flow, waId)
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
  const flow = await publishFlow('Doubtful')
  const waId = '491700000200'
  await sendFlow({ house, databaseUrl }, flow, waId)
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

test('a Flow that a template opened is known by the template', async () => {
  const flow = await publishFlow('By template')
  const waId = '491700000300'
  await sendFlow({ house, databaseUrl }, flow, waId)
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
  const parameters = [{ type: 'action', action: { flow_token: 'mine' } }]
  const components = [{ type: 'button', sub_type: 'flow', index: '0', parameters }]
  const content = { type: 'template', template: { name: 'book', language: { code: 'en' }, components } }
  const [sent] = await rows(
    `update messages set type = 'template', content = $1 where direction = 'out'
       and contact_id = (select contact_id from identities where value = $2) returning wamid`,
    [JSON.stringify(content), waId],
  )
  const message = {
    from: waId,
    id: 'wamid.t1',
    timestamp: String(Math.floor(Date.now() / 1_000)),
    type: 'interactive',
    context: { id: sent.wamid },
    interactive: {
      type: 'nfm_reply',
      nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":1,"flow_token":"mine"}' },
    },
  }
  expect(await signedPost(house, messageBody(house.access, { messages: [message] }))).toBe(200)
  const { items } = await house.ask<Page<Answer>>(200, 'GET', `/flow-answers?flowId=${flow.id}`)
  expect(items).toMatchObject([{ verified: true, answers: { a: 1 } }])
})
