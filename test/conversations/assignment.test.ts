import type { Page } from '../support/workspace-api.ts'
import { openInboxRig, type InboxRig } from './inbox-rig.ts'

let rig: InboxRig
beforeAll(async () => {
  rig = await openInboxRig()
})
afterAll(() => rig.close())

interface Chat {
  status: string
  assignee: { user: { id: string; name: string } | null; group: { id: string; name: string } | null }
}
const holderOf = async (path: string) => (await rig.ask<Chat>(200, 'GET', path)).assignee

test('a chat is given to a user and a team, with an event and a fact for each change', async () => {
  const [ann, chat] = [await rig.hire('ann'), await rig.newChat()]
  const team = await rig.team('Sales')
  const given = await rig.ask<Chat>(200, 'POST', `${chat.path}/assignment`, { userId: ann.id, groupId: team })
  expect(given.assignee).toEqual({
    ...{ user: { id: ann.id, name: ann.username, isBot: false }, group: { id: team, name: 'Sales' } },
  })
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { userId: ann.id })
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { userId: null })
  const { items } = await rig.ask<Page<object>>(200, 'GET', `${chat.path}/assignments`)
  expect(items).toEqual([
    expect.objectContaining({ userSet: null, userCleared: true, groupSet: null, groupCleared: false }),
    expect.objectContaining({
      userSet: { id: ann.id, name: ann.username },
      groupSet: { id: team, name: 'Sales' },
    }),
  ])
  expect(await rig.announced(chat.id, 'conversation.assigned')).toHaveLength(2)
  expect(await rig.facts(chat.contactId, 'chat.assigned')).toEqual([
    expect.objectContaining({ to: `${ann.username}, the team "Sales"` }),
    expect.objectContaining({ to: 'the team "Sales"', by: `key ${rig.ours.keyId}` }),
  ])
})

test('chats of somebody who leaves are their teams’ or nobody’s, the closed ones too', async () => {
  const [ann, team] = [await rig.hire('ann'), await rig.team('Care')]
  const [open, mine, over] = [await rig.newChat(), await rig.newChat(), await rig.newChat()]
  await rig.ask(200, 'POST', `${open.path}/assignment`, { userId: ann.id, groupId: team })
  for (const chat of [mine, over]) await rig.ask(200, 'POST', `${chat.path}/claim`, undefined, ann.token)
  await rig.ask(200, 'PATCH', over.path, { status: 'closed' })
  await rig.ask(200, 'DELETE', `/users/${ann.id}`)
  expect(await holderOf(open.path)).toMatchObject({ user: null, group: { id: team } })
  for (const { path } of [mine, over]) expect(await holderOf(path)).toEqual({ user: null, group: null })
  for (const { path } of [open, mine, over]) {
    const { items } = await rig.ask<Page<object>>(200, 'GET', `${path}/assignments`)
    const reason = { why: 'who had it works here no more' }
    expect(items[0]).toMatchObject({ userSet: null, userCleared: true, groupCleared: false, reason })
  }
})

test('who writes into no chat takes none', async () => {
  const [ann, chat] = [await rig.hire('ann'), await rig.newChat()]
  await rig.rows(`update users set can_write_to_chats = 'none' where id = $1`, [ann.id])
  await rig.ask(403, 'POST', `${chat.path}/claim`, undefined, ann.token)
  expect((await holderOf(chat.path)).user).toBeNull()
})

test('who gets a chat is told, each member of a team is told, and who does it is not', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  const team = await rig.team('Support', [ann.id, ben.id])
  const told = async (userId: string) =>
    (await rig.rows('select 1 from notifications where user_id = $1', [userId])).length
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { groupId: team }, ann.token)
  expect([await told(ann.id), await told(ben.id)]).toEqual([0, 1])
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { userId: ann.id }, ben.token)
  expect([await told(ann.id), await told(ben.id)]).toEqual([1, 1])
})

