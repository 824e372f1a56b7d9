import { newId } from '../../src/db/columns.ts'
import { readFlowToken } from '../../src/flows/flow-token.ts'
import { bookingFlow } from '../flows/flow-examples.ts'
import { buildFlowHouse, type FlowHouse } from '../flows/flow-house.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'
import { blockExamples, menu } from './block-examples.ts'

let house: FlowHouse
let worker: Awaited<ReturnType<FlowHouse['worker']>>
let databaseUrl: string

beforeAll(async () => {
  const [database, temporal, bundle] = await Promise.all([freshDatabase(), testNamespace(), workflowBundle()])
  databaseUrl = database.url
  house = await buildFlowHouse({ databaseUrl, temporal, bundlePath: bundle.codePath })
  worker = await house.worker()
})
afterAll(async () => {
  await worker.stop()
  await house.close()
})

const rows = async (sql: string, values: unknown[] = []) => (await runSql(databaseUrl, sql, values)).rows
const createBlock = (name: string, content: object) =>
  house.ask<{ id: string }>(201, 'POST', '/blocks', { name, content })

interface Message {
  id: string
  ledger: { state: string; reason: string | null }
}

/** A customer who has written lately. */
async function meet(waId: string): Promise<string> {
  await house.text(waId, 'Hi')
  const [row] = await rows(
    `select v.id from conversations v join identities i using (contact_id) where i.value = $1`,
    [waId],
  )
  return row.id as string
}
const settled = (id: string, state = 'accepted') =>
  eventually(async () => {
    const message = await house.ask<Message>(200, 'GET', `/messages/${id}`)
    expect(message.ledger.state).toBe(state)
    return message
  })

test.each(blockExamples.filter(({ type }) => type !== 'flow'))(
  'a block of kind $type reaches WhatsApp from the inbox',
  async (content) => {
    const waId = `4917000${String(1_000 + blockExamples.findIndex(({ type }) => type === content.type))}`
    const conversation = await meet(waId)
    const { id: blockId } = await createBlock(`Send ${content.type}`, content)
    const sent = await house.ask<Message>(201, 'POST', `/conversations/${conversation}/messages`, { blockId })
    await settled(sent.id)
    const [message] = await house.ledger(waId)
    expect(message).toMatchObject({
      type: 'interactive',
      payload: { interactive: { type: content.type, action: content.action } },
      bizOpaqueCallbackData: sent.id,
    })
    if (content.type === 'list')
      expect(message?.payload.interactive?.body.text).toBe('Dishes of the day for Ann')
  },
)

test('a content, its variables, and the same Idempotency-Key once', async () => {
  const waId = '491700002001'
  const path = `/conversations/${await meet(waId)}/messages`
  const body = {
    content: { type: 'text', text: { body: '{{contact.first_name}}: {{vars.code}}' } },
    vars: { code: 7 },
  }
  const headers = { 'idempotency-key': 'once' }
  const first = await house.ask<Message>(201, 'POST', path, body, headers)
  expect(first).toMatchObject({ text: 'Ann: 7', direction: 'out' })
  expect(await house.ask(201, 'POST', path, body, headers)).toMatchObject({ id: first.id })
  await rows('delete from idempotency_keys')
  expect(await house.ask(201, 'POST', path, body, headers)).toMatchObject({ id: first.id })
  await settled(first.id)
  expect(await house.ledger(waId)).toHaveLength(1)
  const other = `/conversations/${await meet('491700002002')}/messages`
  await rows('delete from idempotency_keys')
  await house.ask(409, 'POST', other, body, headers)
})

test("a customer's own braces are not filled in a second time", async () => {
  const waId = '491700002003'
  const path = `/conversations/${await meet(waId)}/messages`
  const content = { type: 'text', text: { body: 'You wrote {{vars.words}}' } }
  const { id } = await house.ask<Message>(201, 'POST', path, {
    content,
    vars: { words: '{{contact.phone}}' },
  })
  await settled(id)
  expect((await house.ledger(waId))[0]?.payload.text?.body).toBe('You wrote {{contact.phone}}')
})

