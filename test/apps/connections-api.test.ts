import { routes as appRoutes } from '../../src/apps/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { openFakeApi, type FakeReply, type FakeRequest } from '../support/fake-api.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

interface Connection {
  id: string
  name: string
  integration: string
  shown: Record<string, unknown>
  test: { ok: boolean; words: string } | null
}

let rig: WorkspaceApi
let reply: (request: FakeRequest) => FakeReply
const open = () => openFakeApi((request) => reply(request))
let outside: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  outside = await open()
  rig = await openWorkspaceApi([...appRoutes, ...journeyRoutes, ...contactRoutes], {
    OUTBOUND_ALLOW: [`127.0.0.1:${outside.port}`],
  })
})
beforeEach(() => {
  outside.requests.length = 0
  reply = () => ({ json: { ok: true } })
})
afterAll(async () => {
  await rig.close()
  await outside.close()
})

const token = 'very-secret-token-0815'
let made = 0
const create = (auth: object = {}, name = `Shop ${(made += 1)}`) =>
  rig.ask<Connection>(201, 'POST', '/connections', {
    ...{ integration: 'http', name },
    auth: { type: 'bearer', origin: outside.url, token, ...auth },
  })

describe('connections', () => {
  test('what can be connected, with its forms', async () => {
    const { items } = await rig.ask<Page<{ id: string; auth: object; actions: { name: string }[] }>>(
      ...([200, 'GET', '/integrations'] as const),
    )
    expect(items).toContainEqual(
      expect.objectContaining({
        ...{ id: 'http', needsConnection: false, auth: expect.any(Object) as object },
        actions: [expect.objectContaining({ name: 'request' })],
      }),
    )
    expect(JSON.stringify(items.find(({ id }) => id === 'http')?.auth)).toContain('"secret":true')
  })

  test('secrets go in and never come out', async () => {
    const created = await create()
    expect(created).toMatchObject({ integration: 'http', test: null })
    expect(created.shown).toEqual({ type: 'bearer', origin: outside.url, testPath: '/' })
    const listed = await rig.ask<Page<Connection>>(200, 'GET', '/connections?search=shop')
    const got = await rig.ask<Connection>(200, 'GET', `/connections/${created.id}`)
    const rows = await rig.rows('select * from app_connections')
    const facts = await rig.rows(`select * from facts where kind like 'connection.%'`)
    expect(JSON.stringify([created, listed, got, rows, facts])).not.toContain(token)
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'connection.created' }))
  })

  test('they are listed by pages', async () => {
    await create()
    const first = await rig.ask<Page<Connection>>(200, 'GET', '/connections?limit=1&integration=http')
    expect(first.items).toHaveLength(1)
    const path = `/connections?limit=1&cursor=${first.nextCursor}`
    const { items } = await rig.ask<Page<Connection>>(200, 'GET', path)
    expect(items[0]?.id).not.toBe(first.items[0]?.id)
  })

  test('they are tried out, renamed, given new credentials and deleted', async () => {
    reply = ({ headers }) => ({ status: headers.authorization === `Bearer ${token}` ? 200 : 401 })
    const { id } = await create()
    const path = `/connections/${id}`
    const tested = await rig.ask<Connection>(200, 'POST', `${path}/test`)
    expect(tested.test).toMatchObject({ ok: true, words: `${outside.url} answered with status 200` })
    const renamed = await rig.ask<Connection>(200, 'PATCH', path, { name: 'Warehouse' })
    expect(renamed).toMatchObject({ name: 'Warehouse', test: { ok: true } })
    const auth = { type: 'bearer', origin: outside.url, token: 'another' }
    expect(await rig.ask<Connection>(200, 'PATCH', path, { auth })).toMatchObject({ test: null })
    expect((await rig.ask<Connection>(200, 'POST', `${path}/test`)).test).toMatchObject({ ok: false })
    await rig.ask(204, 'DELETE', path)
    await rig.ask(404, 'GET', path)
    const [row] = await rig.rows<{ sealed: string }>('select sealed from app_connections where id = $1', [id])
    expect(row?.sealed).toBe('')
  })

  test('wrong ones are refused by field', async () => {
    const wrong = async (status: number, body: object) => {
      const answer = await rig.ask<{ fields: { field: string }[] }>(status, 'POST', '/connections', body)
      return answer.fields.map(({ field }) => field)
    }
    const http = { integration: 'http', name: `Wrong ${(made += 1)}` }
    expect(await wrong(400, { ...http, auth: { type: 'bearer', origin: outside.url } })).toEqual([
      'auth.token',
    ])
    expect(await wrong(400, { ...http, auth: { type: 'bearer', origin: 'nowhere', token } })).toEqual([
      'auth.origin',
    ])
    expect(await wrong(422, { ...http, integration: 'constructor', auth: {} })).toEqual(['integration'])
    await create({}, 'Taken')
    const auth = { type: 'bearer', origin: outside.url, token }
    expect(await wrong(409, { integration: 'http', name: 'taken', auth })).toEqual(['name'])
  })

  test('only an admin gives and takes them; other workspaces have none of it', async () => {
    const { id } = await create()
    const auth = { type: 'bearer', origin: outside.url, token }
    await rig.ask(403, 'POST', '/connections', { integration: 'http', name: 'x', auth }, rig.ours.user.token)
    await rig.ask(403, 'DELETE', `/connections/${id}`, undefined, rig.ours.user.token)
    await rig.ask(200, 'GET', `/connections/${id}`, undefined, rig.ours.user.token)
    await rig.ask(404, 'GET', `/connections/${id}`, undefined, rig.theirs.key)
    await rig.ask(404, 'PATCH', `/connections/${id}`, { name: 'x' }, rig.theirs.key)
    const input = { method: 'GET', url: outside.url }
    const body = { connectionId: id, input }
    await rig.ask(404, 'POST', '/integrations/http/actions/request/try', body, rig.theirs.key)
    expect(outside.requests).toEqual([])
  })
})

