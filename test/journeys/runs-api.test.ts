import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { openApi, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'

quietTemporal()
let house: OpenHouse
let api: ApiRig
let token: string

beforeAll(async () => {
  house = await openHouse({ TEMPORAL_UI_URL: 'http://temporal.example' })
  api = await openApi(house.deps.config, [
    ...journeyRoutes,
    ...contactRoutes,
    ...eventRoutes,
    ...inboxRoutes,
    ...analyticsRoutes,
  ])
  token = (await createApiKey(api.deps, { workspaceId: house.workspaceId, name: 'test', kind: 'platform' }))
    .key
})
afterAll(async () => {
  await api.close()
  await house.close()
})

/** The body of an answer that has this status. */
async function ask<T = Record<string, never>>(
  status: number,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await api.ask(method, `/platform/v1${path}`, { token, ...(body !== undefined && { body }) })
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
  return answer.body as T
}

interface Run {
  id: string
  state: string
  cardId: string
  contactId: string
  lineageId: string
  outcome: string
  error: { code: string } | null
  temporal: { workflowId: string; url: string }
}
interface Why {
  chain: { kind: string; words: string; factId: string | null; causeId: string | null }[]
  words: string
  temporal: { url: string } | null
}

const api_ = { type: 'api' }
const say = (text: string, next: object = {}) => ({ type: 'message', settings: { text }, next })
const question = (next: object) => ({
  type: 'interactive-message',
  settings: { body: 'Well?', buttons: [{ id: 'yes', title: 'Yes' }], timeout: { amount: 2, unit: 'days' } },
  next,
})
const journey = (cards: Record<string, object>, more: object = {}) => ({
  start: Object.keys(cards)[0],
  cards,
  triggers: [api_],
  ...more,
})

async function publish(draft: object, name = 'Offer'): Promise<string> {
  const { numberId } = house
  const { id } = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name, draft })
  await ask(201, 'POST', `/journeys/${id}/publish`)
  return id
}

/** A customer who has just written, so that the window is open. */
async function customer(waId: string): Promise<string> {
  await house.text(waId, 'anybody there?')
  return eventually(async () => {
    const rows = await house.rows<{ contact_id: string }>(
      'select contact_id from identities where value = $1',
      [waId],
    )
    expect(rows).toHaveLength(1)
    return rows[0]?.contact_id ?? ''
  })
}

const reaches = (runId: string, state: string) =>
  eventually(async () => {
    const run = await ask<Run>(200, 'GET', `/runs/${runId}`)
    expect(run.state).toBe(state)
    return run
  })
const texts = async (waId: string) =>
  (await house.ledger(waId)).map(({ payload }) => {
    const { text, interactive } = payload as {
      text?: { body: string }
      interactive?: { body: { text: string } }
    }
    return text?.body ?? interactive?.body.text
  })

