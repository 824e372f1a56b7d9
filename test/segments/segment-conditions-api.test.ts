import { conditionSchema } from '../../src/model/conditions.ts'
import { previewSegment } from '../../src/segments/preview-segment.ts'
import { compare, named, openSegments, type SegmentRig } from '../support/segment-rig.ts'

let rig: SegmentRig

beforeAll(async () => {
  rig = await openSegments()
})
afterAll(() => rig.api.close())

test('a preview counts and shows some', async () => {
  for (let at = 0; at < 12; at++) await rig.makeContact({ firstName: 'Previewed', name: `P ${at}` })
  const condition = named('Previewed')
  const preview = await rig.ask<{ count: number; estimated: boolean; sample: object[] }>(
    200,
    'POST',
    '/segments/preview',
    { condition },
  )
  expect(preview).toMatchObject({ count: 12, estimated: false })
  expect(preview.sample).toHaveLength(10)
  expect(preview.sample[0]).toMatchObject({
    name: expect.stringMatching(/^P/) as string,
    phone: expect.stringMatching(/^49/) as string,
  })
})

test('a preview that takes too long estimates, and says so', async () => {
  const { workspaceId } = rig.theirs
  await rig.rows(
    `insert into contacts (id, workspace_id, first_name)
     select gen_random_uuid(), $1, case when at % 4 = 0 then 'Fourth' else 'Other' end from generate_series(1, 20000) as at`,
    [workspaceId],
  )
  const condition = conditionSchema.parse(named('fourth'))
  const exact = await previewSegment(rig.deps, { workspaceId, condition, timeoutMs: 30_000 })
  expect(exact).toMatchObject({ count: 5_000, estimated: false })
  const estimate = await previewSegment(rig.deps, { workspaceId, condition, timeoutMs: 1 })
  expect(estimate.estimated).toBe(true)
  expect(estimate.sample).toHaveLength(10)
  // Of 2,000 drawn a quarter, give or take four standard deviations.
  expect(Math.abs(estimate.count - 5_000)).toBeLessThan(800)
})

test('evaluating tells who is in, and which part decided', async () => {
  const ann = await rig.makeContact({ firstName: 'Judged', tags: ['vip'] })
  const bob = await rig.makeContact({ firstName: 'Judged' })
  const { id } = await rig.makeLive({
    kind: 'and',
    conditions: [named('judged'), { kind: 'not', condition: { kind: 'tag', tag: 'VIP' } }],
  })
  const { items } = await rig.ask<{ items: object[] }>(200, 'POST', `/segments/${id}/evaluate`, {
    contactIds: [ann, bob],
  })
  expect(items).toMatchObject([
    {
      ...{ contactId: ann, member: false, holds: false },
      parts: [
        { field: 'condition.conditions.0', holds: true },
        { field: 'condition.conditions.1.condition', holds: true },
      ],
    },
    { contactId: bob, member: true, holds: true, parts: [{ holds: true }, { holds: false }] },
  ])
})

test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'x.__proto__.y'])(
  'an attribute called %s is not there, nor inside of another',
  async (name) => {
    await rig.ask(422, 'POST', '/segments/preview', { condition: compare(`contact.${name}`, 'exists') })
    const asked = { condition: compare(`contact.attributes.${name}`, 'exists') }
    const { fields } = await rig.ask(422, 'POST', '/segments/preview', asked)
    expect(fields).toEqual([
      { field: 'condition.path', message: `there is no attribute "${name.split('.')[0]}"` },
    ])
    await rig.rows(
      `insert into attribute_definitions (id, workspace_id, name, type, label) values (gen_random_uuid(), $1, 'doc', 'json', 'doc')
       on conflict do nothing`,
      [rig.ours.workspaceId],
    )
    const inside = { condition: compare(`contact.doc.${name}`, 'exists') }
    expect(await rig.ask(200, 'POST', '/segments/preview', inside)).toMatchObject({ count: 0 })
  },
)

const event = (name: string, path?: string) => ({
  ...{ kind: 'event', event: name },
  ...(path !== undefined && { where: compare(path, 'exists') }),
})

test('attributes and events that are nowhere declared are named, and those of the product are known', async () => {
  for (const [name, type] of Object.entries({ plan: 'string', langs: 'list', basket: 'json' }))
    await rig.ask(201, 'POST', '/attributes', { name, type })
  await rig.ask(201, 'POST', '/event-types', { name: 'bought', attributes: { amount: 'float', box: 'json' } })
  const all = (conditions: unknown[]) => ({ kind: 'and', conditions })
  const known = all([
    ...'tags tags.0 phone wa_id username name id spam created_at plan attributes.plan attributes.city langs.0 langs.length basket.a.0.b'
      .split(' ')
      .map((name) => compare(`contact.${name}`, 'exists')),
    ...[event('bought', 'event.amount'), event('bought', 'event.box.a.0'), event('tag_added', 'event.tag')],
    ...[event('message_read', 'event.type'), event('order_placed', 'event.items.0.sku')],
  ])
  await rig.ask(200, 'POST', '/segments/preview', { condition: known })
  await rig.ask(200, 'POST', '/contacts/query', { condition: known })
  const wrong = all([
    compare('contact.plan', 'exists'),
    compare('contact.Plan', 'exists'),
    { kind: 'not', condition: compare('contact.attributes.phone', 'exists') },
    compare('contact.plan.x', 'exists'),
    compare('contact.langs.first', 'exists'),
    compare('contact.attributes', 'exists'),
    event('sold'),
    event('constructor'),
    event('bought', 'event.price'),
    event('tag_added', 'event.tag.x'),
  ])
  const problems = [
    ['1.path', 'there is no attribute "Plan"'],
    ['2.condition.path', 'there is no attribute "phone"'],
    ['3.path', '"plan" is of the type string: there is no "x" in it'],
    ['4.path', '"langs" is of the type list: there is no "first" in it'],
    ['5.path', 'must name an attribute'],
    ['6.event', 'there is no event "sold"'],
    ['7.event', 'there is no event "constructor"'],
    ['8.where.path', 'the event "bought" has no attribute "price"'],
    ['9.where.path', '"tag" is of the type string: there is no "x" in it'],
  ].map(([field, message]) => ({ field: `condition.conditions.${field}`, message }))
  const live = { kind: 'live', name: 'Names', condition: known }
  const { id } = await rig.ask<{ id: string }>(201, 'POST', '/segments', live)
  const condition = wrong
  for (const [method, path, body] of [
    ['POST', '/segments', { ...live, name: 'Wrong', condition }],
    ['POST', '/segments/preview', { condition }],
    ['PATCH', `/segments/${id}`, { condition }],
    ['POST', '/contacts/query', { condition }],
  ] as const)
    expect((await rig.ask(422, method, path, body)).fields).toEqual(problems)
  const view = await rig.ask(422, 'POST', '/contact-views', { name: 'Wrong', query: { condition } })
  expect(view.fields?.[0]).toMatchObject({ field: 'query.condition.conditions.1.path' })
  const batch = { action: { type: 'mark-spam' }, filter: { condition } }
  const { fields } = await rig.ask(422, 'POST', '/contact-batches', batch)
  expect(fields?.[0]).toMatchObject({ field: 'filter.condition.conditions.1.path' })
})