test('of many who claim a chat at once one gets it, and the others are told who', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, (_, at) => rig.hire(`racer${at}`)))
  const chat = await rig.newChat()
  const answers = await Promise.all(
    people.map(({ token }) => rig.api.ask('POST', `/platform/v1${chat.path}/claim`, { token })),
  )
  const winners = people.filter((_, at) => answers[at]?.status === 200)
  expect(winners).toHaveLength(1)
  const [winner] = winners
  expect((await holderOf(chat.path)).user?.id).toBe(winner?.id)
  const lost = answers.filter(({ status }) => status === 409)
  expect(lost).toHaveLength(5)
  for (const { text } of lost) expect(text).toContain(`${winner?.username} has this chat already`)
  const { items } = await rig.ask<Page<object>>(200, 'GET', `${chat.path}/assignments`)
  expect(items).toHaveLength(1)
  await rig.ask(200, 'POST', `${chat.path}/claim`, undefined, winner?.token)
  await rig.ask(403, 'POST', `${chat.path}/claim`)
})

test('a chat that somebody has is taken away by them or an admin only', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  const give = (status: number, to: object, token: string) =>
    rig.ask(status, 'POST', `${chat.path}/assignment`, to, token)
  await give(200, { userId: ben.id }, ann.token)
  await give(403, { userId: ann.id }, ann.token)
  await give(403, { userId: null }, ann.token)
  await give(200, { userId: ann.id }, ben.token)
  await give(200, { userId: null }, ann.token)
  await give(200, { userId: ann.id }, rig.ours.admin.token)
  await give(200, { userId: ben.id }, rig.ours.admin.token)
  expect((await holderOf(chat.path)).user?.id).toBe(ben.id)
})

test('to nobody who is not there, and not to those of others', async () => {
  const chat = await rig.newChat()
  await rig.ask(400, 'POST', `${chat.path}/assignment`, {})
  await rig.ask(422, 'POST', `${chat.path}/assignment`, { userId: rig.theirs.user.id })
  await rig.ask(422, 'POST', `${chat.path}/assignment`, { groupId: rig.theirs.user.id })
  await rig.ask(404, 'POST', `${chat.path}/assignment`, { userId: null }, rig.theirs.key)
  await rig.ask(404, 'POST', `${chat.path}/claim`, undefined, rig.theirs.admin.token)
})

test('a bot that has a chat holds it against journeys until people get it', async () => {
  const [bot, ann, chat] = [await rig.hire('bot', 'app'), await rig.hire('ann'), await rig.newChat()]
  const held = async () =>
    (await rig.rows('select 1 from takeovers where conversation_id = $1 and ended_at is null', [chat.id]))
      .length
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { userId: bot.id })
  expect(await held()).toBe(1)
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { userId: ann.id })
  expect(await held()).toBe(0)
})

test('one reads and writes what one may', async () => {
  const [ann, chat] = [await rig.hire('ann'), await rig.newChat()]
  const team = await rig.team('Access', [ann.id])
  const message = { content: { type: 'text', text: { body: 'hi' } } }
  const settings = [rig.workspaceId, JSON.stringify({ assignOnAnswer: false })]
  await rig.rows(
    `insert into inbox_settings (workspace_id, settings, by) values ($1, $2, 'a test')`,
    settings,
  )
  const refused = await rig.api.ask('POST', `/platform/v1${chat.path}/messages`, {
    token: ann.token,
    body: message,
  })
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('nobody has it')
  await rig.ask(200, 'POST', `${chat.path}/claim`, undefined, ann.token)
  await rig.ask(201, 'POST', `${chat.path}/messages`, message, ann.token)
  await rig.rows(`update users set can_read_chats = 'user' where id = $1`, [ann.id])
  await rig.ask(200, 'GET', chat.path, undefined, ann.token)
  await rig.ask(200, 'POST', `${chat.path}/assignment`, { userId: null, groupId: team })
  await rig.ask(404, 'GET', chat.path, undefined, ann.token)
  await rig.ask(404, 'GET', `${chat.path}/messages`, undefined, ann.token)
  await rig.rows(`update users set can_read_chats = 'group', can_write_to_chats = 'group' where id = $1`, [
    ann.id,
  ])
  await rig.ask(200, 'GET', chat.path, undefined, ann.token)
  await rig.ask(201, 'POST', `${chat.path}/messages`, message, ann.token)
  const seen = await rig.ask<Page<{ id: string }>>(200, 'GET', '/conversations', undefined, ann.token)
  expect(seen.items.map(({ id }) => id)).toEqual([chat.id])
  await rig.rows(`update users set can_read_chats = 'none' where id = $1`, [ann.id])
  await rig.ask(404, 'GET', chat.path, undefined, ann.token)
})
