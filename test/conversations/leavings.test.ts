import type { Page } from '../support/workspace-api.ts'
import { openInboxRig, type InboxRig } from './inbox-rig.ts'

let rig: InboxRig
beforeAll(async () => {
  rig = await openInboxRig()
})
afterAll(() => rig.close())

interface Note {
  id: string
  body: string
  mentions: { id: string }[]
  byUser: { name: string } | null
}
interface Notice {
  id: string
  kind: string
  conversationId: string
}
const told = async (token: string, query = '') =>
  (await rig.ask<Page<Notice>>(200, 'GET', `/notifications?${query}`, undefined, token)).items

test('a note names people, who are told once', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  const blind = await rig.hire('blind')
  await rig.rows(`update users set can_read_chats = 'user' where id = $1`, [blind.id])
  const body = `@${ben.username}, look; so should @${blind.username}. And mail@${ann.username}`
  const note = await rig.ask<Note>(201, 'POST', `${chat.path}/notes`, { body }, ann.token)
  expect(note).toMatchObject({ body, byUser: { name: ann.username }, mentions: [{ id: ben.id }] })
  expect(await told(ben.token)).toMatchObject([{ kind: 'mentioned', conversationId: chat.id }])
  expect([await told(ann.token), await told(blind.token)]).toEqual([[], []])
  const mentioned = await rig.ask<Page<{ id: string }>>(
    ...([200, 'GET', '/conversations?view=mentions', undefined, ben.token] as const),
  )
  expect(mentioned.items.map(({ id }) => id)).toEqual([chat.id])
  const path = `${chat.path}/notes/${note.id}`
  await rig.ask(403, 'PATCH', path, { body: 'mine now' }, ben.token)
  await rig.ask(200, 'PATCH', path, { body: `still @${ben.username.toUpperCase()}` }, ann.token)
  expect(await told(ben.token)).toHaveLength(1)
  await rig.ask(200, 'PATCH', path, { body: 'by an admin' }, rig.ours.admin.token)
  await rig.ask(204, 'DELETE', path, undefined, ann.token)
  expect((await rig.ask<Page<Note>>(200, 'GET', `${chat.path}/notes`)).items).toEqual([])
  await rig.ask(404, 'DELETE', path, undefined, ann.token)
  expect(await rig.facts(chat.contactId, 'note.written')).toHaveLength(1)
  expect(await rig.announced(chat.id, 'note.changed')).toHaveLength(4)
  await rig.ask(404, 'POST', `${chat.path}/notes`, { body: 'x' }, blind.token)
  await rig.ask(404, 'POST', `${chat.path}/notes`, { body: 'x' }, rig.theirs.key)
})

test('notifications are seen one by one or all', async () => {
  const [ann, chat] = [await rig.hire('ann'), await rig.newChat()]
  for (const body of ['one', 'two', 'three'])
    await rig.ask(201, 'POST', `${chat.path}/notes`, { body: `${body} @${ann.username}` })
  const [latest] = await told(ann.token)
  const read = (body?: object) => rig.ask<object>(200, 'POST', '/notifications/read', body, ann.token)
  expect(await read({ ids: [latest?.id] })).toEqual({ read: 1 })
  expect(await told(ann.token, 'unread=true')).toHaveLength(2)
  expect(await read()).toEqual({ read: 2 })
  expect(await told(ann.token, 'unread=true')).toEqual([])
  await rig.ask(403, 'GET', '/notifications')
})

test('a draft is of one user and one chat, and goes with the answer', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  const path = `${chat.path}/draft`
  const draftOf = async (token: string) =>
    (await rig.ask<{ draft: { content: object } | null }>(200, 'GET', path, undefined, token)).draft
  await rig.ask(204, 'PUT', path, { content: { text: 'Dear' } }, ann.token)
  await rig.ask(204, 'PUT', path, { content: { text: 'Dear Sir' } }, ann.token)
  expect((await draftOf(ann.token))?.content).toEqual({ text: 'Dear Sir' })
  expect(await draftOf(ben.token)).toBeNull()
  const message = { content: { type: 'text', text: { body: 'Dear Sir, yes' } } }
  await rig.ask(201, 'POST', `${chat.path}/messages`, message, ann.token)
  expect(await draftOf(ann.token)).toBeNull()
  await rig.ask(204, 'PUT', path, { content: { text: 'x' } }, ben.token)
  await rig.ask(204, 'DELETE', path, undefined, ben.token)
  expect(await draftOf(ben.token)).toBeNull()
  await rig.ask(400, 'PUT', path, { content: { text: 'x'.repeat(200_000) } }, ben.token)
})

