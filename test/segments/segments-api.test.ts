import { newId } from '../../src/db/columns.ts'
import { applyContactChanges } from '../../src/segments/apply-contact-changes.ts'
import { resumeBackfills } from '../../src/segments/backfill-segment.ts'
import { sweepSegments } from '../../src/segments/sweep-segments.ts'
import { named, openSegments, type SegmentAnswer, type SegmentRig } from '../support/segment-rig.ts'

let rig: SegmentRig

beforeAll(async () => {
  rig = await openSegments()
})
afterAll(() => rig.api.close())

test('of segments made at once under one name one is made', async () => {
  const made = await Promise.all(
    Array.from({ length: 12 }, () =>
      rig.api.ask('POST', '/platform/v1/segments', {
        token: rig.ours.key,
        body: { kind: 'static', name: 'At once' },
      }),
    ),
  )
  const count = (wanted: number) => made.filter(({ status }) => status === wanted).length
  expect([count(201), count(409)]).toEqual([1, 11])
})

test('contacts are subscribed to a static segment by whatever they are known by', async () => {
  const ann = await rig.makeContact({ waId: '491701', email: 'Ann@example.com' })
  const bob = await rig.makeContact({ waId: '49170222', externalId: 'crm-b' })
  const { id } = await rig.ask<SegmentAnswer>(201, 'POST', '/segments', { kind: 'static', name: 'News' })
  const named = {
    emails: ['ann@EXAMPLE.com'],
    externalIds: ['crm-b'],
    waIds: ['+49 170 222'],
    contactIds: [ann],
  }
  expect(await rig.ask(200, 'POST', `/segments/${id}/subscribe`, named)).toEqual({ named: 2, changed: 2 })
  expect(await rig.ask(200, 'POST', `/segments/${id}/subscribe`, { contactIds: [ann] })).toEqual({
    named: 1,
    changed: 0,
  })
  expect(await rig.memberIds(id)).toEqual([ann, bob].sort())
  expect(await rig.ask(200, 'POST', `/segments/${id}/unsubscribe`, { externalIds: ['crm-b'] })).toEqual({
    named: 1,
    changed: 1,
  })
  expect(await rig.ask<SegmentAnswer>(200, 'GET', `/segments/${id}`)).toMatchObject({
    kind: 'static',
    members: 1,
  })
  const events = await rig.rows(
    `select type, attributes from events where contact_id = $1 and type like 'segment%' order by at, id`,
    [bob],
  )
  expect(events).toEqual([
    { type: 'segment_entered', attributes: { segment_id: id, segment: 'News' } },
    { type: 'segment_left', attributes: { segment_id: id, segment: 'News' } },
  ])
  for (const path of [`${id}/history/${newId()}`, `${newId()}/history/${bob}`])
    await rig.ask(404, 'GET', `/segments/${path}`)
  const history = await rig.ask<{ items: object[] }>(200, 'GET', `/segments/${id}/history/${bob}`)
  expect(history.items).toMatchObject([
    { what: 'left', by: `key ${rig.ours.keyId}`, backfill: false },
    { what: 'entered', by: `key ${rig.ours.keyId}` },
  ])
  const causes = await rig.rows(
    `select c.kind, e.cause_id is not null as told from facts e join facts c on c.id = e.cause_id
     where e.contact_id = $1 and e.kind like 'segment.%' order by e.at, e.id`,
    [bob],
  )
  expect(causes.map(({ kind }) => kind)).toEqual(['segment.subscribed', 'segment.unsubscribed'])
})

test('an unknown contact, or one of several of that e-mail, changes nothing and is named', async () => {
  const ann = await rig.makeContact()
  await rig.makeContact({ email: 'two@example.com' })
  await rig.makeContact({ email: 'TWO@example.com' })
  const foreign = await rig.makeContact({}, rig.theirs.key)
  const { id } = await rig.ask<SegmentAnswer>(201, 'POST', '/segments', { kind: 'static', name: 'Strict' })
  const stranger = newId()
  const { fields } = await rig.ask(422, 'POST', `/segments/${id}/subscribe`, {
    contactIds: [ann, stranger, foreign],
    waIds: ['12', '491709999999'],
    emails: ['two@example.com'],
    externalIds: [`a'; drop table contacts; --`],
  })
  expect(fields?.map(({ field }) => field)).toEqual([
    'contactIds.1',
    'contactIds.2',
    'waIds.0',
    'waIds.1',
    'emails.0',
    'externalIds.0',
  ])
  expect(fields?.find(({ field }) => field === 'emails.0')?.message).toMatch('several contacts have')
  expect(await rig.memberIds(id)).toEqual([])
  await rig.ask(400, 'POST', `/segments/${id}/subscribe`, {})
  await rig.ask(404, 'POST', `/segments/${id}/subscribe`, { contactIds: [foreign] }, rig.theirs.key)
})