test('from a draft to a run, its trace and why its message was sent', async () => {
  const draft = { ...journey({ ask: question({ 'button:yes': 'gone' }) }) }
  const { numberId } = house
  const { id } = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Offer', draft })
  const refused = await ask<{ code: string; fields: object[] }>(422, 'POST', `/journeys/${id}/publish`)
  expect(refused).toMatchObject({
    code: 'invalid_journey',
    fields: [{ field: 'cards.ask.next.button:yes', message: 'there is no card "gone"' }],
  })
  const cards = {
    ask: question({ 'button:yes': 'great' }),
    great: say('Great, {{contact.first_name | "you"}}'),
  }
  await ask(200, 'PATCH', `/journeys/${id}`, { draft: journey(cards), name: 'Offer 2' })
  expect(await ask(200, 'POST', `/journeys/${id}/validate`, {})).toMatchObject({ valid: true })
  expect(await ask(201, 'POST', `/journeys/${id}/publish`)).toMatchObject({ version: { number: 1 } })
  await ask(201, 'POST', `/journeys/${id}/publish`)
  expect(await ask(200, 'GET', `/journeys/${id}/versions?limit=1`)).toMatchObject({
    items: [{ number: 2 }],
    nextCursor: expect.any(String) as string,
  })
  const contactId = await customer('491700000001')
  const run = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, {
    waId: '+49 170 0000001',
    entry: 'order-1',
  })
  expect(run.contactId).toBe(contactId)
  expect(run.temporal.url).toBe(
    `http://temporal.example/namespaces/${house.deps.config.TEMPORAL_NAMESPACE}/workflows/${encodeURIComponent(run.temporal.workflowId)}`,
  )
  await eventually(async () => expect(await texts('491700000001')).toEqual(['Well?']))
  await house.tap('491700000001', 'yes', 'Yes')
  await reaches(run.id, 'completed')
  expect(await texts('491700000001')).toEqual(['Well?', 'Great, Ann'])

  const again = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId, entry: 'order-1' })
  expect(again.id).toBe(run.id)

  const trace = await ask<{ items: { kind: string; words: string }[] }>(200, 'GET', `/runs/${run.id}/trace`)
  expect(trace.items.every(({ kind, words }) => words !== '' && words !== kind)).toBe(true)
  expect(trace.items.map(({ kind }) => kind).filter((kind) => kind !== 'message.planned')).toEqual([
    'run.started',
    'card.entered',
    'card.left',
    'card.entered',
    'card.left',
    'run.ended',
  ])
  const rows = await house.rows<{ id: string }>('select id from messages where run_id = $1 order by id', [
    run.id,
  ])
  const why = await eventually(async () => {
    const found = await ask<Why>(200, 'GET', `/contacts/${contactId}/why?message=${rows[1]?.id}`)
    expect(found.chain.at(-1)?.kind).toMatch(/^status\./)
    return found
  })
  expect(why.chain.map(({ kind }) => kind).filter((kind) => !kind.startsWith('status.'))).toEqual([
    'start.requested',
    'trigger.evaluated',
    'run.started',
    'card.entered',
    'message.received',
    'card.left',
    'card.entered',
    'message.planned',
    'ledger.accepted',
  ])
  expect(why.words).toMatch(
    /asked to start "Offer 2" \(api\) → "Offer 2" was started: started by api → a run of "Offer 2" started → .* → the customer wrote "Yes", and a journey awaited it → it left card "ask" by "button:yes" → .* → WhatsApp accepted the message/,
  )
  expect(why.temporal?.url).toBe(run.temporal.url)
})

test('who is inside is not started again, and the answer to "why not" says so', async () => {
  const id = await publish(journey({ ask: question({}) }), 'Inside')
  const contactId = await customer('491700000002')
  const run = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId })
  const refused = await ask(409, 'POST', `/journeys/${id}/runs`, { contactId })
  expect(refused).toMatchObject({ code: 'not_started', detail: 'not started: already inside' })
  const why = await ask<Why>(200, 'GET', `/contacts/${contactId}/why?journey=${id}&not=true`)
  expect(why.words).toBe('"Inside" was not started: already inside')
  expect(why.chain.map(({ kind }) => kind)).toEqual(['start.requested', 'trigger.evaluated'])
  const manual = await ask(409, 'POST', `/journeys/${id}/runs`, { contactId, trigger: 'manual' })
  expect(manual).toMatchObject({ detail: 'not started: it has no manual trigger' })
  await ask(202, 'POST', `/runs/${run.id}/cancel`)
  await reaches(run.id, 'cancelled')
  await ask(409, 'POST', `/runs/${run.id}/cancel`)
  const ended = await ask<Why>(200, 'GET', `/contacts/${contactId}/why?run=${run.id}`)
  expect(ended.words).toMatch(/key [-0-9a-f]+ cancelled the run$/)
})

test('a stuck run stands on the board and goes on as it is told', async () => {
  const id = await publish(journey({ code: say('Your code: {{vars.code}}'), bye: say('Bye') }), 'Stuck')
  const contactId = await customer('491700000003')
  const { id: runId } = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId })
  const stuck = await reaches(runId, 'stuck')
  expect(stuck).toMatchObject({ cardId: 'code', error: { code: 'missing_variable' } })
  const board = await ask<{ items: object[] }>(200, 'GET', `/runs/stuck?journeyId=${id}`)
  expect(board.items).toMatchObject([
    {
      journeyName: 'Stuck',
      version: 1,
      cardId: 'code',
      errorCode: 'missing_variable',
      count: 1,
      exampleRunId: runId,
    },
  ])
  const listed = await ask<{ items: Run[] }>(
    200,
    'GET',
    `/runs?state=stuck&errorCode=missing_variable&cardId=code`,
  )
  expect(listed.items.map((run) => run.id)).toContain(runId)
  const nowhere = await ask(422, 'POST', `/runs/${runId}/resolve`, { action: 'goto', card: 'nowhere' })
  expect(nowhere).toMatchObject({ code: 'unprocessable', detail: 'there is no card "nowhere"' })
  await ask(400, 'POST', `/runs/${runId}/resolve`, { action: 'pray' })
  const vars = { all: 'x'.repeat(70_000) }
  expect(await ask(400, 'POST', `/runs/${runId}/resolve`, { action: 'retry', vars })).toMatchObject({
    fields: [{ field: 'vars', message: expect.stringContaining('65536 characters') as string }],
  })
  const resolved = await ask(200, 'POST', `/runs/${runId}/resolve`, { action: 'retry', vars: { code: 'X7' } })
  expect(resolved).toEqual({ cardId: 'code' })
  await reaches(runId, 'completed')
  expect(await texts('491700000003')).toEqual(['Your code: X7'])
  await ask(409, 'POST', `/runs/${runId}/resolve`, { action: 'retry' })
})