test('who answers what nobody has gets it; what somebody has is theirs', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  const message = { content: { type: 'text', text: { body: 'hi' } } }
  const path = `${chat.path}/messages`
  const holder = async () =>
    (await rig.ask<{ assignee: { user: { id: string } | null } }>(200, 'GET', chat.path)).assignee.user
  await rig.ask(400, 'POST', path, { content: { type: 'text', text: {} } }, ann.token)
  await rig.ask(422, 'POST', path, { content: { type: 'text', text: { body: '{{vars.none}}' } } }, ann.token)
  expect(await holder()).toBeNull()
  await rig.ask(201, 'POST', path, message, ann.token)
  expect((await holder())?.id).toBe(ann.id)
  const refused = await rig.api.ask('POST', `/platform/v1${path}`, { token: ben.token, body: message })
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining(`${ann.username} has it`)])
  await rig.ask(201, 'POST', path, message, rig.ours.admin.token)
  expect((await holder())?.id).toBe(ann.id)
})

test('who looks at a chat or types in it is seen by the others', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  const path = `${chat.path}/viewers`
  const look = (token: string, body: object = {}) => rig.ask<object>(200, 'POST', path, body, token)
  expect(await look(ann.token)).toEqual({ viewers: [] })
  expect(await look(ben.token, { typing: true })).toMatchObject({ viewers: [{ id: ann.id, typing: false }] })
  expect(await rig.ask<object>(200, 'GET', path, undefined, ann.token)).toMatchObject({
    ...{ viewers: [{ id: ben.id, name: ben.username, typing: true }] },
  })
  await rig.ask(204, 'DELETE', path, undefined, ben.token)
  expect(await look(ann.token)).toEqual({ viewers: [] })
  await rig.rows(`update conversation_viewers set seen_at = now() - interval '1 minute' where user_id = $1`, [
    ann.id,
  ])
  expect(await look(ben.token)).toEqual({ viewers: [] })
})

test('saved responses are filled in, and a shortcut is of one', async () => {
  const chat = await rig.newChat()
  await rig.ask(200, 'PATCH', `/contacts/${chat.contactId}`, { firstName: 'Zoë' })
  const body = { text: 'Hello {{contact.first_name}}, {{contact.city}}', shortcut: 'hi' }
  const saved = await rig.ask<{ id: string; number: number }>(201, 'POST', '/saved-responses', body)
  await rig.ask(409, 'POST', '/saved-responses', body)
  const path = `/saved-responses/${saved.id}`
  expect(await rig.ask<object>(200, 'POST', `${path}/fill`, { conversationId: chat.id })).toEqual({
    ...{ text: 'Hello Zoë, ', missing: ['contact.city'] },
  })
  await rig.ask(201, 'POST', '/saved-responses', { text: 'other', shortcut: 'other' })
  await rig.ask(409, 'PATCH', path, { shortcut: 'other' })
  await rig.ask(200, 'PATCH', path, { shortcut: null })
  await rig.ask(400, 'PATCH', path, { shortcut: 'two words' })
  const { items } = await rig.ask<Page<object>>(200, 'GET', '/saved-responses?search=hello')
  expect(items).toMatchObject([{ id: saved.id, number: saved.number, shortcut: null }])
  await rig.ask(404, 'DELETE', path, undefined, rig.theirs.key)
  await rig.ask(204, 'DELETE', path)
  await rig.ask(404, 'PATCH', path, { text: 'gone' })
})

test('a chat is opened to write first, and there is one', async () => {
  const ann = await rig.hire('ann')
  const { numberId } = rig
  const open = (status: number, body: object, token?: string) =>
    rig.ask<{ id: string; contactId: string; assignee: object }>(
      status,
      'POST',
      '/conversations',
      body,
      token,
    )
  const made = await open(200, { numberId, phone: '+1 555 050 0001' }, ann.token)
  expect(made.assignee).toMatchObject({ user: { id: ann.id } })
  expect((await open(200, { numberId, contactId: made.contactId }, ann.token)).id).toBe(made.id)
  const ben = await rig.hire('ben')
  await open(403, { numberId, contactId: made.contactId }, ben.token)
  await open(422, { numberId: made.id, contactId: made.contactId })
  await open(400, { numberId })
  await open(400, { numberId, phone: 'no number' })
  await open(422, { numberId, contactId: made.contactId }, rig.theirs.key)
  const shown = await rig.ask<Page<{ id: string }>>(
    200,
    'GET',
    '/conversations?view=mine',
    undefined,
    ann.token,
  )
  expect(shown.items).toEqual([])
  const all = await rig.ask<Page<{ id: string }>>(
    200,
    'GET',
    '/conversations?assignee=me',
    undefined,
    ann.token,
  )
  expect(all.items.map(({ id }) => id)).toEqual([made.id])
})