test('what may not go out is refused at once, and leaves nothing', async () => {
  const waId = '491700002004'
  const conversation = await meet(waId)
  const path = `/conversations/${conversation}/messages`
  const { id: blockId } = await createBlock('Refused', menu)
  await house.ask(400, 'POST', path, {})
  await house.ask(400, 'POST', path, { blockId, content: { type: 'text', text: { body: 'a' } } })
  expect(await house.ask(400, 'POST', path, { content: { type: 'text', text: { body: '' } } })).toMatchObject(
    {
      fields: [{ field: 'content.text.body' }],
    },
  )
  await house.ask(404, 'POST', path, { blockId: conversation })
  await house.ask(404, 'POST', `/conversations/${blockId}/messages`, { blockId })
  const missing = { content: { type: 'text', text: { body: '{{vars.nothing}}' } } }
  expect(await house.ask(422, 'POST', path, missing)).toMatchObject({ code: 'missing_variable' })
  await rows(`update conversations set window_ends_at = now() where id = $1`, [conversation])
  expect(await house.ask(422, 'POST', path, { blockId })).toMatchObject({ code: 'window_closed' })
  expect(
    await rows(`select 1 from messages where conversation_id = $1 and direction = 'out'`, [conversation]),
  ).toEqual([])
})

test('a limit of WhatsApp delays it, a refusal is told, and nothing is sent twice', async () => {
  const waId = '491700002005'
  const path = `/conversations/${await meet(waId)}/messages`
  const { id: blockId } = await createBlock('Limited', menu)
  await house.faults([{ kind: 'error', code: 130429, match: { to: waId }, times: 1 }])
  const delayed = await house.ask<Message>(201, 'POST', path, { blockId })
  await settled(delayed.id)
  await house.faults([{ kind: 'error', code: 131026, match: { to: waId }, times: 1 }])
  const refused = await house.ask<Message>(201, 'POST', path, { blockId })
  expect(await settled(refused.id, 'failed')).toMatchObject({ ledger: { reasonCode: '131026' } })
  await house.faults([])
  expect(await house.ledger(waId)).toHaveLength(1)
})

test('what was answered with its id is sent although this process told nobody', async () => {
  const waId = '491700002006'
  const path = `/conversations/${await meet(waId)}/messages`
  const { background } = house.deps
  const run = background.run
  background.run = () => undefined
  const { id } = await house.ask<Message>(201, 'POST', path, {
    content: { type: 'text', text: { body: 'Later' } },
  })
  background.run = run
  expect(await house.ask<Message>(200, 'GET', `/messages/${id}`)).toMatchObject({
    ledger: { state: 'planned' },
  })
  await rows(`update outbox set claimed_until = now() - interval '1 second'`)
  await settled(id)
  expect(await house.ledger(waId)).toHaveLength(1)
})

const askBy = (blockId: string) => ({
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: ['menu'] }],
  cards: {
    ask: {
      type: 'block',
      settings: { block: blockId, variable: 'dish' },
      next: { 'choice:soup': 'thanks', answered: 'thanks' },
    },
    thanks: { type: 'message', settings: { text: 'Thanks' } },
  },
})

