import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { cards } from '../../workflows/cards/index.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { welcomeDefinition } from '../support/welcome.ts'

let api: ApiRig
let token: string
let numberId: string

beforeAll(async () => {
  const { url } = await freshDatabase()
  api = await openApi({ DATABASE_URL: url }, [...journeyRoutes, ...simulationRoutes, ...contactRoutes])
  const { key, workspaceId } = await openWorkspace(api, 'test')
  token = key
  numberId = newId()
  await runSql(
    url,
    `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
       sealed_app_secret, verify_token_hash) values ($1, $2, '1', '1', '1', '', '', '')`,
    [numberId, workspaceId],
  )
})
afterAll(() => api.close())

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
interface Page<T> {
  items: T[]
  nextCursor: string | null
}
const create = async (name: string, draft: object = welcomeDefinition()) =>
  (await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name, draft })).id

test('every card type is described for a builder', async () => {
  const { items } = await ask<
    Page<{ type: string; settings: { properties: object }; outlets: object[] | null }>
  >(200, 'GET', '/cards')
  expect(items.map(({ type }) => type)).toEqual(Object.keys(cards))
  const input = items.find(({ type }) => type === 'user-input')
  expect(input?.settings.properties).toMatchObject({ question: { title: 'Question', widget: 'textarea' } })
  expect(items.find(({ type }) => type === 'end-conversation')?.outlets).toEqual([])
  const { schema } = await ask<{ schema: { properties: object } }>(200, 'GET', '/journey-definition-schema')
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['start', 'cards', 'triggers', 'entry', 'goal']),
  )
})

test('journeys are listed, searched, renamed and deleted', async () => {
  const ids: string[] = []
  for (const name of ['Alpha 50%', 'Beta', 'Alpha 2']) ids.push(await create(name))
  const list = (query: string) => ask<Page<{ id: string; name: string }>>(200, 'GET', `/journeys${query}`)
  const first = await list('?limit=2')
  expect(first.items.map(({ name }) => name)).toEqual(['Alpha 2', 'Beta'])
  const second = await list(`?limit=2&cursor=${first.nextCursor}`)
  expect(second).toMatchObject({ items: [{ name: 'Alpha 50%' }], nextCursor: null })
  expect((await list('?search=ALPHA')).items).toHaveLength(2)
  expect((await list(`?search=${encodeURIComponent('0%')}`)).items).toHaveLength(1)
  await ask(200, 'PATCH', `/journeys/${ids[1]}`, { name: 'Gamma' })
  await ask(201, 'POST', `/journeys/${ids[1]}/publish`)
  await ask(204, 'DELETE', `/journeys/${ids[1]}`)
  await ask(404, 'GET', `/journeys/${ids[1]}`)
  await ask(404, 'POST', `/journeys/${ids[1]}/publish`)
  expect((await list('')).items.map(({ id }) => id)).toEqual([ids[2], ids[0]])
})

test('ten publishings at once make ten versions', async () => {
  const id = await create('Busy')
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      ask<{ version: { number: number } }>(201, 'POST', `/journeys/${id}/publish`),
    ),
  )
  expect(answers.map(({ version }) => version.number).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ])
})

test('a version stays as it was published, with its defaults', async () => {
  const id = await create('Frozen')
  await ask(201, 'POST', `/journeys/${id}/publish`)
  await ask(200, 'PATCH', `/journeys/${id}`, { draft: {} })
  const version = await ask<{ definition: object }>(200, 'GET', `/journeys/${id}/versions/1`)
  expect(version.definition).toMatchObject({
    entry: { reentry: 'while-not-inside' },
    cards: { great: { settings: { text: 'Great, here we go.', previewUrl: false } } },
  })
  await ask(404, 'GET', `/journeys/${id}/versions/2`)
  expect(await ask(422, 'POST', `/journeys/${id}/publish`)).toMatchObject({
    code: 'invalid_journey',
    fields: [{ field: 'start' }, { field: 'cards' }],
  })
  expect(await ask(200, 'POST', `/journeys/${id}/unpublish`)).toMatchObject({ publishedVersionId: null })
})

test('a draft, or a version, is tried out on a contact that exists or not', async () => {
  const id = await create('Tried')
  const draft = await ask(200, 'POST', `/journeys/${id}/simulate`, {
    contact: { firstName: 'Zoë' },
    startAt: '2026-11-21T10:00:00Z',
    replies: [{ buttonId: 'no', at: '2026-11-21T10:30:00Z' }],
  })
  expect(draft).toMatchObject({
    state: 'completed',
    finishedAt: '2026-11-21T10:30:00.000Z',
    messages: [{ text: 'Hello Zoë, shall we begin?' }, { text: 'No problem, another time.' }],
  })
  await ask(201, 'POST', `/journeys/${id}/publish`)
  await ask(200, 'PATCH', `/journeys/${id}`, { draft: { start: 'x' } })
  const contact = await ask<{ id: string }>(201, 'POST', '/contacts', {
    waId: '491700000000',
    firstName: 'Bob',
  })
  const body = { version: 1, contactId: contact.id, startAt: '2026-11-21T10:00:00Z' }
  expect(await ask(200, 'POST', `/journeys/${id}/simulate`, body)).toMatchObject({
    finishedAt: '2026-11-21T12:00:00.000Z',
    messages: [{ text: 'Hello Bob, shall we begin?' }],
  })
  expect(await ask(422, 'POST', `/journeys/${id}/simulate`, {})).toMatchObject({ code: 'invalid_journey' })
  const bad = { replies: [{ text: 'x', when: 'soon' }] }
  expect(await ask(400, 'POST', `/journeys/${id}/simulate`, bad)).toMatchObject({
    fields: [{ field: 'replies.0.when' }],
  })
  await ask(404, 'POST', `/journeys/${id}/simulate`, { ...body, contactId: newId() })
})

