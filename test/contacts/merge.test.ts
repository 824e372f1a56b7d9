import fc from 'fast-check'
import { newId } from '../../src/db/columns.ts'
import { openContacts, type Contact, type ContactRig } from './contact-rig.ts'

let rig: ContactRig
let numbers: string[]

beforeAll(async () => {
  rig = await openContacts()
  numbers = [await rig.addNumber(), await rig.addNumber()]
  await rig.ask(201, 'POST', '/attributes', { name: 'plan', type: 'string' })
  await rig.ask(201, 'POST', '/attributes', { name: 'age', type: 'integer' })
})
afterAll(() => rig.api.close())

const merge = (id: string, body: object, status = 200) =>
  rig.ask<{ mergeId: string; contact: Contact }>(status, 'POST', `/contacts/${id}/merge`, body)
const undo = (mergeId: string, status = 200) =>
  rig.ask<{ kept: string[] }>(status, 'POST', `/merges/${mergeId}/undo`)

let customers = 491_800_000_000
interface Given {
  name: string | undefined
  city: string | undefined
  plan: string | undefined
  age: number | undefined
  tags: string[]
  /** Which of the two numbers there is a conversation on. */
  on: boolean[]
  window: boolean
  floor: boolean
  events: number
  segments: boolean[]
}

async function person(given: Partial<Given> = {}, segmentIds: string[] = []): Promise<string> {
  const { name, city, plan, age, tags = [], on = [], events = 0, segments = [] } = given
  const attributes = { ...(plan !== undefined && { plan }), ...(age !== undefined && { age }) }
  const { id } = await rig.create({
    waId: String(++customers),
    ...(name && { name }),
    ...(city && { city }),
    attributes,
    tags,
  })
  for (const [at, numberId] of numbers.entries()) if (on[at]) await converse(id, numberId, given)
  for (let at = 0; at < events; at++)
    await rig.rows(
      `insert into events (id, workspace_id, contact_id, type, attributes, at) values ($1, $2, $3, 'thing', '{}', now())`,
      [newId(), rig.ours.workspaceId, id],
    )
  for (const [at, segmentId] of segmentIds.entries())
    if (segments[at])
      await rig.rows(
        'insert into segment_members (segment_id, contact_id, workspace_id) values ($1, $2, $3)',
        [segmentId, id, rig.ours.workspaceId],
      )
  return id
}

