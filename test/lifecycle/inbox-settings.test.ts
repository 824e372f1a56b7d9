import { newId } from '../../src/db/columns.ts'
import { routes } from '../../src/lifecycle/routes.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let workspace: Awaited<ReturnType<typeof openWorkspace>>

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl }, routes)
  workspace = await openWorkspace(api, 'ours')
})
afterAll(() => api.close())

const ask = (method: string, body?: object, token = workspace.key) =>
  api.ask(method, '/platform/v1/inbox-settings', { token, ...(body && { body }) })
const office = { timeZone: 'Europe/Berlin', windows: [{ day: 'monday', from: '09:00', to: '17:00' }] }

test('everything is off until an admin says otherwise, and what is left out goes back to that', async () => {
  const { body } = await ask('GET')
  expect(body).toMatchObject({ updatedAt: null, by: null })
  expect(body.settings).toMatchObject({
    businessHours: null,
    assignOnAnswer: true,
    welcome: null,
    closure: null,
  })
  const welcome = { message: { text: 'Hello {{contact.first_name}}' } }
  const saved = await ask('PUT', {
    businessHours: office,
    welcome,
    unavailable: { message: { text: 'Later' } },
  })
  expect(saved.status).toBe(200)
  expect(saved.body.settings).toMatchObject({
    businessHours: { ...office, holidays: [] },
    welcome: { when: 'new-episode', ...welcome },
    unavailable: { when: 'either', everyHours: 12 },
  })
  expect((await ask('GET')).body).toEqual(saved.body)
  expect((await ask('PUT', {})).body).toMatchObject({ settings: { welcome: null } })
  const { rows } = await runSql(
    databaseUrl,
    `select data from facts where kind = 'inbox.settings.saved' order by at`,
    [],
  )
  expect(rows.map(({ data }) => data.changed)).toEqual([
    ['businessHours', 'welcome', 'unavailable'],
    ['businessHours', 'welcome', 'unavailable'],
  ])
})

test('a regular user reads them, and does not set them', async () => {
  expect((await ask('GET', undefined, workspace.user.token)).status).toBe(200)
  expect((await ask('PUT', {}, workspace.user.token)).status).toBe(403)
})

test.each([
  [{ closing: null }, 'closing'],
  [{ welcome: { message: { text: '' } } }, 'welcome.message'],
  [{ welcome: { message: { text: 'a', blockId: newId() } } }, 'welcome.message'],
  [{ deadlines: { firstResponseMinutes: 0 } }, 'deadlines.firstResponseMinutes'],
  [{ businessHours: { ...office, timeZone: 'Nowhere' } }, 'businessHours.timeZone'],
  [{ unavailable: { when: 'outside-hours', message: { text: 'x' } } }, 'businessHours'],
  [{ unattended: { afterMinutes: 5, to: { kind: 'group', groupId: newId() } } }, 'unattended.to.groupId'],
  [{ nudge: { message: { blockId: newId() } } }, 'nudge.message.blockId'],
  [
    {
      closure: {
        afterMinutes: 5,
        message: { content: { type: 'image', image: { library: newId() } } },
      },
    },
    'closure.message',
  ],
])('what cannot be meant is refused by its field: %j', async (wrong, field) => {
  const { status, body } = await ask('PUT', wrong)
  expect([400, 422]).toContain(status)
  expect(JSON.stringify(body)).toContain(field)
})
