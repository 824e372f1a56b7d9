import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'

let api: ApiRig
let token: string
let workspaceId: string

beforeAll(async () => {
  const routes = [...contactRoutes, ...eventRoutes, ...journeyRoutes]
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url }, routes)
  const workspace = await openWorkspace(api, 'manual')
  token = workspace.key
  workspaceId = workspace.workspaceId
})
afterAll(() => api.close())

const ask = (method: string, path: string, body?: unknown) =>
  api.ask(method, `/platform/v1${path}`, { token, ...(body !== undefined && { body }) })

test('a contact that is added starts the journeys for it once it is complete; one named in passing does not', async () => {
  const number = await createNumber(api.deps, workspaceId, {
    phoneNumberId: '778899',
    wabaId: '1',
    displayNumber: '15550002222',
    accessToken: 'token',
    appSecret: 'secret',
    verifyToken: 'verify',
    portfolioId: '',
    messagesPerSecond: 80,
  })
  const draft = {
    start: 'end',
    triggers: [
      {
        type: 'manual-add',
        condition: { kind: 'compare', path: 'contact.city', operator: 'equals', value: 'Pune' },
      },
    ],
    cards: { end: { type: 'end-conversation', settings: {} } },
  }
  const journey = await ask('POST', '/journeys', { name: 'New people', numberId: number.id, draft })
  const journeyId = String(journey.body['id'])
  expect(await ask('POST', `/journeys/${journeyId}/publish`, {})).toMatchObject({ status: 201 })

  const added = await ask('POST', '/contacts', { waId: '491755555555', city: 'Pune', tags: ['new'] })
  await ask('POST', '/contacts', { waId: '491755555555', city: 'Pune' })
  await ask('POST', '/contacts', { waId: '491755555556', city: 'Delhi' })
  await ask('POST', '/event-types', { name: 'seen_elsewhere' })
  await ask('POST', '/events', { type: 'seen_elsewhere', waId: '491755555557' })
  const runs = await ask('GET', `/runs?journeyId=${journeyId}`)
  expect(runs.body['items']).toMatchObject([{ contactId: added.body['id'] }])
})

test('a contact that nothing is known of is refused', async () => {
  expect(await ask('POST', '/contacts', {})).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'waId', message: expect.stringContaining('name the contact') as unknown }] },
  })
  expect(await ask('POST', '/contacts', { name: 'Only a name' })).toMatchObject({ status: 201 })
})
