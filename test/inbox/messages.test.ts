import { newId } from '../../src/db/columns.ts'
import { messageBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { signedPost } from '../support/signed-post.ts'
import { openInboxHouse, type InboxHouse, type Shown } from './inbox-house.ts'

let house: InboxHouse
beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

let people = 0
const nobodyYet = () => String(491_720_000_000 + (people += 1))
async function talk() {
  const waId = nobodyYet()
  await house.text(waId, 'Hello')
  const chat = await house.chatOf(waId)
  const [hello] = await house.messagesOf(chat)
  if (!hello) throw new Error('the customer was not heard')
  return { waId, chat, hello }
}
const send = (chat: string, content: object, token?: string) =>
  house.ask(201, 'POST', `/conversations/${chat}/messages`, { content }, token)
const shown = (chat: string, id: string, like: object) =>
  eventually(async () => {
    const message = (await house.messagesOf(chat)).find((each) => each.id === id)
    expect(message).toMatchObject(like)
    return message as Shown
  })
/** What WhatsApp tells of a customer, just as it is. */
async function tell(waId: string, ...messages: object[]) {
  const full = messages.map((message) => ({
    ...{ from: waId, id: `wamid.${newId()}`, timestamp: String(Math.floor(Date.now() / 1000)) },
    ...message,
  }))
  const contacts = [{ wa_id: waId, profile: { name: 'Ann Example' } }]
  expect(await signedPost(house, messageBody(house.access, { contacts, messages: full }))).toBe(200)
}

test.each([
  ['a place', { type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Shop' } }, 'Shop'],
  [
    'a contact card',
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Bo Li', first_name: 'Bo' } }] },
    'Bo Li',
  ],
])('%s goes out as it was written, with words for lists', async (_what, content, words) => {
  const { waId, chat } = await talk()
  const { id, text } = await send(chat, content)
  expect(text).toBe(words)
  await shown(chat, id, { ledger: { state: 'accepted' } })
  expect(await house.ledger(waId)).toMatchObject([{ payload: content }])
})

test.each([
  [{ type: 'location', location: { latitude: 91, longitude: 0 } }, 'content.location.latitude'],
  [{ type: 'contacts', contacts: [{ name: { formatted_name: 'Bo' } }] }, 'content.contacts.0.name'],
  [{ type: 'contacts', contacts: [] }, 'content.contacts'],
])('what WhatsApp would refuse is refused by its field: %j', async (content, field) => {
  const { chat } = await talk()
  const answer = await house.ask<{ fields: { field: string }[] }>(
    400,
    'POST',
    `/conversations/${chat}/messages`,
    { content },
  )
  expect(answer.fields.map((each) => each.field)).toContain(field)
})

test('a reply quotes by our id or by the wamid, and both sides see what', async () => {
  const { waId, chat, hello } = await talk()
  const body = { type: 'text', text: { body: 'Hi Ann' } }
  const first = await send(chat, { ...body, context: { message_id: hello.id } })
  await send(chat, { ...body, context: { message_id: hello.wamid } })
  const payloads = await eventually(async () => {
    const messages = await house.ledger(waId)
    expect(messages).toHaveLength(2)
    return messages.map(({ payload }) => payload)
  })
  expect(payloads).toMatchObject([
    { context: { message_id: hello.wamid } },
    { context: { message_id: hello.wamid } },
  ])
  const { wamid } = await shown(chat, first.id, {
    quoted: { id: hello.id, text: 'Hello' },
    ledger: { state: 'accepted' },
  })
  await tell(waId, { type: 'text', text: { body: 'Fine' }, context: { id: wamid } })
  expect((await house.messagesOf(chat)).at(-1)).toMatchObject({
    text: 'Fine',
    quoted: { id: first.id, text: 'Hi Ann' },
  })
  const other = await talk()
  const foreign = { ...body, context: { message_id: other.hello.id } }
  await house.ask(422, 'POST', `/conversations/${chat}/messages`, { content: foreign })
})

test('reactions of both sides stand at their message, the latest counts, and none is a message of its own', async () => {
  const { waId, chat } = await talk()
  const { id } = await send(chat, { type: 'text', text: { body: 'Done' } }, house.agent.token)
  const { wamid } = await shown(chat, id, {
    ledger: { state: 'accepted' },
    sender: { kind: 'user', name: 'ines' },
  })
  const at = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds)
  const reaction = (emoji: string, seconds: number) => ({
    ...{ type: 'reaction', timestamp: at(seconds), reaction: { message_id: wamid, emoji } },
  })
  await tell(waId, reaction('🎉', -5))
  // WhatsApp tells things late and twice.
  await tell(waId, reaction('👎', -60))
  await shown(chat, id, { reactions: [{ direction: 'in', emoji: '🎉' }] })
  const answer = await house.ask(200, 'POST', `/messages/${id}/reaction`, { emoji: '❤️' }, house.agent.token)
  expect(answer.reactions).toMatchObject([
    { direction: 'in', emoji: '🎉' },
    { direction: 'out', emoji: '❤️', userId: house.agent.id },
  ])
  await eventually(async () =>
    expect(await house.ledger(waId)).toMatchObject([
      {},
      { type: 'reaction', payload: { reaction: { message_id: wamid, emoji: '❤️' } } },
    ]),
  )
  await house.ask(200, 'POST', `/messages/${id}/reaction`, { emoji: null }, house.agent.token)
  await tell(waId, reaction('', -1))
  await shown(chat, id, { reactions: [] })
  expect(await house.messagesOf(chat)).toHaveLength(2)
})

test('edits and deletions change their message, also when they come before it', async () => {
  const { waId, chat, hello } = await talk()
  const original_message_id = hello.wamid
  const edit = (id: string | null, body: string, seconds: number) => ({
    ...{ type: 'edit', timestamp: String(Math.floor(Date.now() / 1000) + seconds) },
    edit: { original_message_id: id, message: { type: 'text', text: { body } } },
  })
  await tell(waId, edit(original_message_id, 'Hello there', 2))
  await tell(waId, edit(original_message_id, 'Helo', 1))
  await shown(chat, hello.id, { text: 'Hello there', editedAt: expect.any(String), deletedAt: null })
  await tell(waId, { type: 'revoke', revoke: { original_message_id } })
  const gone = await shown(chat, hello.id, {
    deletedAt: expect.any(String),
    text: 'This message was deleted',
  })
  expect(gone.content).toEqual({ type: 'text', deleted: true })
  expect(
    await house.rows('select text from message_revisions where message_id = $1 order by id', [hello.id]),
  ).toEqual([{ text: 'Hello' }, { text: 'Hello there' }])
  const early = { edited: `wamid.${newId()}`, deleted: `wamid.${newId()}` }
  await tell(waId, edit(early.edited, 'second', 5), {
    type: 'revoke',
    revoke: { original_message_id: early.deleted },
  })
  await tell(
    waId,
    { id: early.edited, type: 'text', text: { body: 'first' } },
    { id: early.deleted, type: 'text', text: { body: 'a secret' } },
  )
  expect((await house.messagesOf(chat)).map(({ text }) => text)).toEqual([
    'This message was deleted',
    'second',
    'This message was deleted',
  ])
})

test('nobody changes what another one wrote', async () => {
  const { chat, hello } = await talk()
  const { waId } = await talk()
  await tell(waId, { type: 'revoke', revoke: { original_message_id: hello.wamid } })
  expect((await house.messagesOf(chat))[0]).toMatchObject({ text: 'Hello', deletedAt: null })
})

test('a retry calls WhatsApp again, of what failed or is unknown, and never of what was accepted', async () => {
  const { waId, chat } = await talk()
  await house.faults([{ match: { to: waId, type: 'text' }, kind: 'error', code: 131026, times: 1 }])
  const { id } = await send(chat, { type: 'text', text: { body: 'Hi' } })
  await shown(chat, id, {
    ledger: {
      ...{ state: 'failed', words: 'it cannot be delivered: most often the number is not on WhatsApp' },
      reason: expect.stringMatching(/^WhatsApp: /),
    },
  })
  expect(await house.ledger(waId)).toEqual([])
  await house.ask(200, 'POST', `/messages/${id}/retry`)
  await shown(chat, id, { ledger: { state: 'accepted', attempt: 2, words: null } })
  expect(await house.ledger(waId)).toHaveLength(1)
  await house.ask(409, 'POST', `/messages/${id}/retry`)
  await house.rows(`update messages set state = 'unknown' where id = $1`, [id])
  await shown(chat, id, { ledger: { words: 'nobody can say whether it arrived: WhatsApp gave no answer' } })
  await house.ask(200, 'POST', `/messages/${id}/retry`)
  await eventually(async () => expect(await house.ledger(waId)).toHaveLength(2))
  const inbound = await house.messagesOf(chat)
  await house.ask(409, 'POST', `/messages/${inbound[0]?.id}/retry`)
})

test('what WhatsApp told of an earlier attempt, told again, does not fail the next one', async () => {
  const { waId, chat } = await talk()
  const { id } = await send(chat, { type: 'text', text: { body: 'Hi' } })
  await shown(chat, id, { ledger: { status: 'delivered' } })
  const failed = {
    ...{ id: `wamid.${newId()}`, status: 'failed', timestamp: '1697044456', recipient_id: waId },
    ...{ biz_opaque_callback_data: id, errors: [{ code: 131026, title: 'Undeliverable' }] },
  }
  await house.rows(`update messages set state = 'inflight', wamid = null, status = null where id = $1`, [id])
  await signedPost(house, messageBody(house.access, { statuses: [failed] }))
  await shown(chat, id, { ledger: { state: 'failed' } })
  await house.rows(
    `update messages set state = 'inflight', wamid = null, status = null, failed_at = null, inflight_at = now() where id = $1`,
    [id],
  )
  await signedPost(house, messageBody(house.access, { statuses: [failed] }))
  await shown(chat, id, { ledger: { state: 'inflight' } })
})

test('open chats are told of what came, what was sent, how far it got and what changed', async () => {
  const { waId, chat, hello } = await talk()
  const { id } = await send(chat, { type: 'text', text: { body: 'Hi' } })
  await shown(chat, id, { ledger: { status: 'delivered' } })
  await tell(waId, { type: 'revoke', revoke: { original_message_id: hello.wamid } })
  const events = await house.rows<{ kind: string; data: { messageId: string; what?: string } }>(
    `select kind, data from live_events where conversation_id = $1 and kind like 'message.%' order by seq`,
    [chat],
  )
  expect(events.slice(0, 2)).toEqual([
    { kind: 'message.received', data: { messageId: hello.id } },
    { kind: 'message.sent', data: { messageId: id } },
  ])
  expect(events).toContainEqual({
    kind: 'message.changed',
    data: { messageId: id, what: 'status', status: 'delivered' },
  })
  expect(events.at(-1)).toEqual({ kind: 'message.changed', data: { messageId: hello.id, what: 'deletion' } })
})
