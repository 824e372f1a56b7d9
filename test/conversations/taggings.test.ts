import type { Page } from '../support/workspace-api.ts'
import { openInboxRig, type InboxRig } from './inbox-rig.ts'

let rig: InboxRig
beforeAll(async () => {
  rig = await openInboxRig()
})
afterAll(() => rig.close())

interface Tag {
  id: string
  name: string
  number: number
  color: string | null
}
interface Tagging {
  id: string
  number: number
  tag: Tag
  extra: object | null
  messageId: string | null
}
let made = 0
const newTag = (color: string | null = null) =>
  rig.ask<Tag>(201, 'POST', '/chat-tags', { name: `tag ${(made += 1)}`, color })
const taggingsOf = (path: string) =>
  rig.ask<Page<Tagging> & { chat: Tagging[] }>(200, 'GET', `${path}/taggings`)
const eventsOf = (conversationId: string) =>
  rig.rows('select kind, action from tagging_events where conversation_id = $1 order by id', [conversationId])

test('tagging a message tags its chat; a pair is there once', async () => {
  const [chat, tag] = [await rig.newChat(), await newTag('#f00')]
  const path = `/messages/${chat.messageId}/taggings`
  const tagging = await rig.ask<Tagging>(201, 'POST', path, { tagId: tag.id, extra: { score: 3 } })
  expect(tagging).toMatchObject({ messageId: chat.messageId, extra: { score: 3 }, tag: { name: tag.name } })
  await rig.ask(409, 'POST', path, { tagId: tag.id })
  await rig.ask(409, 'POST', `${chat.path}/taggings`, { tagId: tag.id })
  const all = await taggingsOf(chat.path)
  expect(all.items).toMatchObject([{ messageId: chat.messageId, number: tagging.number }])
  expect(all.chat).toMatchObject([{ messageId: null, tag: { color: '#f00' }, extra: { score: 3 } }])
  expect(await eventsOf(chat.id)).toEqual([
    { kind: 'message', action: 'added' },
    { kind: 'chat', action: 'added' },
  ])
  expect(await rig.announced(chat.id, 'message.tagged')).toHaveLength(1)
  expect(await rig.announced(chat.id, 'conversation.tagged')).toHaveLength(1)
  await rig.ask(204, 'DELETE', `${path}/${tagging.id}`)
  await rig.ask(404, 'DELETE', `${path}/${tagging.id}`)
  const left = await taggingsOf(chat.path)
  expect([left.items, left.chat.length]).toEqual([[], 1])
  expect(await rig.facts(chat.contactId, 'message.tagged')).toMatchObject([
    { tag: tag.name, action: 'added' },
    { tag: tag.name, action: 'removed' },
  ])
})

test('a label is a tag, which keeps its chats under another name and takes itself from them', async () => {
  const chat = await rig.newChat()
  const name = `long ${'x'.repeat(990)}`
  await rig.ask(200, 'POST', `${chat.path}/labels`, { add: [name] })
  await rig.ask(400, 'POST', `${chat.path}/labels`, { add: ['€'.repeat(1_000)] })
  const { items } = await rig.ask<Page<Tag>>(200, 'GET', '/chat-tags?search=long')
  expect(items).toMatchObject([{ name }])
  const [tag] = items as [Tag]
  const other = await newTag()
  await rig.ask(409, 'PATCH', `/chat-tags/${tag.id}`, { name: other.name })
  await rig.ask(409, 'POST', '/chat-tags', { name })
  await rig.ask(200, 'PATCH', `/chat-tags/${tag.id}`, { name: 'short', color: 'blue' })
  const shown = await rig.ask<{ labels: object[] }>(200, 'GET', chat.path)
  expect(shown.labels).toEqual([{ name: 'short', color: 'blue', extra: null }])
  await rig.ask(204, 'DELETE', `/chat-tags/${tag.id}`)
  expect(await rig.ask<object>(200, 'GET', `${chat.path}/labels`)).toEqual({ labels: [] })
  await rig.ask(404, 'PATCH', `/chat-tags/${tag.id}`, { color: null })
  const facts = await rig.rows<{ kind: string }>(
    `select kind from facts where data ->> 'tag' = $1 and kind like 'tag.%' order by at, id`,
    [tag.id],
  )
  expect(facts.map(({ kind }) => kind)).toEqual(['tag.changed', 'tag.deleted'])
})

test('many tag the same message at once: one does', async () => {
  const [chat, tag] = [await rig.newChat(), await newTag()]
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      rig.api.ask('POST', `/platform/v1/messages/${chat.messageId}/taggings`, {
        ...{ token: rig.ours.key, body: { tagId: tag.id } },
      }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(4)
})

test('who may not use tags does not, nor do others', async () => {
  const [ann, chat, tag] = [await rig.hire('ann'), await rig.newChat(), await newTag()]
  await rig.rows('update users set can_use_tags = false where id = $1', [ann.id])
  const path = `/messages/${chat.messageId}/taggings`
  await rig.ask(403, 'POST', path, { tagId: tag.id }, ann.token)
  await rig.ask(403, 'POST', `${chat.path}/labels`, { add: ['x'] }, ann.token)
  await rig.ask(403, 'POST', '/chat-tags', { name: 'x' }, ann.token)
  await rig.ask(404, 'POST', path, { tagId: tag.id }, rig.theirs.key)
  await rig.ask(404, 'DELETE', `/chat-tags/${tag.id}`, undefined, rig.theirs.key)
  await rig.ask(404, 'POST', path, { tagId: rig.theirs.user.id })
})