async function converse(
  contactId: string,
  numberId: string,
  { window, floor }: Partial<Given>,
): Promise<void> {
  const id = newId()
  await rig.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at, last_message_at, floor_workflow_id, floor_ask_key)
     values ($1, $2, $3, $4, $5, now(), $6, $7)`,
    [
      id,
      rig.ours.workspaceId,
      numberId,
      contactId,
      window ? new Date(Date.now() + (customers % 1e6)) : null,
      floor ? `journey/${id}` : null,
      floor ? `${id}:ask` : null,
    ],
  )
  for (let at = 0; at < 2; at++)
    await rig.rows(
      `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id)
       values ($1, $2, $3, $4, $5, 'in', 'text', '{}', $6, $1)`,
      [newId(), rig.ours.workspaceId, id, numberId, contactId, `message ${at}`],
    )
}

const tables = [
  'contacts',
  'identities',
  'conversations',
  'messages',
  'events',
  'segment_members',
  'contact_notes',
  'runs',
  'facts',
]

/** All rows there are, but for the traces that the merge and its undoing leave. */
async function everything(): Promise<object> {
  const all = await Promise.all(
    tables.map(async (table) => {
      const rows = await rig.rows<{ row: string }>(
        `select (to_jsonb(t) - 'updated_at' - 'search')::text as row from ${table} t
         ${table === 'facts' ? `where kind not in ('contact.merged', 'contact.unmerged')` : ''}
         ${table === 'events' ? `where type <> 'contact_merged'` : ''} order by 1`,
      )
      return [table, rows.map(({ row }) => row)]
    }),
  )
  return Object.fromEntries(all) as object
}

test('values win, blanks are filled, tags unite, identities and chats move, and both ids lead to one', async () => {
  const ann = await person({ name: 'Ann', plan: 'gold', tags: ['a', 'both'], on: [true, false] })
  const other = await person({
    name: 'Ann Example',
    city: 'Rome',
    plan: 'free',
    age: 7,
    tags: ['both', 'b'],
    on: [true, true],
  })
  const { contact } = await merge(ann, { otherId: other, choices: { name: 'other' } })
  expect(contact).toMatchObject({
    name: 'Ann Example',
    city: 'Rome',
    attributes: { plan: 'gold', age: 7 },
    tags: ['a', 'both', 'b'],
  })
  expect(contact.identities).toHaveLength(2)
  expect(await rig.get(other)).toMatchObject({ mergedInto: ann, identities: [] })
  expect(await rig.rows('select 1 from messages where contact_id = $1', [ann])).toHaveLength(6)
  expect(
    await rig.rows('select distinct conversation_id from messages where contact_id = $1', [ann]),
  ).toHaveLength(2)
  expect(
    await rig.rows(`select attributes from events where type = 'contact_merged' and contact_id = $1`, [ann]),
  ).toEqual([{ attributes: { other_id: other } }])
  await rig.ask(200, 'PATCH', `/contacts/${other}`, { lastName: 'Through the other' })
  expect(await rig.get(ann)).toMatchObject({ lastName: 'Through the other' })
  const found = await rig.ask<{ items: Contact[] }>(200, 'GET', '/contacts?search=ann')
  expect(found.items.map(({ id }) => id)).toEqual([ann])
})

test('a merge taken back leaves every row as it was, whatever there was', async () => {
  const segmentIds = [newId(), newId()]
  for (const id of segmentIds)
    await rig.rows(
      `insert into segments (id, workspace_id, name, kind) values ($1, $2, $1::uuid::text, 'static')`,
      [id, rig.ours.workspaceId],
    )
  const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })
  const two = fc.array(fc.boolean(), { minLength: 2, maxLength: 2 })
  const given: fc.Arbitrary<Given> = fc.record({
    name: maybe(fc.constantFrom('Ann', 'Bob')),
    city: maybe(fc.constantFrom('Rome', 'Paris')),
    plan: maybe(fc.constantFrom('gold', 'free')),
    age: maybe(fc.integer({ min: 1, max: 3 })),
    tags: fc.subarray(['x', 'y', 'z']),
    on: two,
    window: fc.boolean(),
    floor: fc.boolean(),
    events: fc.integer({ min: 0, max: 2 }),
    segments: two,
  })
  await fc.assert(
    fc.asyncProperty(
      given,
      given,
      fc.constantFrom('contact' as const, 'other' as const),
      async (one, two_, choice) => {
        const first = await person(one, segmentIds)
        const second = await person(two_, segmentIds)
        await rig.ask(201, 'POST', `/contacts/${second}/notes`, { body: 'noted' })
        const before = await everything()
        const { mergeId } = await merge(first, { otherId: second, choices: { name: choice } })
        expect(await rig.rows('select 1 from messages where contact_id = $1', [second])).toEqual([])
        expect(await undo(mergeId)).toMatchObject({ kept: [] })
        expect(await everything()).toEqual(before)
      },
    ),
    { numRuns: 12 },
  )
}, 120_000)

test('what changed since stays, and is named', async () => {
  const first = await person({ name: 'Ann' })
  const second = await person({ city: 'Rome', plan: 'gold' })
  const { mergeId } = await merge(first, { otherId: second })
  await rig.ask(200, 'PATCH', `/contacts/${first}`, { city: 'Paris', tags: ['since'] })
  expect(await undo(mergeId)).toEqual({
    contactId: first,
    otherId: second,
    kept: ['city was changed since the merge: it stays as it is'],
  })
  expect(await rig.get(first)).toMatchObject({ city: 'Paris', attributes: {}, tags: ['since'] })
  expect(await rig.get(second)).toMatchObject({ city: 'Rome', mergedInto: null })
  await undo(mergeId, 409)
})

test('chains lead to the end at once, and are taken back from the end', async () => {
  const [a, b, c] = [await person({ name: 'A' }), await person({ name: 'B' }), await person({ name: 'C' })]
  const first = await merge(b, { otherId: c })
  const second = await merge(a, { otherId: b })
  expect(await rig.get(c)).toMatchObject({ mergedInto: a })
  await undo(first.mergeId, 409)
  await undo(second.mergeId)
  expect([(await rig.get(b)).mergedInto, (await rig.get(c)).mergedInto]).toEqual([null, b])
  await undo(first.mergeId)
  expect((await rig.get(c)).identities).toHaveLength(1)
  const { items } = await rig.ask<{ items: object[] }>(200, 'GET', `/contacts/${b}/merges`)
  expect(items).toMatchObject([
    { id: second.mergeId, contactId: a, otherId: b, undoneAt: expect.any(String) as string },
    { id: first.mergeId, contactId: b, otherId: c },
  ])
  await rig.ask(404, 'GET', `/contacts/${b}/merges`, undefined, rig.theirs.key)
})

test('two merges at once are one after the other', async () => {
  const [a, b] = [await person({ name: 'A' }), await person({ name: 'B' })]
  const answers = await Promise.all(
    [[a, b] as const, [b, a] as const].map(([id, otherId]) =>
      rig.api.ask('POST', `/platform/v1/contacts/${id}/merge`, { token: rig.ours.key, body: { otherId } }),
    ),
  )
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
})

test('what either refused stays refused', async () => {
  const [a, b] = [await person(), await person()]
  await rig.rows(
    `insert into consents (workspace_id, contact_id, category, state, source, at, by, cause_id)
     values ($1, $2, 'marketing', 'opted_out', 'keyword', now(), 'contact', $3), ($1, $4, 'marketing', 'opted_in', 'api', now() - interval '1 day', 'key', $3)`,
    [rig.ours.workspaceId, b, newId(), a],
  )
  const { mergeId } = await merge(a, { otherId: b })
  const state = `select state from consents where contact_id = $1 and category = 'marketing'`
  expect(await rig.rows(state, [a])).toEqual([{ state: 'opted_out' }])
  expect((await undo(mergeId)).kept).toEqual([expect.stringContaining('stays refused')])
  expect(await rig.rows(state, [a])).toEqual([{ state: 'opted_out' }])
})

test('nonsense is refused by name', async () => {
  const [a, b] = [await person(), await person()]
  const theirs = await rig.ask<Contact>(201, 'POST', '/contacts', { name: 'x' }, rig.theirs.key)
  expect(await merge(a, { otherId: a }, 422)).toMatchObject({ fields: [{ field: 'otherId' }] })
  expect(await merge(a, { otherId: newId() }, 422)).toMatchObject({ fields: [{ field: 'otherId' }] })
  expect(await merge(a, { otherId: theirs.id }, 422)).toMatchObject({ fields: [{ field: 'otherId' }] })
  expect(await merge(a, { otherId: b, choices: { nothing: 'other' } }, 400)).toMatchObject({
    fields: [{ field: 'choices.nothing' }],
  })
  expect(await merge(a, {}, 400)).toMatchObject({ fields: [{ field: 'otherId' }] })
  await merge(theirs.id, { otherId: a }, 404)
  await undo(newId(), 404)
})

test('identities are claimed, refused when another holds them, and ended', async () => {
  const [a, b] = [await person(), await person()]
  const claim = (id: string, body: object, status = 201) =>
    rig.ask<Contact>(status, 'POST', `/contacts/${id}/identities`, body)
  const claimed = await claim(a, { kind: 'email', value: 'Ann@Example.org', source: 'shop' })
  expect(claimed.identities).toContainEqual(
    expect.objectContaining({ kind: 'email', value: 'ann@example.org', source: 'shop' }),
  )
  await claim(a, { kind: 'email', value: 'ann@example.org' })
  expect(await claim(b, { kind: 'email', value: 'ann@example.org' }, 409)).toMatchObject({
    fields: [{ field: 'value' }],
    details: { contactIds: [a] },
  })
  expect(await claim(a, { kind: 'wa_id', value: 'call me' }, 400)).toMatchObject({
    fields: [{ field: 'value' }],
  })
  expect(await claim(a, { kind: 'bsuid', value: 'DE.1' }, 400)).toMatchObject({
    fields: [{ field: 'scope' }],
  })
  expect(await claim(a, { kind: 'username', scope: 'p', value: 'x' }, 400)).toMatchObject({
    fields: [{ field: 'scope' }],
  })
  const identity = claimed.identities.find(({ kind }) => kind === 'email')
  await rig.ask(404, 'DELETE', `/contacts/${b}/identities/${identity?.id}`)
  const ended = await rig.ask<Contact>(200, 'DELETE', `/contacts/${a}/identities/${identity?.id}`)
  expect(ended.identities.find(({ kind }) => kind === 'email')?.validTo).not.toBeNull()
  await claim(b, { kind: 'email', value: 'ann@example.org' })
})
