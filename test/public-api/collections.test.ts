import { dialects, platformRoutes } from '../../src/server.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { createAsk, openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'

let api: ApiRig
beforeAll(async () => {
  const others = platformRoutes.filter((route) => !settingsRoutes.includes(route))
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url }, others, dialects)
})
afterAll(() => api.close())

interface Collection {
  auth: { apikey: object[] }
  item: { item: { name: string }[] }[]
}

test.each([
  ['engati', 'Basic {{apiKey}}', ['Users API', 'Broadcast wrapper API', 'WhatsApp template']],
  ['chatinc', '{{apiKey}}', ['Create Campaign', 'Retrieve All Campaigns (POST)', 'Create Audience']],
])('the Postman collection of %s has its calls and its header', async (name, value, wanted) => {
  const platform = createAsk<Collection>(api, (await openWorkspace(api, name)).key)
  const collection = await platform(200, 'POST', '/postman-collection', { api: name, key: 'a-key' })
  expect(collection.auth.apikey).toContainEqual(expect.objectContaining({ key: 'value', value }))
  const names = collection.item.flatMap(({ item }) => item.map((each) => each.name))
  expect(names).toEqual(expect.arrayContaining(wanted))
  const document = await api.ask('GET', `/openapi/${name}.json`)
  expect(document.body).toMatchObject({ openapi: '3.1.0' })
})
