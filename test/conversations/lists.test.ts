import type { Page } from '../support/workspace-api.ts'
import { openInboxRig, type InboxRig } from './inbox-rig.ts'

let rig: InboxRig
beforeAll(async () => {
  rig = await openInboxRig()
})
afterAll(() => rig.close())

interface Item {
  id: string
  status: string
  unread: number
  isUnread: boolean
  spam: boolean
  priority: number
  waitingSince: string | null
  snoozedUntil: string | null
  lastMessage: { text: string } | null
  episode: { id: string; reopened: number } | null
}
const list = (query: string, token?: string) =>
  rig.ask<Page<Item>>(200, 'GET', `/conversations?${query}`, undefined, token)
const idsOf = async (query: string, token?: string) => (await list(query, token)).items.map(({ id }) => id)
async function counts(token?: string): Promise<Record<string, number>> {
  const { views } = await rig.ask<{ views: { view: string; count: number }[] }>(
    ...([200, 'GET', '/conversations/counts', undefined, token] as const),
  )
  return Object.fromEntries(views.map(({ view, count }) => [view, count]))
}
/** A label of one's own keeps tests out of each other's lists. */
let labels = 0
async function chats(count: number) {
  const label = `of test ${(labels += 1)}`
  const made = []
  for (let at = 0; at < count; at++) {
    const chat = await rig.newChat(`message ${at}`)
    await rig.ask(200, 'POST', `${chat.path}/labels`, { add: [label] })
    made.push(chat)
  }
  return {
    query: `label=${encodeURIComponent(label)}`,
    label,
    made: made as [(typeof made)[0], ...typeof made],
  }
}

test('who wrote last is on top, page after page', async () => {
  const { query, made } = await chats(5)
  await rig.hear(made[1]?.waId ?? '', 'again')
  const expected = [1, 4, 3, 2, 0].map((at) => made[at]?.id)
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const found: Page<Item> = await list(`${query}&limit=2${cursor && `&cursor=${cursor}`}`)
    seen.push(...found.items.map(({ id }) => id))
    cursor = found.nextCursor
  }
  expect(seen).toEqual(expected)
  expect(await idsOf(`${query}&sort=oldest`)).toEqual(expected.toReversed())
  const [first] = (await list(`${query}&limit=1`)).items
  expect(first?.lastMessage?.text).toBe('again')
  await rig.ask(400, 'GET', '/conversations?cursor=nonsense')
})

test('how a chat stands is set, and a customer who writes brings it back', async () => {
  const { made, query } = await chats(1)
  const [chat] = made
  const set = (status: number, body: object) => rig.ask<Item>(status, 'PATCH', chat.path, body)
  const later = new Date(Date.now() + 3_600_000).toISOString()
  expect(await set(200, { status: 'snoozed', snoozedUntil: later })).toMatchObject({ snoozedUntil: later })
  expect(await idsOf(`${query}&view=snoozed`)).toEqual([chat.id])
  await rig.hear(chat.waId, 'I am back')
  expect(await rig.ask<Item>(200, 'GET', chat.path)).toMatchObject({ status: 'open', snoozedUntil: null })
  await set(422, { status: 'pending', snoozedUntil: later })
  await set(422, { status: 'snoozed', snoozedUntil: '2020-01-01T00:00:00Z' })
  await set(400, { status: 'gone' })
  expect(await set(200, { status: 'closed', outcome: 'sold' })).toMatchObject({
    ...{ status: 'closed', episode: null, waitingSince: null },
  })
  expect(await idsOf(`${query}&view=closed`)).toEqual([chat.id])
  expect(await idsOf(`${query}&status=live`)).toEqual([])
  const again = await set(200, { status: 'open' })
  expect(again).toMatchObject({ status: 'open', episode: { reopened: 1 } })
  await set(200, { status: 'closed' })
  await rig.hear(chat.waId, 'something else')
  const anew = await rig.ask<Item>(200, 'GET', chat.path)
  expect(anew).toMatchObject({ status: 'open', episode: { reopened: 0 } })
  expect(anew.episode?.id).not.toBe(again.episode?.id)
  const facts = await rig.facts(chat.contactId, 'chat.closed')
  expect(facts).toMatchObject([{ outcome: 'sold' }, { outcome: 'resolved' }])
  expect(await rig.facts(chat.contactId, 'chat.status')).toHaveLength(2)
})

