import { newId } from '../../src/db/columns.ts'
import { adHoc } from '../../src/db/prepared-statements.ts'
import { forkFor } from '../../src/db/orm.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { readAccess } from '../../src/conversations/access.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { readTerms } from '../../src/model/search-words.ts'
import { routes as searchRoutes } from '../../src/search/routes.ts'
import { isFrequent } from '../../src/search/search-messages.ts'
import { searchStatement, type Wanted } from '../../src/search/search-statement.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

interface Found {
  message: { id: string; text: string; conversationId: string }
  contactName: string | null
  headline: string
}
let house: WorkspaceApi
let numberId: string
beforeAll(async () => {
  house = await openWorkspaceApi([...searchRoutes, ...conversationRoutes, ...contactRoutes])
  numberId = await house.addNumber()
})
afterAll(() => house.close())

let people = 0
async function talk(name = 'Ann Example') {
  const waId = String(15_550_700_000 + (people += 1))
  const { id: contactId } = await house.ask<{ id: string }>(201, 'POST', '/contacts', { waId, name })
  const id = newId()
  await house.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, status, active_at) values ($1, $2, $3, $4, 'open', now())`,
    [id, house.ours.workspaceId, numberId, contactId],
  )
  return { id, contactId, waId }
}
async function say(
  chat: { id: string; contactId: string },
  text: string,
  extra: Record<string, unknown> = {},
) {
  const id = newId()
  const row = {
    ...{ id, workspace_id: house.ours.workspaceId, conversation_id: chat.id, number_id: numberId },
    ...{ contact_id: chat.contactId, direction: 'in', type: 'text', content: '{"type":"text"}', text },
    ...{ fact_id: newId(), ...extra },
  }
  const names = Object.keys(row)
  await house.rows(
    `insert into messages (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(row),
  )
  return id
}
const search = async (query: Record<string, string>, token?: string) =>
  (
    await house.ask<Page<Found>>(
      200,
      'GET',
      `/messages/search?${new URLSearchParams(query)}`,
      undefined,
      token,
    )
  ).items
const textsOf = async (q: string, more: Record<string, string> = {}) =>
  (await search({ q, ...more })).map(({ message }) => message.text)

test('words, phrases, beginnings of words and fragments find messages, newest first', async () => {
  const chat = await talk('Bo <b>Li</b>')
  for (const text of [
    'My red shoes are late',
    'Shoes, red ones',
    'A Delivery of <b>boots</b> & more',
    '50% off_now',
  ])
    await say(chat, text)
  expect(await textsOf('red shoes')).toEqual(['Shoes, red ones', 'My red shoes are late'])
  expect(await textsOf('"red shoes"')).toEqual(['My red shoes are late'])
  expect(await textsOf('shoes -late')).toEqual(['Shoes, red ones'])
  expect(await textsOf('deliv*')).toEqual(['A Delivery of <b>boots</b> & more'])
  expect(await textsOf('deliv')).toEqual([])
  expect(await textsOf(`o'neil* \\* "it's`)).toEqual([])
  expect(await textsOf('0% off_', { match: 'fragment' })).toEqual(['50% off_now'])
  expect(await textsOf('0%off', { match: 'fragment' })).toEqual([])
  const [found] = await search({ q: 'boots' })
  expect(found).toMatchObject({ contactName: 'Bo <b>Li</b>' })
  expect(found?.headline).toMatch(/^Delivery of +<mark>boots<\/mark> +&#38; more$/)
  await house.ask(400, 'GET', '/messages/search?q=ab&match=fragment')
  await house.ask(400, 'GET', '/messages/search?q=-no')
})

test('filters narrow it, and pages follow each other', async () => {
  const [one, two] = [await talk(), await talk()]
  for (let n = 0; n < 5; n++) await say(one, `filtered ${n}`)
  const agent = house.ours.user.id
  await say(two, 'filtered out', {
    direction: 'out',
    state: 'accepted',
    by_user_id: agent,
    send_key: newId(),
  })
  await say(two, 'filtered picture', { type: 'image' })
  const old = '016f5e66-e800-7000-8000-000000000001'
  await say(two, 'filtered old', { created_at: '2020-01-01T00:00:00Z', id: old })
  await house.rows(
    `insert into conversation_labels (conversation_id, workspace_id, label, by) values ($1, $2, 'vip', 'x')`,
    [...[two.id, house.ours.workspaceId]],
  )
  expect(await textsOf('filtered', { conversationId: two.id })).toHaveLength(3)
  expect(await textsOf('filtered', { tag: 'vip' })).toHaveLength(3)
  expect(await textsOf('filtered', { agent })).toEqual(['filtered out'])
  expect(await textsOf('filtered', { direction: 'out' })).toEqual(['filtered out'])
  expect(await textsOf('filtered', { type: 'image' })).toEqual(['filtered picture'])
  expect(await textsOf('filtered', { until: '2020-01-02T00:00:00Z' })).toEqual(['filtered old'])
  expect(await textsOf('filtered', { from: '2020-01-02T00:00:00Z' })).toHaveLength(7)
  expect(await textsOf('filtered', { numberId: newId() })).toEqual([])
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const at: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page: Page<Found> = await house.ask(200, 'GET', `/messages/search?q=filtered&limit=3${at}`)
    seen.push(...page.items.map(({ message }) => message.id))
    cursor = page.nextCursor
  }
  expect(seen).toHaveLength(8)
  expect(seen).toEqual([...new Set(seen)].sort().reverse())
  expect(seen.at(-1)).toBe(old)
})