test('a journey asks with a block as it was published, whatever becomes of the block', async () => {
  const waId = '491700002007'
  const { id } = await createBlock('In a journey', menu)
  const frozen = askBy(id)
  Object.assign(frozen.cards.ask.settings, { content: menu, version: 1 })
  const { journeyId } = await house.publish(frozen, 'Menu')
  await house.ask(200, 'PATCH', `/blocks/${id}`, { content: { ...menu, body: { text: 'Changed' } } })
  await house.text(waId, 'menu')
  await eventually(async () => expect(await house.ledger(waId)).toHaveLength(1))
  expect((await house.ledger(waId))[0]?.payload.interactive?.body.text).toBe('Dishes of the day for Ann')
  const list_reply = { id: 'soup', title: 'Soup' }
  await house.sandbox('POST', `/phones/${waId}/messages`, {
    message: { type: 'interactive', interactive: { type: 'list_reply', list_reply } },
  })
  await eventually(async () => expect(await house.ledger(waId)).toHaveLength(2))
  const run = `select r.vars, r.state from runs r join identities i using (contact_id) where i.value = $1`
  await eventually(async () =>
    expect(await rows(run, [waId])).toEqual([
      { vars: expect.objectContaining({ dish: 'Soup' }) as object, state: 'completed' },
    ]),
  )
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('a Flow in a journey: its token is bound, its answers are a row and a variable', async () => {
  const waId = '491700002008'
  const flow = await house.ask<{ id: string; metaId: string }>(201, 'POST', '/flows', {
    numberId: house.numberId,
    name: 'Booking',
    categories: ['APPOINTMENT_BOOKING'],
    json: bookingFlow,
  })
  await house.ask(200, 'POST', `/flows/${flow.id}/publish`)
  const parameters = { flow_message_version: '3', flow_id: flow.metaId, flow_cta: 'Book' }
  const content = { type: 'flow', body: { text: 'Book a table' }, action: { name: 'flow', parameters } }
  const { id } = await createBlock('Booking', content)
  const definition = askBy(id)
  Object.assign(definition.cards.ask.settings, { content, version: 1 })
  const { journeyId } = await house.publish(definition, 'Book')
  await house.text(waId, 'menu')
  const [sent] = await eventually(async () => {
    const messages = await house.ledger(waId)
    expect(messages).toHaveLength(1)
    return messages
  })
  const token = sent?.payload.interactive?.action.parameters?.flow_token
  const [run] = await rows(
    `select r.id, r.contact_id from runs r join identities i using (contact_id) where i.value = $1`,
    [waId],
  )
  expect(readFlowToken(house.deps.config.MASTER_KEY ?? '', token)).toEqual({
    messageId: sent?.bizOpaqueCallbackData,
    contactId: run.contact_id,
    runId: run.id,
    flow: flow.metaId,
  })
  await house.sandbox('POST', `/phones/${waId}/flow`, { answers: { seats: '4' } })
  await eventually(async () => expect(await house.ledger(waId)).toHaveLength(2))
  const { items } = await house.ask<{ items: object[] }>(200, 'GET', `/flow-answers?runId=${run.id}`)
  expect(items).toMatchObject([
    { flowId: flow.id, verified: true, answers: { seats: '4' }, sentMessageId: sent?.bizOpaqueCallbackData },
  ])
  await eventually(async () => {
    const [ended] = await rows('select vars, state from runs where id = $1', [run.id])
    expect(ended).toMatchObject({ state: 'completed', vars: { dish: { seats: '4' } } })
  })
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('a template that opens a Flow is sent with a token too', async () => {
  const waId = '491700002009'
  const conversation = await meet(waId)
  const name = 'book_a_table'
  const buttons = [
    { type: 'QUICK_REPLY', text: 'No' },
    { type: 'FLOW', text: 'Book', flow_id: '7788', flow_action: 'navigate', navigate_screen: 'BOOK' },
  ]
  const components = [
    { type: 'BODY', text: 'A table tonight?' },
    { type: 'BUTTONS', buttons },
  ]
  const response = await fetch(`${house.sandboxUrl}/v23.0/${house.access.wabaId}/message_templates`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
    body: JSON.stringify({ name, language: 'en', category: 'MARKETING', components }),
  })
  const { id: metaId } = (await response.json()) as { id: string }
  await house.sandbox('PUT', `/templates/${metaId}`, { status: 'APPROVED' })
  await rows(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components)
     values ($1, $2, $3, $4, 'en', 'MARKETING', $5)`,
    [newId(), house.workspaceId, house.access.wabaId, name, JSON.stringify(components)],
  )
  const content = { type: 'template', template: { name, language: { code: 'en' } } }
  const sent = await house.ask<Message>(201, 'POST', `/conversations/${conversation}/messages`, { content })
  await settled(sent.id)
  const [message] = await house.ledger(waId)
  const payload = message?.payload as unknown as { template: { components: TokenButton[] } } | undefined
  const button = payload?.template.components[0]
  expect(button).toMatchObject({ type: 'button', sub_type: 'flow', index: '1' })
  const token = button?.parameters[0]?.action.flow_token
  expect(readFlowToken(house.deps.config.MASTER_KEY ?? '', token)).toMatchObject({
    messageId: sent.id,
    flow: '7788',
  })
})

interface TokenButton {
  parameters: { action: { flow_token: string } }[]
}
