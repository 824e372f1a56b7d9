import { runContactBatches } from '../../src/contacts/run-contact-batches.ts'
import { newId } from '../../src/db/columns.ts'
import { openContacts, type Contact, type ContactRig } from './contact-rig.ts'
import type { Page } from '../support/workspace-api.ts'

let rig: ContactRig

beforeAll(async () => {
  rig = await openContacts()
  await rig.ask(201, 'POST', '/attributes', { name: 'plan', type: 'string' })
  for (let at = 0; at < 12; at++)
    await rig.create({
      waId: `4917055502${10 + at}`,
      name: `Person ${at}`,
      tags: at % 2 ? ['odd', 'all'] : ['all'],
      attributes: { plan: 'free' },
    })
})
afterAll(() => rig.api.close())

interface Batch {
  id: string
  state: string
  done: number
  failed: number
}
const run = async (body: object) => {
  const batch = await rig.ask<Batch>(202, 'POST', '/contact-batches', body)
  await runContactBatches(rig.api.deps)
  return rig.ask<Batch>(200, 'GET', `/contact-batches/${batch.id}`)
}
const tagged = async (tag: string) =>
  (await rig.ask<Page<Contact>>(200, 'GET', `/contacts?tag=${tag}&limit=100`)).items

test('tags are counted, renamed, joined and deleted', async () => {
  expect((await rig.ask<Page<object>>(200, 'GET', '/tags')).items).toEqual([
    { tag: 'all', contacts: 12 },
    { tag: 'odd', contacts: 6 },
  ])
  expect((await rig.ask<Page<object>>(200, 'GET', '/tags?search=OD')).items).toEqual([
    { tag: 'odd', contacts: 6 },
  ])
  await rig.ask(202, 'POST', '/tags/replace', { tags: ['odd'], by: 'uneven' })
  await runContactBatches(rig.api.deps)
  expect([(await tagged('odd')).length, (await tagged('uneven')).length]).toEqual([0, 6])
  await rig.ask(202, 'POST', '/tags/replace', { tags: ['uneven', 'all'], by: 'everybody' })
  await runContactBatches(rig.api.deps)
  expect((await rig.ask<Page<object>>(200, 'GET', '/tags')).items).toEqual([
    { tag: 'everybody', contacts: 12 },
  ])
  await rig.ask(202, 'POST', '/tags/delete', { tag: 'everybody' })
  await runContactBatches(rig.api.deps)
  expect((await rig.ask<Page<object>>(200, 'GET', '/tags')).items).toEqual([])
})

test('every change of many leaves its facts and events', async () => {
  const done = await run({
    action: { type: 'set-attributes', attributes: { plan: 'gold', city: 'Rome' } },
    filter: { search: 'person 1' },
  })
  expect(done).toMatchObject({ state: 'completed', done: 3, failed: 0 })
  const events = await rig.rows<{ name: string; old: string; new: string }>(
    `select attributes ->> 'name' as name, attributes ->> 'old' as old, attributes ->> 'new' as new from events
     where type = 'attribute_changed' and attributes ->> 'new' in ('gold', 'Rome') order by 1`,
  )
  expect(events).toHaveLength(6)
  expect(events.at(-1)).toEqual({ name: 'plan', old: 'free', new: 'gold' })
  expect(
    await rig.rows(
      `select 1 from facts where kind = 'attributes.set' and data ->> 'by' like 'key %' and data -> 'names' @> '["city"]'`,
    ),
  ).toHaveLength(3)
  const again = await run({
    action: { type: 'set-attributes', attributes: { plan: 'gold' } },
    filter: { search: 'person 1' },
  })
  expect(again).toMatchObject({ state: 'completed', done: 3 })
  expect(
    await rig.rows(`select 1 from events where type = 'attribute_changed' and attributes ->> 'new' = 'gold'`),
  ).toHaveLength(3)
})

test('a batch can be limited to ids, goes on after a stop, and is cancelled', async () => {
  const ids = (await rig.ask<Page<Contact>>(200, 'GET', '/contacts?limit=3')).items.map(({ id }) => id)
  expect(await run({ action: { type: 'mark-spam' }, filter: { ids } })).toMatchObject({ done: 3 })
  expect(await rig.rows(`select type from events where type = 'marked_spam'`)).toHaveLength(3)
  const batch = await rig.ask<Batch>(202, 'POST', '/contact-batches', {
    action: { type: 'unmark-spam' },
    filter: {},
  })
  expect(await rig.ask(200, 'POST', `/contact-batches/${batch.id}/cancel`)).toMatchObject({
    state: 'cancelled',
    done: 0,
  })
  await rig.ask(409, 'POST', `/contact-batches/${batch.id}/cancel`)
  expect(await runContactBatches(rig.api.deps)).toBe(0)
})