test('nobody finds what they may not read, what was deleted, what is spam, or what is not ours', async () => {
  const [chat, spam] = [await talk(), await talk()]
  await say(chat, 'confidential plan')
  await say(chat, 'This message was deleted', { deleted_at: new Date() })
  await say(spam, 'confidential win')
  await house.rows('update conversations set spam = true where id = $1', [spam.id])
  expect(await textsOf('confidential')).toEqual(['confidential plan'])
  expect(await textsOf('deleted')).toEqual([])
  expect(await textsOf('confidential', { conversationId: spam.id })).toEqual(['confidential win'])
  expect(await search({ q: 'confidential' }, house.theirs.key)).toEqual([])
  const { id, token } = house.ours.user
  await house.rows(`update users set can_read_chats = 'user' where id = $1`, [id])
  expect(await search({ q: 'confidential' }, token)).toEqual([])
  await house.rows('update conversations set assigned_user_id = $1 where id = $2', [id, chat.id])
  expect(await search({ q: 'confidential' }, token)).toHaveLength(1)
})

test('people and chats are found by name, number, tag and label', async () => {
  const { id, contactId, waId } = await talk('Zoë Quist')
  await house.rows(`update contacts set tags = '{wholesale}' where id = $1`, [contactId])
  await house.rows(
    `insert into conversation_labels (conversation_id, workspace_id, label, by) values ($1, $2, 'urgent', 'x')`,
    [...[id, house.ours.workspaceId]],
  )
  type Everything = { people: { id: string; headline: string }[]; chats: { id: string }[] }
  const all = (q: string) => house.ask<Everything>(200, 'GET', `/search?q=${encodeURIComponent(q)}`)
  expect(await all('quis')).toMatchObject({
    people: [{ id: contactId, headline: 'Zoë <mark>Quis</mark>t' }],
    chats: [{ id }],
  })
  expect(await all(waId.slice(-6))).toMatchObject({ people: [{ id: contactId }], chats: [{ id }] })
  expect(await all('wholesale')).toMatchObject({
    people: [{ headline: '<mark>wholesale</mark>' }],
    chats: [],
  })
  expect(await all('urgent')).toMatchObject({ people: [], chats: [{ id }] })
})

test('rare words are looked up in the index, frequent ones among the newest messages', async () => {
  const chat = await talk()
  await house.rows(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id)
     select gen_random_uuid(), $1, $2, $3, $4, 'in', 'text', '{}', 'word' || (n % 5000) || case when n % 10 = 0 then ' common' else '' end
       || case when n % 4000 = 0 then ' scarce' else '' end || ' filler' || n, gen_random_uuid()
     from generate_series(1, 40000) n`,
    [house.ours.workspaceId, chat.id, numberId, chat.contactId],
  )
  await house.rows('vacuum analyze messages')
  const em = forkFor(house.deps.orm, house.ours.workspaceId)
  const access = await readAccess(em, { workspaceId: house.ours.workspaceId, kind: 'key', id: newId() })
  const planOf = async (wanted: Wanted) => {
    const wish = { access, wanted, filter: {}, before: undefined, limit: 21 }
    const isWalk = await isFrequent(em, wish)
    const { sql, params } = searchStatement(wish, isWalk ? { messages: 10_000 } : undefined)
    const rows = await em.execute<{ 'QUERY PLAN': object }[]>(`${adHoc}explain (format json) ${sql}`, params)
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN'])
    const names = ['messages_words', 'messages_parts', 'messages_said']
    return { isWalk, indexes: names.filter((name) => plan.includes(`"${name}"`)) }
  }
  const words = (q: string) => planOf({ terms: readTerms(q) })
  expect(await words('scarce')).toEqual({ isWalk: false, indexes: ['messages_words'] })
  expect(await words('word77 common')).toEqual({ isWalk: false, indexes: ['messages_words'] })
  expect(await words('common')).toEqual({ isWalk: true, indexes: ['messages_said'] })
  expect(await planOf({ fragment: 'carc' })).toEqual({ isWalk: false, indexes: ['messages_parts'] })
  expect(await planOf({ fragment: 'ommon' })).toEqual({ isWalk: true, indexes: ['messages_said'] })
  // Whichever way it is looked for, the same is found.
  const found = async (walk?: { messages: number }) => {
    const statement = searchStatement(
      { access, wanted: { terms: readTerms('common') }, filter: {}, limit: 50 },
      walk,
    )
    return em.execute(adHoc + statement.sql, statement.params)
  }
  expect(await found({ messages: 10_000 })).toEqual(await found())
})