describe('trying a call out', () => {
  const request = {
    ...{ method: 'POST', url: 'ORIGIN/orders/{{vars.id}}' },
    body: { type: 'json', json: { name: '{{contact.first_name}}', password: 'p4ss' } },
    mapping: [{ path: 'body.id', variable: 'order_id' }],
  }
  const at = (more: object = {}) => ({ ...request, url: request.url.replace('ORIGIN', outside.url), ...more })

  test('with a real contact and a connection: what was asked, what came back, and no secrets', async () => {
    reply = ({ headers }) => ({ json: { id: 7, echo: headers.authorization, token: 'x' } })
    const contact = { waId: '15550100300', firstName: 'Ann' }
    const { id: contactId } = await rig.ask<{ id: string }>(201, 'POST', '/contacts', contact)
    const { id: connection } = await create()
    const body = { request: at({ connection }), contactId, vars: { id: 'a b' } }
    const tried = await rig.ask<Record<string, unknown>>(200, 'POST', '/json-api/try', body)
    expect(tried).toMatchObject({ status: 200, variables: { order_id: 7 } })
    expect(outside.requests).toEqual([
      expect.objectContaining({ path: '/orders/a%20b', body: '{"name":"Ann","password":"p4ss"}' }),
    ])
    expect(JSON.stringify(tried)).not.toContain(token)
    expect(tried['trace']).toMatchObject({
      input: { body: { json: { name: 'Ann', password: '***' } } },
      output: { status: 200, body: { id: 7, echo: 'Bearer ***', token: '***' } },
    })
  })

  test('what cannot be called is refused, and why', async () => {
    const missing = await rig.ask(422, 'POST', '/json-api/try', { request: at() })
    expect(missing).toMatchObject({ code: 'missing_variable' })
    const blocked = { ...at({ url: 'http://169.254.169.254/' }), method: 'GET', body: { type: 'none' } }
    const refused = await rig.ask(422, 'POST', '/json-api/try', { request: blocked })
    expect(refused).toMatchObject({ code: 'blocked_address' })
    const up = { ...blocked, url: `${outside.url}/{{vars.up}}/x` }
    const climbed = await rig.ask(422, 'POST', '/json-api/try', { request: up, vars: { up: '..' } })
    expect(climbed).toMatchObject({ fields: [{ field: 'request.url' }] })
    const unknown = await rig.ask(422, 'POST', '/integrations/http/actions/toString/try', { input: {} })
    expect(unknown).toMatchObject({ code: 'unprocessable' })
    const wrong = await rig.ask(400, 'POST', '/integrations/http/actions/request/try', {
      input: { url: 'x' },
    })
    expect(wrong).toMatchObject({ code: 'invalid_input' })
  })
})

describe('journeys', () => {
  const draftOf = (settings: object, type = 'json-api') => ({
    start: 'it',
    cards: { it: { type, settings, next: {} } },
    triggers: [{ type: 'api' }],
  })
  const journey = async (draft: object) => {
    const numberId = await rig.addNumber()
    return rig.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Orders', draft })
  }

  test('a connection that a journey uses stays, and one that is not there is not published', async () => {
    const { id: connection } = await create()
    const settings = { url: `${outside.url}/x`, connection }
    const { id } = await journey(draftOf(settings))
    await rig.ask(201, 'POST', `/journeys/${id}/publish`)
    const refused = await rig.ask(409, 'DELETE', `/connections/${connection}`)
    expect(refused).toMatchObject({ detail: expect.stringContaining('"Orders"') as string })
    const { items } = await rig.ask<Page<object>>(200, 'GET', `/connections/${connection}/uses`)
    expect(items).toEqual([
      expect.objectContaining({ journeyId: id, where: 'draft', cardId: 'it' }),
      expect.objectContaining({ journeyId: id, where: 'published', cardId: 'it' }),
    ])
    const gone = draftOf({ ...settings, connection: '0190a000-0000-7000-8000-000000000001' })
    const other = await journey(gone)
    expect(await rig.ask(422, 'POST', `/journeys/${other.id}/publish`)).toMatchObject({
      fields: [{ field: 'cards.it.settings.connection', message: 'there is no such connection' }],
    })
  })

  test.each([
    ['custom-script', { code: 'let a =\nreturn' }, 'code', 'line 2'],
    ['segment', { segmentIds: ['0190a000-0000-7000-8000-000000000001'] }, 'segmentIds.0', 'no such segment'],
    ['go-to', { journey: '0190a000-0000-7000-8000-000000000001' }, 'journey', 'no such journey'],
    ['go-to', {}, 'card', 'either a card or another journey'],
    ['send-template', { template: 'nothing' }, 'template', 'no approved template'],
  ])('a %s card that could not do its work is not published', async (type, settings, field, words) => {
    const { id } = await journey(draftOf(settings, type))
    const { problems } = await rig.ask<{ problems: object[] }>(200, 'POST', `/journeys/${id}/validate`, {})
    const problem = { field: `cards.it.settings.${field}`, message: expect.stringContaining(words) as string }
    expect(problems).toContainEqual(expect.objectContaining(problem))
    const refused = await rig.ask(422, 'POST', `/journeys/${id}/publish`)
    expect(refused).toMatchObject({ fields: [problem] })
  })
})