test('the first members of a live segment are found in the background: recorded, without events', async () => {
  const ann = await rig.makeContact({ firstName: 'Backfilled' })
  await rig.makeContact({ firstName: 'Other' })
  await rig.makeContact({ firstName: 'Backfilled' }, rig.theirs.key)
  const segment = await rig.makeLive(named('backFILLED'))
  expect(segment).toMatchObject({
    kind: 'live',
    members: 1,
    timeDependent: false,
    evaluatedAt: expect.any(String) as string,
  })
  expect(await rig.memberIds(segment.id)).toEqual([ann])
  expect(
    await rig.rows(`select type from events where contact_id = $1 and type = 'segment_entered'`, [ann]),
  ).toEqual([])
  const { items } = await rig.ask<{ items: object[] }>(200, 'GET', `/segments/${segment.id}/history/${ann}`)
  expect(items).toMatchObject([{ what: 'entered', backfill: true, by: null }])
  const [stored] = await rig.rows('select depends_on, backfill_id from segments where id = $1', [segment.id])
  expect(stored).toEqual({ depends_on: ['attribute:first_name', 'attribute:name'], backfill_id: null })
})

test('a changed condition finds its members anew, and what happens later follows with events', async () => {
  const ann = await rig.makeContact({ firstName: 'Before' })
  const bob = await rig.makeContact({ firstName: 'After' })
  const segment = await rig.makeLive(named('before'))
  expect(await rig.memberIds(segment.id)).toEqual([ann])
  const changed = await rig.ask<SegmentAnswer>(200, 'PATCH', `/segments/${segment.id}`, {
    name: 'Renamed',
    condition: named('after'),
  })
  expect(changed.name).toBe('Renamed')
  await rig.deps.background.drain()
  expect(await rig.memberIds(segment.id)).toEqual([bob])
  await rig.ask(200, 'PATCH', `/contacts/${ann}`, { firstName: 'After' })
  await applyContactChanges(rig.deps)
  expect(await rig.memberIds(segment.id)).toEqual([ann, bob].sort())
  const { items } = await rig.ask<{ items: object[] }>(
    200,
    'GET',
    `/segments/${segment.id}/history/${ann}?limit=2`,
  )
  expect(items).toMatchObject([
    { what: 'entered', backfill: false },
    { what: 'left', backfill: true },
  ])
})

test('what a process left when it died is taken up by another, and once the lease is over only', async () => {
  const ann = await rig.makeContact({ firstName: 'Resumed' })
  const bob = await rig.makeContact({ firstName: 'Other' })
  const segment = await rig.makeLive(named('resumed'))
  const backfillId = newId()
  const left = `update segments set evaluated_at = null, backfill_id = $1, backfill_cause_id = $1, backfill_staged = $2,
    backfill_until = now() + $3 * interval '1 minute' where id = $4`
  await rig.rows('delete from segment_members where segment_id = $1', [segment.id])
  await rig.rows('insert into segment_candidates values ($1, $2)', [backfillId, bob])
  await rig.rows(left, [backfillId, false, 1, segment.id])
  expect(await resumeBackfills(rig.deps)).toBe(0)
  await rig.rows(left, [backfillId, false, -1, segment.id])
  expect(await resumeBackfills(rig.deps)).toBe(1)
  expect(await rig.memberIds(segment.id)).toEqual([ann])
  expect(await rig.rows('select * from segment_candidates', [])).toEqual([])
  expect(await rig.ask<SegmentAnswer>(200, 'GET', `/segments/${segment.id}`)).toMatchObject({ members: 1 })
})

test('a segment may look at another; circles are refused, and what is used stays', async () => {
  const ann = await rig.makeContact({ firstName: 'Nested' })
  const inner = await rig.makeLive(named('nested'))
  const outer = await rig.makeLive({ kind: 'segment', segmentId: inner.id }, 'Outer')
  expect(await rig.memberIds(outer.id)).toEqual([ann])
  const circle = {
    condition: { kind: 'or', conditions: [named('x'), { kind: 'segment', segmentId: outer.id }] },
  }
  const { fields } = await rig.ask(422, 'PATCH', `/segments/${inner.id}`, circle)
  expect(fields).toEqual([
    {
      field: 'condition.conditions.1.segmentId',
      message: 'depends on this segment: they would wait for each other',
    },
  ])
  await rig.ask(422, 'PATCH', `/segments/${inner.id}`, {
    condition: { kind: 'segment', segmentId: inner.id },
  })
  const refused = await rig.ask(409, 'DELETE', `/segments/${inner.id}`)
  expect(JSON.stringify(refused)).toMatch('segment \\"Outer\\"')
  await rig.ask(200, 'PATCH', `/segments/${inner.id}`, { condition: named('somebody else') })
  await rig.deps.background.drain()
  await sweepSegments(rig.deps)
  await applyContactChanges(rig.deps)
  expect(await rig.memberIds(outer.id)).toEqual([])
  await rig.ask(204, 'DELETE', `/segments/${outer.id}`)
  await rig.ask(204, 'DELETE', `/segments/${inner.id}`)
  await rig.ask(404, 'GET', `/segments/${inner.id}`)
  await rig.deps.background.drain()
  expect(await rig.rows('select * from segment_members where segment_id = $1', [inner.id])).toEqual([])
  const { fields: gone } = await rig.ask(422, 'POST', '/segments/preview', {
    condition: { kind: 'segment', segmentId: inner.id },
  })
  expect(gone).toMatchObject([{ field: 'condition.segmentId', message: `there is no segment ${inner.id}` }])
})

