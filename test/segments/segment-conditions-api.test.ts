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
  'an attribute called %s is an attribute',
  async (name) => {
    const asked = { condition: compare(`contact.attributes.${name}`, 'exists') }
    expect(await rig.ask(200, 'POST', '/segments/preview', asked)).toMatchObject({ count: 0 })
  },
)

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
