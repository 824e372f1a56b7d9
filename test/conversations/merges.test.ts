import type { Page } from '../support/workspace-api.ts'
import { openInboxRig, type InboxRig } from './inbox-rig.ts'

let rig: InboxRig
beforeAll(async () => {
  rig = await openInboxRig()
})
afterAll(() => rig.close())

interface Chat {
  id: string
  status: string
  priority: number
  spam: boolean
  assignee: { user: { id: string } | null }
  labels: { name: string }[]
}
type Talk = Awaited<ReturnType<InboxRig['newChat']>>
const show = (path: string) => rig.ask<Chat>(200, 'GET', path)
const merge = async (one: Talk, other: Talk) =>
  (
    await rig.ask<{ mergeId: string }>(200, 'POST', `/contacts/${one.contactId}/merge`, {
      otherId: other.contactId,
    })
  ).mergeId
const notesIn = async (path: string) =>
  (await rig.ask<Page<{ body: string }>>(200, 'GET', `${path}/notes`)).items.map(({ body }) => body)
const unreadOf = async (path: string, token: string) =>
  (await rig.ask<{ unread: number }>(200, 'GET', path, undefined, token)).unread

test('what hangs on two conversations hangs on the one that is left, and goes back', async () => {
  const [ann, one, other] = [await rig.hire('ann'), await rig.newChat(), await rig.newChat()]
  await rig.ask(200, 'POST', `${other.path}/claim`, undefined, ann.token)
  await rig.ask(200, 'PATCH', other.path, { priority: 3 })
  await rig.ask(201, 'POST', `${other.path}/notes`, { body: 'of the other' })
  await rig.ask(204, 'PUT', `${other.path}/draft`, { content: { text: 'Dear' } }, ann.token)
  await rig.ask(204, 'POST', `${one.path}/read`, undefined, ann.token)
  await rig.ask(200, 'PATCH', one.path, { status: 'closed' })
  const mergeId = await merge(one, other)
  const joined = await show(one.path)
  expect(joined).toMatchObject({ status: 'open', priority: 3, assignee: { user: { id: ann.id } } })
  expect((await show(other.path)).id).toBe(one.id)
  expect(await notesIn(one.path)).toEqual(['of the other'])
  const draft = await rig.ask<object>(200, 'GET', `${one.path}/draft`, undefined, ann.token)
  expect(draft).toMatchObject({ draft: { content: { text: 'Dear' } } })
  const { items } = await rig.ask<Page<object>>(200, 'GET', `${one.path}/assignments`)
  expect(items).toHaveLength(1)
  const mine = await rig.ask<Page<Chat>>(200, 'GET', '/conversations?view=mine', undefined, ann.token)
  expect(mine.items.map(({ id }) => id)).toEqual([one.id])
  await rig.ask(200, 'POST', `/merges/${mergeId}/undo`)
  expect(await show(one.path)).toMatchObject({ status: 'closed', priority: 0, assignee: { user: null } })
  expect(await show(other.path)).toMatchObject({ id: other.id, status: 'open', priority: 3 })
  expect((await show(other.path)).assignee.user?.id).toBe(ann.id)
  expect([await notesIn(one.path), await notesIn(other.path)]).toEqual([[], ['of the other']])
  const back = await rig.ask<object>(200, 'GET', `${other.path}/draft`, undefined, ann.token)
  expect(back).toMatchObject({ draft: { content: { text: 'Dear' } } })
})

test('what was not received of one of them is not received; both being live, one episode is', async () => {
  const [ann, one, other] = [await rig.hire('ann'), await rig.newChat(), await rig.newChat()]
  for (const { path } of [one, other]) await rig.ask(204, 'POST', `${path}/read`, undefined, ann.token)
  await rig.hear(other.waId, 'unseen')
  await rig.hear(one.waId, 'seen')
  await rig.ask(204, 'POST', `${one.path}/read`, undefined, ann.token)
  const mergeId = await merge(one, other)
  expect(await unreadOf(one.path, ann.token)).toBeGreaterThan(0)
  const live = () =>
    rig.rows('select 1 from conversation_episodes where conversation_id in ($1, $2) and closed_at is null', [
      one.id,
      other.id,
    ])
  expect(await live()).toHaveLength(1)
  await rig.ask(200, 'POST', `/merges/${mergeId}/undo`)
  expect(await live()).toHaveLength(2)
  expect([await unreadOf(one.path, ann.token), await unreadOf(other.path, ann.token)]).toEqual([0, 1])
})