test('a segment that a published journey names cannot be deleted', async () => {
  const { id } = await rig.ask<SegmentAnswer>(201, 'POST', '/segments', {
    kind: 'static',
    name: 'Triggering',
  })
  const numberId = await rig.addNumber()
  const [journeyId, versionId] = [newId(), newId()]
  await rig.rows(
    `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'Welcome', '{}')`,
    [journeyId, rig.ours.workspaceId, numberId],
  )
  const definition = { triggers: [{ type: 'segment-entered', segmentId: id }] }
  await rig.rows(
    'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, $4)',
    [versionId, rig.ours.workspaceId, journeyId, definition],
  )
  await rig.rows('update journeys set published_version_id = $1 where id = $2', [versionId, journeyId])
  expect(JSON.stringify(await rig.ask(409, 'DELETE', `/segments/${id}`))).toMatch('journey \\"Welcome\\"')
})

test('a copy has the condition or the members; names are taken once', async () => {
  const ann = await rig.makeContact({ firstName: 'Copied' })
  const live = await rig.makeLive(named('copied'), 'Original')
  const copy = await rig.ask<SegmentAnswer>(201, 'POST', `/segments/${live.id}/duplicate`, { name: 'Copy' })
  await rig.deps.background.drain()
  expect(await rig.memberIds(copy.id)).toEqual([ann])
  const fixed = await rig.ask<SegmentAnswer>(201, 'POST', '/segments', { kind: 'static', name: 'Fixed' })
  await rig.ask(200, 'POST', `/segments/${fixed.id}/subscribe`, { contactIds: [ann] })
  expect(
    await rig.ask<SegmentAnswer>(201, 'POST', `/segments/${fixed.id}/duplicate`, { name: 'Fixed 2' }),
  ).toMatchObject({ members: 1 })
  const { fields } = await rig.ask(409, 'POST', '/segments', { kind: 'static', name: 'FIXED' })
  expect(fields).toEqual([{ field: 'name', message: 'there is a segment "FIXED" already' }])
  await rig.ask(409, 'PATCH', `/segments/${copy.id}`, { name: 'original' })
  await rig.ask(422, 'PATCH', `/segments/${fixed.id}`, { condition: named('x') })
  await rig.ask(422, 'POST', `/segments/${live.id}/subscribe`, { contactIds: [ann] })
})

test('segments are listed by name and kind, members by name and phone, a page at a time', async () => {
  for (const name of ['Page A', 'Page B', 'Page C'])
    await rig.ask(201, 'POST', '/segments', { kind: 'static', name })
  const first = await rig.ask<{ items: SegmentAnswer[]; nextCursor: string }>(
    200,
    'GET',
    '/segments?search=page&kind=static&limit=2',
  )
  expect(first.items.map(({ name }) => name)).toEqual(['Page C', 'Page B'])
  const second = await rig.ask<{ items: SegmentAnswer[]; nextCursor: null }>(
    200,
    'GET',
    `/segments?search=page&limit=2&cursor=${first.nextCursor}`,
  )
  expect(second).toMatchObject({ items: [{ name: 'Page A' }], nextCursor: null })
  expect(await rig.ask(200, 'GET', '/segments?search=page&kind=live')).toMatchObject({ items: [] })
  expect(await rig.ask(200, 'GET', '/segments?search=page', undefined, rig.theirs.key)).toMatchObject({
    items: [],
  })
  const ids = [
    await rig.makeContact({ name: 'Zoe One' }),
    await rig.makeContact({ name: 'Zoe Two', waId: '12025550123' }),
  ]
  const segmentId = first.items[0]?.id
  await rig.ask(200, 'POST', `/segments/${segmentId}/subscribe`, { contactIds: ids })
  const list = async (query: string) =>
    (
      await rig.ask<{ items: { name: string }[] }>(200, 'GET', `/segments/${segmentId}/members?${query}`)
    ).items.map(({ name }) => name)
  expect(await list('search=zoe')).toEqual(['Zoe Two', 'Zoe One'])
  expect(await list('search=%2B1+202')).toEqual(['Zoe Two'])
  expect(await list('search=%25')).toEqual([])
  expect(await list('limit=1')).toEqual(['Zoe Two'])
})
