import { readUserToken } from '../../src/people/user-token.ts'
import { createUser } from '../../src/people/users.ts'
import { eventually } from '../support/eventually.ts'
import { openDialects, type DialectHouse } from './dialect-house.ts'

let line: DialectHouse
const tokens: Record<string, string> = {}
beforeAll(async () => {
  line = await openDialects()
  const { workspaceId, house } = line
  for (const role of ['admin', 'user', 'app'] as const) {
    const order = { workspaceId, username: `wabbit${role}`, password: 'rabbit-hole-7', role }
    const { id: userId } = await createUser(house.deps, order)
    tokens[role] = await readUserToken(house.deps, { workspaceId, userId })
  }
})
afterAll(() => line.close())

const waId = '48123123123'
const post = (role: string, body: object) =>
  line.ask('POST', '/api/v1/messages/', { headers: { authorization: `Token ${tokens[role]}` }, body })

test('a message is written where one may, in the words of WhatsApp, and is answered with its id', async () => {
  await line.house.text(waId, 'Hi')
  await eventually(async () => {
    const headers = { authorization: `Token ${tokens['admin']}` }
    expect((await line.ask('GET', `/api/v1/chats/${waId}/`, { headers })).status).toBe(200)
  })
  const refused = await post('user', { wa_id: waId, text: { body: 'May I?' } })
  expect([refused.status, refused.body]).toEqual([403, { detail: expect.stringContaining('nobody has it') }])
  expect((await post('app', { wa_id: waId, type: 'text', text: { body: 'Beep' } })).status).toBe(403)
  const sent = await post('admin', { wa_id: waId, text: { body: 'Hello {{name}}!' } })
  expect(sent.status).toBe(201)
  const { messages } = sent.body['waba_response'] as { messages: { id: string }[] }
  const headers = { authorization: `Token ${tokens['admin']}` }
  const { body } = await line.ask('GET', `/api/v1/messages/?wa_id=${waId}&limit=1`, { headers })
  expect(body['results']).toMatchObject([
    {
      id: messages[0]?.id,
      ...{ from_us: true, received: true, sender: { username: 'wabbitadmin' }, customer_wa_id: waId },
      waba_payload: {
        to: waId,
        type: 'text',
        text: { body: 'Hello {{name}}!' },
        recipient_type: 'individual',
      },
    },
  ])
  const place = { latitude: 52.2, longitude: 21, name: 'Warsaw' }
  expect((await post('admin', { wa_id: waId, type: 'location', location: place })).status).toBe(201)
})