test('what is awake of two chats is so of the one, with whoever has that; who has it waits in no queue', async () => {
  const [ann, ben] = [await rig.hire('ann'), await rig.hire('ben')]
  const [over, live] = [await rig.newChat(), await rig.newChat()]
  const [asleep, waits] = [await rig.newChat(), await rig.newChat()]
  await rig.ask(200, 'POST', `${over.path}/claim`, undefined, ann.token)
  await rig.ask(200, 'PATCH', over.path, { status: 'closed' })
  await rig.ask(200, 'POST', `${live.path}/claim`, undefined, ben.token)
  await merge(over, live)
  expect(await show(over.path)).toMatchObject({ status: 'open', assignee: { user: { id: ben.id } } })
  const queuedFor = { candidates: 'everybody', method: 'pull', ruleId: ann.id }
  const queue = `update conversations set queued_at = now(), queued_for = $2 where id = $1`
  await rig.rows(queue, [waits.id, queuedFor])
  await rig.ask(200, 'PATCH', asleep.path, { status: 'snoozed' })
  await merge(asleep, waits)
  expect((await show(asleep.path)).status).toBe('open')
  const queued = (id: string) =>
    rig.rows('select queued_for from conversations where id = $1 and queued_at is not null', [id])
  expect(await queued(asleep.id)).toEqual([{ queued_for: queuedFor }])
  const late = await rig.newChat()
  await rig.rows(queue, [late.id, queuedFor])
  await merge(over, late)
  expect(await queued(over.id)).toEqual([])
})

test('spam is who is left', async () => {
  const [one, other] = [await rig.newChat(), await rig.newChat()]
  await rig.ask(204, 'POST', `${one.path}/spam`, { spam: true })
  const mergeId = await merge(one, other)
  expect((await show(other.path)).spam).toBe(true)
  await rig.ask(200, 'POST', `/merges/${mergeId}/undo`)
  expect([(await show(one.path)).spam, (await show(other.path)).spam]).toEqual([true, false])
})

test('what changed since a merge stays with who is left', async () => {
  const [ann, ben] = [await rig.hire('ann'), await rig.hire('ben')]
  const [one, other] = [await rig.newChat(), await rig.newChat()]
  await rig.ask(200, 'POST', `${other.path}/claim`, undefined, ann.token)
  const mergeId = await merge(one, other)
  await rig.ask(200, 'POST', `${one.path}/assignment`, { userId: ben.id })
  await rig.ask(200, 'PATCH', one.path, { status: 'closed' })
  await rig.ask(200, 'POST', `/merges/${mergeId}/undo`)
  expect(await show(one.path)).toMatchObject({ status: 'closed', assignee: { user: { id: ben.id } } })
  expect((await show(other.path)).assignee.user?.id).toBe(ann.id)
})

test('an erasure takes what people wrote about somebody', async () => {
  const chat = await rig.newChat()
  await rig.ask(201, 'POST', `${chat.path}/notes`, { body: 'lives in Oslo' })
  const tag = await rig.ask<{ id: string }>(201, 'POST', '/chat-tags', { name: 'erased' })
  const extra = { place: 'Oslo' }
  await rig.ask(201, 'POST', `/messages/${chat.messageId}/taggings`, { tagId: tag.id, extra })
  await rig.ask(204, 'DELETE', `/contacts/${chat.contactId}`)
  const left = await rig.rows<{ n: number }>(
    `select (select count(*) from conversation_notes where conversation_id = $1)
       + (select count(*) from tagging_events where conversation_id = $1 and extra is not null)
       + (select count(*) from message_taggings where message_id = $2) as n`,
    [chat.id, chat.messageId],
  )
  expect(left.map(({ n }) => Number(n))).toEqual([0])
})