test.each([
  [{ action: { type: 'explode' }, filter: {} }, 'action.type'],
  [{ action: { type: 'add-tags', tags: [] }, filter: {} }, 'action.tags'],
  [
    { action: { type: 'set-attributes', attributes: { plan: 7, nothing: 1 } }, filter: {} },
    'action.attributes.plan',
  ],
  [{ action: { type: 'mark-spam' }, filter: { ids: ['x'] } }, 'filter.ids.0'],
])('%j is refused, naming %s', async (body, field) => {
  expect(await rig.ask(400, 'POST', '/contact-batches', body)).toMatchObject({
    fields: expect.arrayContaining([expect.objectContaining({ field })]) as object,
  })
})

test('a deleted attribute takes its values along, and its name is free after that', async () => {
  await rig.ask(201, 'POST', '/attributes', { name: 'gone', type: 'integer' })
  const { id } = await rig.create({ externalId: 'g', attributes: { gone: 7 } })
  await rig.ask(204, 'DELETE', '/attributes/gone')
  await rig.ask(409, 'POST', '/attributes', { name: 'gone', type: 'string' })
  await runContactBatches(rig.api.deps)
  expect((await rig.get(id)).attributes).toEqual({})
  await rig.ask(201, 'POST', '/attributes', { name: 'gone', type: 'string' })
})

test('notes are written, changed and deleted by their names', async () => {
  const { id } = await rig.create({ externalId: 'noted' })
  const note = await rig.ask<{ id: string }>(201, 'POST', `/contacts/${id}/notes`, { body: 'Likes tea' })
  expect(note).toMatchObject({ body: 'Likes tea', authorName: 'test' })
  const member = await rig.ask<{ id: string }>(
    201,
    'POST',
    `/contacts/${id}/notes`,
    { body: 'By a member' },
    rig.ours.user.token,
  )
  expect(member).toMatchObject({ authorName: rig.ours.user.username })
  expect(
    (await rig.ask<Page<{ id: string }>>(200, 'GET', `/contacts/${id}/notes?limit=1`)).items,
  ).toMatchObject([{ id: member.id }])
  await rig.ask(200, 'PATCH', `/contacts/${id}/notes/${note.id}`, { body: 'Likes coffee' })
  await rig.ask(204, 'DELETE', `/contacts/${id}/notes/${member.id}`)
  await rig.ask(404, 'DELETE', `/contacts/${id}/notes/${member.id}`)
  expect(await rig.ask(400, 'POST', `/contacts/${id}/notes`, { body: ' ' })).toMatchObject({
    fields: [{ field: 'body' }],
  })
  await rig.ask(404, 'GET', `/contacts/${id}/notes`, undefined, rig.theirs.key)
  await rig.ask(404, 'POST', `/contacts/${id}/notes`, { body: 'x' }, rig.theirs.key)
  expect(
    await rig.rows(`select 1 from events where type = 'note_added' and contact_id = $1`, [id]),
  ).toHaveLength(2)
})

test('who is erased leaves counts and nothing else', async () => {
  const numberId = await rig.addNumber()
  const { id } = await rig.create({
    waId: '491705559999',
    name: 'Secret Person',
    email: 's@example.org',
    tags: ['t'],
    attributes: { plan: 'x' },
  })
  const conversationId = newId()
  await rig.rows(
    'insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)',
    [conversationId, rig.ours.workspaceId, numberId, id],
  )
  await rig.rows(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id)
     values ($1, $2, $3, $4, $5, 'in', 'text', '{"type": "text", "text": {"body": "my secret"}}', 'my secret', $1)`,
    [newId(), rig.ours.workspaceId, conversationId, numberId, id],
  )
  await rig.ask(201, 'POST', `/contacts/${id}/notes`, { body: 'a secret' })
  await rig.ask(403, 'DELETE', `/contacts/${id}`, undefined, rig.ours.user.token)
  await rig.ask(404, 'DELETE', `/contacts/${id}`, undefined, rig.theirs.key)
  await rig.ask(204, 'DELETE', `/contacts/${id}`)
  const left = JSON.stringify([
    await rig.get(id),
    ...(await rig.rows('select * from messages where contact_id = $1', [id])),
  ])
  expect(left).not.toMatch(/secret|491705559999|example.org/i)
  expect(await rig.rows('select 1 from messages where contact_id = $1', [id])).toHaveLength(1)
  expect(await rig.create({ waId: '491705559999' })).toMatchObject({ created: true })
})
