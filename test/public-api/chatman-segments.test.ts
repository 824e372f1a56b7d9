import { openChatman, type ChatmanRig, type WireContact, type WirePage } from './chatman-rig.ts'

interface WireSegment {
  segment_id: string
  segment_name: string
  segment_type: string
  total_users: number
}
interface WireEvaluation extends WirePage<{ user_id: string; in_segment: boolean; holds: boolean | null }> {
  total_users: number
}
let rig: ChatmanRig
let users: WireContact[]
beforeAll(async () => {
  rig = await openChatman()
  users = [
    await rig.add({ external_customer_id: 'seg-1', user_tags: ['vip'] }),
    await rig.add({ external_customer_id: 'seg-2' }),
    await rig.add({ external_customer_id: 'seg-3', user_tags: ['vip'] }),
  ]
})
afterAll(() => rig.close())

const ofUser = (at: number) => users[at] as WireContact
const create = (body: object) => rig.call<WireSegment>(201, 'POST', '/segments', body)
const evaluate = (body: object) => rig.call<WireEvaluation>(200, 'POST', '/segments/evaluate', body)
const settle = () => rig.api.deps.background.drain()

test('POST - Create Segment: a segment_name, and users in one of multiple ways', async () => {
  const made = await create({
    segment_name: 'First buyers',
    users: [
      { user_id: ofUser(0).user_id },
      { wa_id: ofUser(1).wa_id },
      { email: ofUser(2).system_attributes['email'] },
      { external_customer_id: 'seg-1' },
    ],
  })
  expect(made).toMatchObject({ segment_name: 'First buyers', segment_type: 'static', total_users: 3 })
  const shown = await rig.platform<{ items: { contactId: string }[] }>(
    200,
    'GET',
    `/segments/${made.segment_id}/members`,
  )
  expect(new Set(shown.items.map(({ contactId }) => contactId))).toEqual(
    new Set(users.map((user) => user.user_id)),
  )
})

test('a user that nobody is, is named where it stands, and no segment is made', async () => {
  const body = {
    segment_name: 'Nobody',
    users: [{ wa_id: ofUser(0).wa_id }, { email: 'nobody@example.com' }, { wa_id: '15550000001' }],
  }
  const { error } = await rig.call<{ error: { code: string; fields: { field: string }[] } }>(
    422,
    'POST',
    '/segments',
    body,
  )
  expect(error.code).toBe('unprocessable')
  expect(new Set(error.fields.map(({ field }) => field))).toEqual(new Set(['users.1.email', 'users.2.wa_id']))
  const { data } = await rig.call<WirePage<WireSegment>>(200, 'GET', '/segments?search_key=nobody')
  expect(data).toEqual([])
})

test.each([
  [{}, 'segment_name'],
  [{ segment_name: 'x', users: [{}] }, 'users.0'],
  [{ segment_name: 'x', segment_type: 'live' }, 'rules'],
  [{ segment_name: 'x', segment_type: 'static', rules: [{ tag: 'vip' }] }, 'segment_type'],
  [{ segment_name: 'x', rules: [{ tag: 'vip' }], users: [{ email: 'a@example.com' }] }, 'users'],
  [
    { segment_name: 'x', rules: [{ attribute: 'city', operator: 'resembles', value: 'P' }] },
    'rules.0.operator',
  ],
  [{ segment_name: 'x', conditions: { kind: 'tag' } }, 'conditions.tag'],
])('what is wrong with a new segment is named: %j', async (body, field) => {
  const { error } = await rig.call<{ error: object }>(400, 'POST', '/segments', body)
  expect(error).toMatchObject({ field })
})

test('a rule that names what is not there is named where it stands', async () => {
  const rules = [{ tag: 'vip' }, { segment_id: '019aa000-0000-7000-8000-000000000000' }]
  expect(await rig.call(422, 'POST', '/segments', { segment_name: 'Of nothing', rules })).toMatchObject({
    error: { code: 'unprocessable', field: 'rules.1.segment_id' },
  })
})

test('a name that is taken is refused by segment_name', async () => {
  await create({ segment_name: 'Taken' })
  expect(await rig.call(409, 'POST', '/segments', { segment_name: 'taken' })).toMatchObject({
    error: { code: 'conflict', field: 'segment_name' },
  })
})