test('what is folded into digits is a text all the same: no number equals it', async () => {
  await rig.ask(201, 'POST', '/attributes', { name: 'floor', type: 'json' })
  await rig.makeContact({ attributes: { floor: 12 } })
  const wide = await rig.makeContact({ attributes: { floor: '１２' } })
  for (const condition of [
    compare('contact.floor', 'equals', '１２'),
    compare('contact.floor', 'in', ['１２']),
  ]) {
    const { sample } = await rig.ask<{ sample: object[] }>(200, 'POST', '/segments/preview', { condition })
    expect(sample).toMatchObject([{ contactId: wide }])
  }
})

test('a value that cannot be compared with says what is wrong with it', async () => {
  const problemOf = async (condition: unknown) => {
    const { fields } = await rig.ask(400, 'POST', '/segments/preview', { condition })
    return fields?.map(({ field, message }) => `${field.replace('condition.', '')} ${message}`).join('; ')
  }
  const given = (value: unknown) => problemOf(compare('contact.city', 'in', value))
  const long = 'x'.repeat(5_000)
  expect(await given(Array.from({ length: 5_000 }, String))).toMatch('at most 1,000 values: these are 5000')
  expect(await given(['a', null])).toBe('value.1 must be a text or a number')
  expect(await given(['a', long])).toMatch(/^value\.1 too big/)
  expect(await given(long)).toMatch(/^value too big/)
  expect(await given({ a: 1 })).toMatch('must be a text, a number, true or false')
  expect(await problemOf({ kind: 'tag', tag: 'x'.repeat(101) })).toMatch(/^tag too big/)
  expect(await problemOf({ kind: 'event', event: 'x', window: { since: 1 } })).toMatch(/^window/)
})

test('what no condition can mean is refused by the path of each field', async () => {
  const sql = await rig.ask(400, 'POST', '/segments/preview', {
    condition: compare(`contact.attributes.a'; drop table contacts; --`, 'exists'),
  })
  expect(sql.fields).toMatchObject([{ field: 'condition.path' }])
  const kinds = [
    compare('vars.x', 'exists'),
    compare('contact.age', 'greater', 'many'),
    compare('contact.joined', 'before', 'yesterday'),
    compare('contact.city', 'equals'),
    compare('contact.city', 'in', 'Rome'),
    compare('contact.joined', 'within-last'),
    { kind: 'last-seen', operator: 'within' },
    { kind: 'bucket', salt: 'a', from: 50, to: 10 },
    { kind: 'event', event: 'x', where: { kind: 'tag', tag: 'x' } },
    { kind: 'event', event: 'x', where: compare('contact.city', 'exists') },
    { kind: 'event', event: 'x', window: { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } },
    { kind: 'local-time', from: '25:00', to: '26:00' },
  ]
  const { fields } = await rig.ask(400, 'POST', '/segments/preview', {
    condition: { kind: 'or', conditions: kinds },
  })
  expect(fields?.map(({ field }) => field.replace('condition.conditions.', ''))).toEqual([
    ...['0.path', '1.value', '2.value', '3.value', '4.value', '5.period', '6.period', '7.to'],
    ...['8.where.kind', '9.where.path', '10.window.to', '11.from'],
  ])
})

test('depth and size of a condition are bounded', async () => {
  const nest = (depth: number): unknown => {
    let condition: unknown = named('x')
    for (let at = 1; at < depth; at++) condition = { kind: 'not', condition }
    return condition
  }
  await rig.ask(200, 'POST', '/segments/preview', { condition: nest(20) })
  const deep = await rig.ask(400, 'POST', '/segments/preview', { condition: nest(21) })
  expect(deep.fields).toEqual([{ field: 'condition', message: 'conditions may be nested 20 deep' }])
  await rig.ask(400, 'POST', '/segments/preview', { condition: nest(1_000) })
  const many = {
    kind: 'or',
    conditions: Array.from({ length: 50 }, () => ({
      kind: 'or',
      conditions: Array.from({ length: 10 }, () => named('x')),
    })),
  }
  const { fields } = await rig.ask(400, 'POST', '/segments/preview', { condition: many })
  expect(fields).toEqual([{ field: 'condition', message: 'a condition may have at most 500 parts' }])
})