test('a restart sends only what its lineage has not sent', async () => {
  const cards = (last: string) => ({
    one: say('one', { next: 'two' }),
    two: say('two', { next: 'three' }),
    three: say(last),
  })
  const id = await publish(journey(cards('{{vars.never}}')), 'Mended')
  const contactId = await customer('491700000004')
  const { id: runId } = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId, vars: { keep: 1 } })
  await reaches(runId, 'stuck')
  await ask(200, 'PATCH', `/journeys/${id}`, { draft: journey(cards('three')) })
  const { version } = await ask<{ version: { id: string } }>(201, 'POST', `/journeys/${id}/publish`)
  const refused = await ask(422, 'POST', `/runs/${runId}/restart`, { cardId: 'four' })
  expect(refused).toMatchObject({ fields: [{ field: 'cardId' }] })
  const order = { cardId: 'one', versionId: version.id }
  const again = await ask<Run & { vars: object }>(201, 'POST', `/runs/${runId}/restart`, order)
  expect(again).toMatchObject({ lineageId: runId, vars: { keep: 1 } })
  await reaches(again.id, 'completed')
  expect(await reaches(runId, 'exited')).toMatchObject({ outcome: 'restarted from card one' })
  expect(await texts('491700000004')).toEqual(['one', 'two', 'three'])
  const third = await ask<Run>(201, 'POST', `/runs/${again.id}/restart`, { cardId: 'two' })
  await reaches(third.id, 'completed')
  expect(await texts('491700000004')).toEqual(['one', 'two', 'three'])
  const why = await ask<Why>(200, 'GET', `/contacts/${contactId}/why?run=${third.id}`)
  expect(why.words).toMatch(/got stuck at card "three".*restarted "Mended" from card "one".*from card "two"/)
})

test('a run is held at its next card, and goes on', async () => {
  const id = await publish(journey({ ask: question({ 'button:yes': 'great' }), great: say('Great') }), 'Held')
  const contactId = await customer('491700000005')
  const { id: runId } = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId })
  await eventually(async () => expect(await texts('491700000005')).toEqual(['Well?']))
  await ask(202, 'POST', `/runs/${runId}/pause`)
  await house.tap('491700000005', 'yes', 'Yes')
  await reaches(runId, 'paused')
  expect(await texts('491700000005')).toEqual(['Well?'])
  await ask(409, 'POST', `/runs/${runId}/restart`, { cardId: 'ask' })
  await ask(202, 'POST', `/runs/${runId}/resume`)
  await reaches(runId, 'completed')
  expect(await texts('491700000005')).toEqual(['Well?', 'Great'])
  await ask(409, 'POST', `/runs/${runId}/pause`)
})

test('a run whose workflow is gone can be ended, and started again', async () => {
  const id = await publish(journey({ ask: question({}) }), 'Gone')
  const contactId = await customer('491700000006')
  const run = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId })
  await eventually(async () => expect(await texts('491700000006')).toEqual(['Well?']))
  await house.deps.temporal.workflow.getHandle(run.temporal.workflowId).terminate()
  await ask(202, 'POST', `/runs/${run.id}/cancel`)
  expect(await reaches(run.id, 'cancelled')).toMatchObject({ outcome: 'cancelled by hand' })
  const again = await ask<Run>(201, 'POST', `/journeys/${id}/runs`, { contactId })
  expect(again.id).not.toBe(run.id)
  await ask(202, 'POST', `/runs/${again.id}/cancel`)
})