test('lists are by who has it, what it waits for and how much it matters', async () => {
  const [ann, { made, query }] = [await rig.hire('ann'), await chats(3)]
  const [one, two, three] = made
  const team = await rig.team('Lists', [ann.id])
  await rig.ask(200, 'POST', `${one.path}/claim`, undefined, ann.token)
  await rig.ask(200, 'POST', `${two?.path}/assignment`, { groupId: team })
  await rig.ask(200, 'PATCH', three?.path ?? '', { priority: 4 })
  expect(await idsOf(`${query}&view=mine`, ann.token)).toEqual([one.id])
  expect(await idsOf(`${query}&assignee=me`, ann.token)).toEqual([one.id])
  expect(await idsOf(`${query}&assignee=${ann.id}`)).toEqual([one.id])
  expect(await idsOf(`${query}&view=unassigned`)).toEqual([three?.id, two?.id])
  expect(await idsOf(`${query}&group=mine`, ann.token)).toEqual([two?.id])
  expect(await idsOf(`${query}&group=${team}`)).toEqual([two?.id])
  expect(await idsOf(`${query}&sort=priority`)).toEqual([three?.id, two?.id, one.id])
  expect(await idsOf(`${query}&priority=3`)).toEqual([three?.id])
  expect(await idsOf(`${query}&sort=waiting`)).toEqual(made.map(({ id }) => id))
  expect(await idsOf(`${query}&view=mine`)).toEqual([])
})

test('each has read what they have read', async () => {
  const [ann, ben, { made, query }] = [await rig.hire('ann'), await rig.hire('ben'), await chats(1)]
  const [chat] = made
  await rig.hear(chat.waId, 'and another')
  const seen = async (token: string) => {
    const { unread, isUnread } = await rig.ask<Item>(200, 'GET', chat.path, undefined, token)
    return [unread, isUnread]
  }
  expect(await seen(ann.token)).toEqual([2, true])
  expect(await idsOf(`${query}&view=unread`, ann.token)).toEqual([chat.id])
  await rig.ask(204, 'POST', `${chat.path}/read`, undefined, ann.token)
  expect([await seen(ann.token), await seen(ben.token)]).toEqual([
    [0, false],
    [2, true],
  ])
  expect(await idsOf(`${query}&unread=true`, ann.token)).toEqual([])
  await rig.ask(204, 'POST', `${chat.path}/unread`, undefined, ann.token)
  expect(await seen(ann.token)).toEqual([1, true])
  await rig.ask(204, 'POST', `${chat.path}/read`, { until: '2020-01-01T00:00:00Z' }, ann.token)
  expect(await seen(ann.token)).toEqual([1, true])
  expect(await rig.announced(chat.id, 'chat.read')).toHaveLength(2)
  await rig.ask(403, 'POST', `${chat.path}/read`)
})

test('views are saved, shown, counted, shared and deleted', async () => {
  const [ann, ben, { label, made }] = [await rig.hire('ann'), await rig.hire('ben'), await chats(2)]
  await rig.ask(200, 'POST', `${made[0].path}/claim`, undefined, ann.token)
  const before = await counts(ann.token)
  const body = { name: 'Mine of these', query: { view: 'mine', label, sort: 'oldest' } }
  const view = await rig.ask<{ id: string }>(201, 'POST', '/inbox-views', body, ann.token)
  expect(await idsOf(`view=${view.id}`, ann.token)).toEqual([made[0].id])
  expect(await counts(ann.token)).toEqual({ ...before, [view.id]: 1 })
  expect(before).toMatchObject({ mine: 1 })
  await rig.ask(404, 'GET', `/conversations?view=${view.id}`, undefined, ben.token)
  await rig.ask(200, 'PATCH', `/inbox-views/${view.id}`, { shared: true, query: { label } }, ann.token)
  expect(await idsOf(`view=${view.id}`, ben.token)).toHaveLength(2)
  await rig.ask(404, 'PATCH', `/inbox-views/${view.id}`, { name: 'Bens' }, ben.token)
  await rig.ask(400, 'POST', '/inbox-views', { name: 'x', query: { colour: 'red' } }, ann.token)
  await rig.ask(204, 'DELETE', `/inbox-views/${view.id}`, undefined, ann.token)
  await rig.ask(404, 'GET', `/conversations?view=${view.id}`, undefined, ann.token)
})

