import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi

beforeAll(async () => {
  rig = await openWorkspaceApi([...contactRoutes, ...journeyRoutes])
})
afterAll(() => rig.close())

const ask: WorkspaceApi['ask'] = (...asked) => rig.ask(...asked)
interface Listed {
  items: { name: string; type: string; kind: string; writable: boolean }[]
  nextCursor: string | null
}

test('attributes are declared, listed behind the system ones, renamed and deleted', async () => {
  expect(
    await ask(201, 'POST', '/attributes', { name: 'plan', type: 'string', description: 'what they pay' }),
  ).toMatchObject({ name: 'plan', label: 'plan', kind: 'custom', writable: true })
  await ask(201, 'POST', '/attributes', { name: 'age', type: 'integer', label: 'Age' })
  const all: Listed['items'] = []
  let cursor = ''
  do {
    const page: Listed = await ask(200, 'GET', `/attributes?limit=7${cursor}`)
    all.push(...page.items)
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
  } while (cursor)
  expect(all.slice(0, 2)).toMatchObject([
    { name: 'name', kind: 'system', writable: true },
    { name: 'first_name' },
  ])
  expect(all.slice(-2)).toMatchObject([
    { name: 'age', type: 'integer' },
    { name: 'plan', type: 'string' },
  ])
  expect(all.find(({ name }) => name === 'last_seen_at')).toMatchObject({ type: 'datetime', writable: false })
  expect(await ask(200, 'PATCH', '/attributes/plan', { label: 'Plan' })).toMatchObject({
    label: 'Plan',
    description: 'what they pay',
  })
  expect(
    (await ask<Listed>(200, 'GET', '/attributes', undefined, rig.theirs.key)).items.every(
      ({ kind }) => kind === 'system',
    ),
  ).toBe(true)
  await ask(404, 'PATCH', '/attributes/plan', { label: 'Stolen' }, rig.theirs.key)
  await ask(404, 'DELETE', '/attributes/plan', undefined, rig.theirs.key)
  await ask(204, 'DELETE', '/attributes/age')
  await ask(404, 'DELETE', '/attributes/age')
})

test.each(['__proto__', 'constructor', 'email', 'tags', "x'; drop table contacts;--", 'two words'])(
  'no attribute may be called %s',
  async (name) => {
    expect(await ask(400, 'POST', '/attributes', { name, type: 'string' })).toMatchObject({
      fields: [{ field: 'name' }],
    })
  },
)

test('a name is taken once, whatever its case', async () => {
  await ask(201, 'POST', '/attributes', { name: 'shoe_size', type: 'float' })
  expect(await ask(409, 'POST', '/attributes', { name: 'Shoe_Size', type: 'float' })).toMatchObject({
    fields: [{ field: 'name' }],
  })
  expect(await ask(400, 'POST', '/attributes', { name: 'x', type: 'number' })).toMatchObject({
    fields: [{ field: 'type' }],
  })
})

test('values are checked by their declaration, each by its name', async () => {
  for (const type of ['integer', 'boolean', 'list', 'date', 'datetime', 'json', 'uuid', 'float', 'string']) {
    await ask(201, 'POST', '/attributes', { name: `a_${type}`, type })
  }
  const good = {
    a_integer: 7,
    a_boolean: false,
    a_list: ['x', 1, true],
    a_date: '2026-11-21',
    a_datetime: '2026-11-21T09:00:00Z',
    a_json: { deep: [null, { er: 1 }] },
    a_uuid: newId(),
    a_float: 1.5,
    a_string: 'words',
  }
  const { id } = await ask<{ id: string }>(201, 'POST', '/contacts', {
    externalId: 'typed',
    attributes: good,
  })
  expect(await ask(200, 'GET', `/contacts/${id}`)).toMatchObject({ attributes: good })
  const wrong = {
    a_integer: 1.5,
    a_boolean: 'yes',
    a_list: 'x',
    a_date: '21.11.2026',
    a_datetime: 'now',
    a_uuid: '1',
    a_float: '1',
    a_string: 1,
    unheard_of: 1,
  }
  const body = {
    externalId: 'typed-2',
    attributes: wrong,
    country: 'Atlantis',
    dateOfBirth: 'yesterday',
    language: '??',
  }
  const refused = await ask<{ fields: { field: string }[] }>(400, 'POST', '/contacts', body)
  expect(refused.fields.map(({ field }) => field).toSorted((a, b) => a.localeCompare(b))).toEqual(
    [
      ...Object.keys(wrong).map((name) => `attributes.${name}`),
      'country',
      'dateOfBirth',
      'language',
    ].toSorted((a, b) => a.localeCompare(b)),
  )
  expect(await rig.rows(`select 1 from identities where value = 'typed-2'`)).toEqual([])
  await ask(200, 'PATCH', `/contacts/${id}`, {
    attributes: { a_json: null },
    gender: 'female',
    country: 'India',
    language: 'en_IN',
  })
  const { attributes, ...rest } = await ask<{ attributes: object }>(200, 'GET', `/contacts/${id}`)
  expect(attributes).not.toHaveProperty('a_json')
  expect(rest).toMatchObject({ gender: 'female', country: 'IN', language: 'en-IN' })
})

test('a journey that sets what nobody declared is not published, unless it may declare it', async () => {
  const numberId = await rig.addNumber()
  const set = { target: 'attribute', name: 'mood', type: 'integer', value: '7' }
  const draft = {
    start: 'set',
    triggers: [],
    cards: {
      set: {
        type: 'setup-attribute',
        settings: { assignments: [set, { ...set, name: 'city', type: 'string' }] },
        next: {},
        position: { x: 0, y: 0 },
      },
    },
  }
  const { id } = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Moody', draft })
  expect(await ask(422, 'POST', `/journeys/${id}/publish`)).toMatchObject({
    code: 'invalid_journey',
    fields: [{ field: 'cards.set.settings.assignments.0.name' }],
  })
  expect(await ask(200, 'POST', `/journeys/${id}/validate`, {})).toMatchObject({
    valid: false,
    problems: [{ card: 'set' }, { field: 'triggers' }],
  })
  await ask(201, 'POST', `/journeys/${id}/publish`, { declareAttributes: true })
  const { items } = await ask<Listed>(200, 'GET', '/attributes?limit=100')
  expect(items.find(({ name }) => name === 'mood')).toMatchObject({ type: 'integer' })
  expect(await ask(409, 'DELETE', '/attributes/mood')).toMatchObject({
    detail: expect.stringContaining('the published journey "Moody"') as string,
    details: { uses: [{ kind: 'published journey', id }] },
  })
})