test('live segments follow rules, one a line, or conditions as the platform has them', async () => {
  const flat = await create({
    segment_name: 'Flat',
    rules: [{ tag: 'vip' }, { attribute: 'first_name', operator: 'equals', value: 'Asha' }],
  })
  const condition = {
    kind: 'or',
    conditions: [
      { kind: 'tag', tag: 'vip', has: true },
      { kind: 'spam', is: true },
    ],
  }
  const nested = await create({ segment_name: 'Nested', segment_type: 'live', conditions: condition })
  expect([flat.segment_type, nested.segment_type]).toEqual(['live', 'live'])
  expect(await rig.platform(200, 'GET', `/segments/${nested.segment_id}`)).toMatchObject({ condition })
  await settle()
  for (const { segment_id } of [flat, nested]) {
    const { data } = await evaluate({ segment_id, user_ids: users.map((user) => user.user_id) })
    expect(new Map(data.map((each) => [each.user_id, each.holds]))).toEqual(
      new Map(users.map((user) => [user.user_id, user.user_tags.includes('vip')])),
    )
  }
})

test('GET - Get Segments List with limit, search_key, segment_type and after', async () => {
  for (const name of ['List one', 'List two', 'List three']) await create({ segment_name: name })
  const live = await create({ segment_name: 'List live', rules: [{ last_seen_within_days: 30 }] })
  const found = await rig.pages<WireSegment>('/segments?search_key=LIST')
  expect(found.map((each) => each.segment_name)).toEqual(['List live', 'List three', 'List two', 'List one'])
  const only = await rig.pages<WireSegment>('/segments?search_key=list&segment_type=live')
  expect(only.map((each) => each.segment_id)).toEqual([live.segment_id])
  expect(await rig.call(400, 'GET', '/segments?segment_type=dead')).toMatchObject({
    error: { field: 'segment_type' },
  })
})

test('POST - Subscribe to a Segment and Unsubscribe from a Segment by a list of user_ids', async () => {
  const { segment_id } = await create({ segment_name: 'Subscribers' })
  const user_ids = [ofUser(0).user_id, ofUser(1).user_id]
  const path = `/segments/${segment_id}`
  expect(await rig.call(200, 'POST', `${path}/subscribe`, { user_ids })).toEqual({
    segment_id,
    users: 2,
    changed: 2,
  })
  expect(await rig.call(200, 'POST', `${path}/subscribe`, { user_ids })).toMatchObject({ changed: 0 })
  const gone = { user_ids: [ofUser(1).user_id] }
  expect(await rig.call(200, 'POST', `${path}/unsubscribe`, gone)).toMatchObject({ users: 1, changed: 1 })
  expect(await rig.platform(200, 'GET', `${path}/members`)).toMatchObject({
    items: [{ contactId: ofUser(0).user_id }],
  })
  const nobody = { user_ids: [ofUser(2).user_id, '019aa000-0000-7000-8000-000000000000'] }
  expect(await rig.call(422, 'POST', `${path}/subscribe`, nobody)).toMatchObject({
    error: { field: 'user_ids.1' },
  })
  expect(await rig.call(400, 'POST', `${path}/subscribe`, {})).toMatchObject({ error: { field: 'user_ids' } })
  expect(await evaluate({ segment_id })).toMatchObject({ total_users: 1 })
  const live = await create({ segment_name: 'By itself', rules: [{ tag: 'vip' }] })
  const refused = await rig.call(422, 'POST', `/segments/${live.segment_id}/subscribe`, { user_ids })
  expect(refused).toMatchObject({ error: { code: 'unprocessable' } })
})

test('POST - Evaluate Segment evaluates users within a segment, and lists them page by page', async () => {
  const { segment_id } = await create({
    segment_name: 'Evaluated',
    users: users.map(({ wa_id }) => ({ wa_id })),
  })
  const outsider = await rig.add()
  const given = { users: [{ wa_id: outsider.wa_id }, { external_customer_id: 'seg-2' }] }
  const { data } = await evaluate({ segment_id, ...given })
  expect(new Map(data.map((each) => [each.user_id, each.in_segment]))).toEqual(
    new Map([
      [outsider.user_id, false],
      [ofUser(1).user_id, true],
    ]),
  )
  const first = await evaluate({ segment_id, limit: 2 })
  const last = await evaluate({ segment_id, limit: 2, after: first.paging.after })
  expect([first.data.length, last.data.length, last.paging.after]).toEqual([2, 1, null])
  const unknown = { segment_id: '019aa000-0000-7000-8000-000000000000' }
  expect(await rig.call(404, 'POST', '/segments/evaluate', unknown)).toMatchObject({
    error: { code: 'not_found' },
  })
})
