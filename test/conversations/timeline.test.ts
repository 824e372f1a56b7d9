import type { Page } from '../support/workspace-api.ts'
import { openInboxRig, type InboxRig } from './inbox-rig.ts'

let rig: InboxRig
beforeAll(async () => {
  rig = await openInboxRig()
})
afterAll(() => rig.close())

interface Shown extends Page<{ id: string; text: string }> {
  newerThan: string | null
  events: { id: string; kind: string; text: string; byUser: { name: string } | null }[]
  notes: { body: string }[]
}
async function longChat(count: number) {
  const first = await rig.newChat('message 0')
  const ids = [first.messageId]
  for (let at = 1; at < count; at++) ids.push((await rig.hear(first.waId, `message ${at}`)).messageId)
  return { ...first, ids: ids as [string, ...string[]] }
}
const read = (path: string, query: string) => rig.ask<Shown>(200, 'GET', `${path}/messages?${query}`)
const idsOf = ({ items }: Shown) => items.map(({ id }) => id)

test('a link leads to its message, and from there one goes up and down', async () => {
  const { path, ids } = await longChat(9)
  const newest = ids.toReversed()
  const around = await read(path, `around=${ids[4]}&limit=4`)
  expect(idsOf(around)).toEqual(newest.slice(2, 6))
  expect(around.newerThan).toBe(ids[6])
  const newer = await read(path, `after=${ids[6]}&limit=4`)
  expect([idsOf(newer), newer.newerThan]).toEqual([newest.slice(0, 2), null])
  const older = await read(path, `limit=4&cursor=${around.nextCursor}`)
  expect([idsOf(older), older.nextCursor]).toEqual([newest.slice(6), null])
  const before = await read(path, `limit=4&before=${ids[3]}`)
  expect(idsOf(before)).toEqual(newest.slice(6))
  const all: string[] = []
  let after = ids[0]
  for (let next: Shown | undefined; next?.newerThan !== null; after = idsOf(next)[0] ?? '') {
    next = await read(path, `after=${after}&limit=3`)
    all.push(...idsOf(next).toReversed())
  }
  expect(all).toEqual(ids.slice(1))
  await rig.ask(404, 'GET', `${path}/messages?around=${(await rig.newChat()).messageId}`)
  await rig.ask(400, 'GET', `${path}/messages?around=${ids[0]}&after=${ids[0]}`)
  await rig.ask(400, 'GET', `${path}/messages?include=secrets`)
})

test('what happened and what was noted stands between the messages, each once', async () => {
  const ann = await rig.hire('ann')
  const { path, waId } = await rig.newChat('first')
  await rig.ask(200, 'POST', `${path}/claim`, undefined, ann.token)
  await rig.ask(201, 'POST', `${path}/notes`, { body: 'careful' }, ann.token)
  await rig.hear(waId, 'second')
  await rig.ask(200, 'POST', `${path}/labels`, { add: ['vip'] }, ann.token)
  await rig.ask(200, 'PATCH', path, { status: 'pending' }, ann.token)
  await rig.hear(waId, 'third')
  await rig.ask(200, 'PATCH', path, { status: 'closed', outcome: 'done' }, ann.token)
  const whole = await read(path, 'include=events,notes')
  expect(whole.events.map(({ kind }) => kind)).toEqual([
    ...['chat.assigned', 'labels.changed', 'chat.status', 'chat.closed'],
  ])
  expect(whole.events[0]).toMatchObject({
    ...{ byUser: { name: ann.username }, text: `${ann.username} gave the chat to ${ann.username}` },
  })
  expect(whole.notes).toMatchObject([{ body: 'careful' }])
  const seen = { events: [] as string[], notes: [] as string[] }
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: Shown = await read(path, `include=events,notes&limit=1${cursor && `&cursor=${cursor}`}`)
    seen.events.unshift(...next.events.map(({ kind }) => kind))
    seen.notes.unshift(...next.notes.map(({ body }) => body))
    cursor = next.nextCursor
  }
  expect(seen).toEqual({ events: whole.events.map(({ kind }) => kind), notes: ['careful'] })
})

test('a chat is downloaded as a table, as JSON and as a page that runs nothing', async () => {
  const { id, waId, contactId } = await rig.newChat('=HYPERLINK("http://evil")')
  await rig.hear(waId, '<script>alert(1)</script>')
  await rig.ask(200, 'PATCH', `/contacts/${contactId}`, { name: '<b>Bold</b>' })
  const get = (format: string, token = rig.ours.key) =>
    rig.api.ask('GET', `/platform/v1/conversations/${id}/export?format=${format}`, { token })
  const csv = await get('csv')
  expect(csv.text).toContain(`"'=HYPERLINK(""http://evil"")"`)
  expect(csv.text.trim().split('\r\n')).toHaveLength(3)
  const { title, messages } = JSON.parse((await get('json')).text) as { title: string; messages: object[] }
  expect([title, messages.length]).toEqual(['<b>Bold</b>', 2])
  const html = await get('html')
  expect(html.headers.get('content-disposition')).toContain('attachment')
  expect(html.text).toContain('&#60;script&#62;alert(1)')
  expect(html.text).not.toMatch(/<script|<b>Bold/)
  expect((await get('csv', rig.theirs.key)).status).toBe(404)
  expect((await get('pdf')).status).toBe(400)
  expect(await rig.facts(contactId, 'chat.exported')).toHaveLength(3)
})

test('the episodes of a chat are listed, newest first, with how each ended', async () => {
  interface Episode {
    closedAt: string | null
    outcome: string | null
  }
  const list = (path: string, query = '') =>
    rig.ask<Page<Episode> & { nextCursor: string | null }>(200, 'GET', `${path}/episodes${query}`)
  const { path, waId } = await rig.newChat('first')
  await rig.ask(200, 'PATCH', path, { status: 'closed', outcome: 'sold' })
  const [ended] = (await list(path)).items
  expect(ended).toMatchObject({ outcome: 'sold', closedAt: expect.any(String) as string, reopened: 0 })
  await rig.hear(waId, 'again')
  const { items, nextCursor } = await list(path, '?limit=1')
  expect(items).toMatchObject([{ closedAt: null, outcome: null }])
  const older = nextCursor ? await list(path, `?cursor=${nextCursor}`) : { items: [] }
  expect([...items, ...older.items]).toHaveLength(2)
})