test('many are changed at once, each by itself', async () => {
  const [ann, ben, { label, made, query }] = [await rig.hire('ann'), await rig.hire('ben'), await chats(3)]
  await rig.ask(200, 'POST', `${made[0].path}/claim`, undefined, ben.token)
  interface Done {
    results: { id: string; outcome: string; reason: string | null }[]
    changed: number
    more: boolean
  }
  const bulk = (body: object, token?: string) =>
    rig.ask<Done>(200, 'POST', '/conversations/bulk', body, token)
  const assigned = await bulk({ filter: { label }, action: { type: 'assign', userId: ann.id } }, ann.token)
  expect(assigned).toMatchObject({ changed: 2, more: false })
  const refused = assigned.results.filter(({ outcome }) => outcome === 'refused')
  expect(refused).toMatchObject([
    { id: made[0].id, reason: expect.stringContaining(`${ben.username} has it`) },
  ])
  const ids = made.map(({ id }) => id)
  const closing = { type: 'status', status: 'closed' }
  expect(await bulk({ ids: [...ids, rig.theirs.user.id], action: closing })).toMatchObject({ changed: 3 })
  expect(await bulk({ ids, action: closing })).toMatchObject({ changed: 0 })
  await bulk({ ids, action: { type: 'labels', add: ['bulk'] } })
  expect(await idsOf('label=bulk')).toHaveLength(3)
  expect(await bulk({ ids, action: { type: 'read' } }, ann.token)).toMatchObject({ changed: 3 })
  await bulk({ ids, action: { type: 'spam', spam: true } })
  expect(await idsOf(query)).toEqual([])
  await rig.ask(400, 'POST', '/conversations/bulk', { ids, filter: {}, action: closing })
  await rig.ask(400, 'POST', '/conversations/bulk', { ids, action: { type: 'explode' } })
})

test('spam is marked by whoever could answer, and who waited waits again when it is none', async () => {
  const [ann, ben, chat] = [await rig.hire('ann'), await rig.hire('ben'), await rig.newChat()]
  await rig.rows(`update users set can_write_to_chats = 'user' where id = $1`, [ben.id])
  await rig.ask(200, 'POST', `${chat.path}/claim`, undefined, ann.token)
  await rig.ask(403, 'POST', `${chat.path}/spam`, { spam: true }, ben.token)
  const body = { ids: [chat.id], action: { type: 'spam', spam: true } }
  const refused = await rig.ask<object>(200, 'POST', '/conversations/bulk', body, ben.token)
  expect(refused).toMatchObject({ results: [{ outcome: 'refused', code: 'forbidden' }] })
  for (const spam of [true, false]) await rig.ask(204, 'POST', `${chat.path}/spam`, { spam }, ann.token)
  const item = await rig.ask<Item>(200, 'GET', chat.path)
  expect(item).toMatchObject({ spam: false, waitingSince: expect.any(String) })
})

test('spam leaves the lists and the counts, and comes back', async () => {
  const { made, query } = await chats(1)
  const [chat] = made
  const before = await counts()
  await rig.ask(204, 'POST', `${chat.path}/spam`, { spam: true })
  await rig.hear(chat.waId, 'buy this')
  expect([await idsOf(query), await idsOf(`${query}&view=spam`)]).toEqual([[], [chat.id]])
  const marked = await counts()
  expect([marked['all'], marked['spam']]).toEqual([Number(before['all']) - 1, Number(before['spam']) + 1])
  expect(await rig.ask<Item>(200, 'GET', chat.path)).toMatchObject({ spam: true, waitingSince: null })
  await rig.ask(204, 'PUT', `/contacts/${chat.contactId}/spam`, { spam: false })
  expect(await idsOf(query)).toEqual([chat.id])
  expect(await counts()).toEqual(before)
  expect(await rig.facts(chat.contactId, 'contact.marked')).toHaveLength(1)
  expect(await rig.announced(chat.id, 'conversation.changed')).toHaveLength(2)
})

test('persons are found by name and number', async () => {
  const { made, query } = await chats(2)
  await rig.ask(200, 'PATCH', `/contacts/${made[0].contactId}`, { name: 'Zoë Quuxley' })
  expect(await idsOf(`${query}&search=quuxley`)).toEqual([made[0].id])
  expect(await idsOf(`${query}&search=${made[1]?.waId}`)).toEqual([made[1]?.id])
  expect(await idsOf(`${query}&search=nobody`)).toEqual([])
})

test('however many write at once, there is one conversation and one episode of each', async () => {
  const waIds = Array.from({ length: 4 }, (_, at) => `1555049000${at}`)
  const jobs = Array.from({ length: 40 }, (_, at) => ({
    waId: waIds[at % 4] ?? '',
    wamid: `wamid.race.${at % 20}`,
  }))
  // Several processes take webhooks in: each has an intake of its own. Half of what comes is told twice.
  const intakes = [rig.newIntake(), rig.newIntake(), rig.newIntake()]
  await Promise.all(jobs.map(({ waId, wamid }, at) => rig.hear(waId, 'race', wamid, intakes[at % 3])))
  const found = await rig.rows<{ value: string; chats: number; episodes: number; messages: number }>(
    `select i.value, count(distinct v.id)::int as chats, count(distinct e.id)::int as episodes, count(distinct m.id)::int as messages
     from identities i join conversations v on v.contact_id = i.contact_id
     left join conversation_episodes e on e.conversation_id = v.id left join messages m on m.conversation_id = v.id
     where i.value like '1555049000%' group by i.value order by i.value`,
  )
  expect(found).toEqual(waIds.map((value) => ({ value, chats: 1, episodes: 1, messages: 5 })))
})