test('a journey that is not published is not started, and says so', async () => {
  const id = await create('Unpublished')
  const { id: contactId } = await ask<{ id: string }>(201, 'POST', '/contacts', { waId: '491700000001' })
  expect(await ask(409, 'POST', `/journeys/${id}/runs`, { contactId })).toMatchObject({
    code: 'not_started',
    detail: 'not started: it is not published',
  })
})

test('triggers that name what is not there are refused, or warned of when it may still come', async () => {
  const draftWith = (trigger: object) => ({
    start: 'end',
    triggers: [trigger],
    cards: { end: { type: 'end-conversation', settings: {} } },
  })
  const { id } = await ask<{ id: string }>(201, 'POST', '/journeys', {
    name: 'Names things',
    numberId,
    draft: draftWith({ type: 'segment-entered', segmentId: newId() }),
  })
  const problems = async (status: number) => ask<object>(status, 'POST', `/journeys/${id}/publish`)
  expect(await problems(422)).toMatchObject({ fields: [{ field: 'triggers.0.segmentId' }] })
  await ask(200, 'PATCH', `/journeys/${id}`, {
    draft: draftWith({ type: 'attribute-changed', attribute: 'no_such_thing' }),
  })
  expect(await problems(422)).toMatchObject({ fields: [{ field: 'triggers.0.attribute' }] })
  await ask(200, 'PATCH', `/journeys/${id}`, {
    draft: draftWith({ type: 'attribute-changed', attribute: 'city' }),
  })
  expect(await problems(201)).toMatchObject({ warnings: [] })
  await ask(200, 'PATCH', `/journeys/${id}`, { draft: draftWith({ type: 'custom-event', event: 'not_yet' }) })
  expect(await problems(201)).toMatchObject({ warnings: [{ field: 'triggers.0.event' }] })
})

test('a draft is judged with the ways out of its cards, as far as they are known', async () => {
  const question = {
    type: 'interactive-message',
    settings: { body: 'Well?', buttons: [{ id: 'yes', title: 'Yes' }] },
    next: {},
  }
  const id = await create('Outlets', { start: 'ask', cards: { ask: question, later: { type: 'message' } } })
  const judged = await ask<{ valid: boolean; problems: object[]; outlets: Record<string, { id: string }[]> }>(
    200,
    'POST',
    `/journeys/${id}/validate`,
    {},
  )
  expect(judged.valid).toBe(false)
  expect(judged.problems).toMatchObject([{ card: 'later', field: 'cards.later.settings.text' }])
  expect(Object.keys(judged.outlets)).toEqual(['ask'])
  expect(judged.outlets['ask']?.map((outlet) => outlet.id)).toContain('button:yes')
  const empty = await ask<{ outlets: object }>(200, 'POST', `/journeys/${id}/validate`, {
    draft: { cards: 3 },
  })
  expect(empty.outlets).toEqual({})
})

describe('two people edit one draft:', () => {
  interface Drafted {
    revision: number
    draft: object
  }
  const show = (id: string) => ask<Drafted>(200, 'GET', `/journeys/${id}`)
  const save = (status: number, id: string, body: object) =>
    ask<Drafted & { code: string; detail: string; details: object }>(status, 'PATCH', `/journeys/${id}`, body)

  test('the second is told who was faster, and decides', async () => {
    const id = await create('Shared')
    const { revision } = await show(id)
    expect(revision).toBe(1)
    expect(await save(200, id, { draft: { start: 'a' }, revision })).toMatchObject({ revision: 2 })
    const refused = await save(409, id, { draft: { start: 'b' }, revision })
    expect(refused).toMatchObject({
      code: 'conflict',
      detail: expect.stringMatching(
        /^the draft is at revision 2, not 1: the API key "test" changed it at 20/,
      ),
      fields: [{ field: 'revision' }],
      details: { revision: 2, changedBy: 'the API key "test"', changedAt: expect.stringMatching(/^20.*Z$/) },
    })
    expect(await show(id)).toMatchObject({ draft: { start: 'a' }, revision: 2 })
    expect(await save(200, id, { draft: { start: 'b' }, revision: 2 })).toMatchObject({ revision: 3 })
    await ask(409, 'POST', `/journeys/${id}/publish`, { revision: 2 })
  })

  test('who sends none overwrites, as ever', async () => {
    const id = await create('Old client')
    await save(200, id, { draft: { start: 'a' } })
    expect(await save(200, id, { draft: { start: 'b' } })).toMatchObject({ revision: 3 })
  })

  test('the same once more, or another name, is no other draft', async () => {
    const id = await create('Repeated')
    const draft = { start: 'a', cards: {} }
    await save(200, id, { draft, revision: 1 })
    expect(await save(200, id, { draft: { cards: {}, start: 'a' }, revision: 1 })).toMatchObject({
      revision: 2,
    })
    expect(await save(200, id, { name: 'Renamed' })).toMatchObject({ revision: 2 })
    await save(409, id, { name: 'Renamed again', revision: 1 })
  })

  test('of ten at once one wins', async () => {
    const id = await create('Raced')
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        api.ask('PATCH', `/platform/v1/journeys/${id}`, { token, body: { draft: { n }, revision: 1 } }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array(9).fill(409),
    ])
    expect(await show(id)).toMatchObject({ revision: 2 })
  })
})
