import { routes as inboxSettings } from '../../src/lifecycle/routes.ts'
import { routes as peopleRoutes } from '../../src/people/routes.ts'
import { routes } from '../../src/rules/routes.ts'
import { assignmentDesk } from './assignment-desk.ts'
import { openRules, type RulesRig } from './rules-rig.ts'

let rig: RulesRig
beforeAll(async () => {
  rig = await openRules([...routes, ...inboxSettings, ...peopleRoutes])
})
afterAll(() => rig.close())
const { add, write, drain, clear } = assignmentDesk(() => rig)
beforeEach(clear)

test('who says that they are away gets nothing, and is there again when they say so', async () => {
  const { token, id } = rig.ours.user
  await add('me', { to: { kind: 'agent', userId: id } })
  const set = (presence: string) => rig.ask(200, 'PUT', '/users/me/presence', { presence }, token)
  expect(await set('away')).toMatchObject({ presence: 'away', state: 'away' })
  const chat = await write()
  expect(await rig.holder(chat.conversationId)).toMatchObject({ queued: true })
  await rig.rows('delete from outbox')
  expect(await set('online')).toMatchObject({ presence: 'online', state: 'free', capacity: null })
  await drain()
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: id })
  await rig.ask(403, 'GET', '/users/me/presence')
  await rig.ask(400, 'PUT', '/users/me/presence', { presence: 'asleep' }, token)
})

test('a team that a rule names stays; without it nobody waits for it', async () => {
  const team = await rig.group([])
  const rule = await add('Care', { to: { kind: 'team', groupId: team.id, method: 'round-robin' } })
  const chat = await write()
  expect(await rig.holder(chat.conversationId)).toMatchObject({ group: team.id, queued: true })
  await rig.ask(409, 'DELETE', `/groups/${team.id}`)
  await rig.ask(204, 'DELETE', `/assignment-rules/${rule.id}`)
  await rig.ask(204, 'DELETE', `/groups/${team.id}`)
  expect(await rig.holder(chat.conversationId)).toEqual({ user: null, group: null, queued: false })
})

test('a rule that names a program which is gone is passed over', async () => {
  const bot = await rig.agent({ role: 'app' })
  const agent = await rig.agent()
  await add('Bot', { to: { kind: 'bot', userId: bot.id } })
  await add('Agent', { to: { kind: 'agent', userId: agent.id } })
  await rig.ask(200, 'DELETE', `/users/${bot.id}`)
  const chat = await write()
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: agent.id })
})
