import { newId } from '../../src/db/columns.ts'
import { openContacts, type Contact, type ContactRig } from './contact-rig.ts'
import type { Page } from '../support/workspace-api.ts'

let rig: ContactRig
let id: string
let conversationId: string

interface Item {
  id: string
  at: string
  kind: string
  type: string
  words: string
  causeId: string | null
  why: string | null
}

beforeAll(async () => {
  rig = await openContacts()
  const numberId = await rig.addNumber()
  await rig.ask(201, 'POST', '/attributes', { name: 'plan', type: 'string', label: 'Plan' })
  const made = await rig.create({
    waId: '491705550701',
    name: 'Ann',
    tags: ['vip'],
    attributes: { plan: 'gold' },
  })
  id = made.id
  conversationId = newId()
  await rig.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at, last_message_at)
     values ($1, $2, $3, $4, now() + interval '1 hour', now())`,
    [conversationId, rig.ours.workspaceId, numberId, id],
  )
  for (const [at, direction] of ['in', 'out', 'in'].entries())
    await rig.rows(
      `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id, state, status, created_at)
       values ($1, $2, $3, $4, $5, $6, 'text', '{}', $7, $8, $9, $10, now() - $11 * interval '1 minute')`,
      [
        newId(),
        rig.ours.workspaceId,
        conversationId,
        numberId,
        id,
        direction,
        `message ${at}`,
        newId(),
        direction === 'out' ? 'accepted' : null,
        direction === 'out' ? 'read' : null,
        at,
      ],
    )
  // Several at one instant: pages must neither lose nor repeat one of them.
  for (let at = 0; at < 5; at++)
    await rig.rows(
      `insert into events (id, workspace_id, contact_id, type, attributes, at) values ($1, $2, $3, 'page.viewed', '{"page": 1}', '2026-11-20T10:00:00.123456Z')`,
      [newId(), rig.ours.workspaceId, id],
    )
  await rig.ask(201, 'POST', `/contacts/${id}/notes`, { body: 'Likes tea' })
  await rig.ask(204, 'PUT', `/contacts/${id}/spam`, { spam: true })
  await rig.ask(204, 'PUT', `/contacts/${id}/spam`, { spam: false })
})
afterAll(() => rig.api.close())

const page = (query: string) => rig.ask<Page<Item>>(200, 'GET', `/contacts/${id}/timeline?${query}`)

test('everything stands in one line, newest first, in words', async () => {
  const { items, nextCursor } = await page('limit=100')
  expect(nextCursor).toBeNull()
  expect(items.map(({ at }) => at)).toEqual(
    items
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  )
  const kinds = Map.groupBy(items, ({ kind }) => kind)
  expect(Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]))).toEqual({
    contact: 3,
    note: 1,
    attribute: 1,
    tag: 1,
    message: 3,
    event: 5,
  })
  const sent = items.find(({ type }) => type === 'out')
  expect(sent).toMatchObject({
    words: '"message 1" was sent to the customer: read',
    why: `/platform/v1/contacts/${id}/why?message=${sent?.id}`,
  })
  expect(items.every(({ words }) => words.length > 0 && !/^\w+\.\w+$/.test(words))).toBe(true)
})

test('pages follow one another without gaps, also within one instant', async () => {
  const all = (await page('limit=100')).items.map((item) => item.id)
  const paged: string[] = []
  let cursor = ''
  do {
    const next: Page<Item> = await page(`limit=3${cursor}`)
    paged.push(...next.items.map((item) => item.id))
    cursor = next.nextCursor ? `&cursor=${next.nextCursor}` : ''
  } while (cursor)
  expect(paged).toEqual(all)
})

test('kinds are chosen, and unknown ones refused', async () => {
  expect(new Set((await page('kinds=note,tag')).items.map(({ kind }) => kind))).toEqual(
    new Set(['note', 'tag']),
  )
  expect((await page('kinds=order')).items).toEqual([])
  expect(await rig.ask(400, 'GET', `/contacts/${id}/timeline?kinds=nonsense`)).toMatchObject({
    fields: [{ field: 'kinds.0' }],
  })
  await rig.ask(400, 'GET', `/contacts/${id}/timeline?cursor=x`)
  await rig.ask(404, 'GET', `/contacts/${id}/timeline`, undefined, rig.theirs.key)
})

test('the profile shows a contact all round', async () => {
  const profile = await rig.ask<{ contact: Contact; attributes: object[] }>(
    200,
    'GET',
    `/contacts/${id}/profile`,
  )
  expect(profile).toMatchObject({
    contact: { id, name: 'Ann', identities: [{ kind: 'wa_id', value: '491705550701' }] },
    conversations: [{ id: conversationId, windowOpen: true }],
    counts: { messagesIn: 2, messagesOut: 1, notes: 1, orders: 0, runs: 0, segments: 0 },
    consent: { optedOutAt: null },
    segments: [],
    journeys: [],
    orders: [],
  })
  expect(profile.attributes).toContainEqual({
    name: 'plan',
    label: 'Plan',
    type: 'string',
    kind: 'custom',
    value: 'gold',
  })
  expect(profile.attributes).toContainEqual(expect.objectContaining({ name: 'phone', value: '491705550701' }))
  await rig.ask(404, 'GET', `/contacts/${id}/profile`, undefined, rig.theirs.key)
})

test('of one that was merged, the other is shown with the story of both', async () => {
  const other = await rig.create({ externalId: 'x', name: 'Other' })
  await rig.ask(200, 'POST', `/contacts/${id}/merge`, { otherId: other.id })
  expect(await rig.ask(200, 'GET', `/contacts/${other.id}/profile`)).toMatchObject({ contact: { id } })
  const { items } = await rig.ask<Page<Item>>(
    200,
    'GET',
    `/contacts/${other.id}/timeline?limit=100&kinds=contact`,
  )
  expect(items.map(({ type }) => type).toSorted()).toEqual([
    'contact.created',
    'contact.created',
    'contact.marked',
    'contact.merged',
    'contact.unmarked',
  ])
})
