import { csvForm, openChatinc, type ChatincRig } from './chatinc-rig.ts'

let rig: ChatincRig
beforeAll(async () => {
  rig = await openChatinc()
})
afterAll(() => rig.close())

describe('the key', () => {
  test('is what stands in Authorization, raw, and of the right kind', async () => {
    await rig.call(200, 'GET', '/retrieve/audiences')
    expect(await rig.call(401, 'GET', '/retrieve/audiences', undefined, 'nonsense')).toMatchObject({
      status: 'error',
    })
    await rig.call(401, 'POST', '/create/audience', { id: 'a' }, ' ')
    await rig.call(403, 'GET', '/retrieve/audiences', undefined, await rig.line.makeKey('chatman'))
  })

  test('opens the base path beside Chatman’s, and nothing of it', async () => {
    const chatman = await rig.line.makeKey('chatman')
    expect(
      await rig.line.ask('GET', '/v1/public-apis/contacts', {
        headers: { authorization: `Bearer ${chatman}` },
      }),
    ).toMatchObject({ status: 200 })
    await rig.call(404, 'GET', '/retrieve/nothing')
  })
})

describe('audiences', () => {
  test('are made with contacts, and an id that is there adds to it; the platform sees a static segment', async () => {
    const made = await rig.post('/create/audience', {
      ...{ id: 'myAudienceId', name: 'My Audience', description: 'This is my audience' },
      contacts: [{ number: '1234567890' }, { number: '+49 170 1000001' }],
    })
    expect(made).toEqual({
      ...{ status: 'success', id: 'myAudienceId', name: 'My Audience', description: 'This is my audience' },
      ...{ contacts: 2, created: true, added: 2 },
    })
    expect(await rig.audience('myAudienceId', '491701000002', '1234567890')).toMatchObject({
      created: false,
      added: 1,
      contacts: 3,
    })
    const { items } = await rig.line.platform<{ items: object[] }>(
      200,
      'GET',
      '/segments?search=My%20Audience',
    )
    expect(items).toMatchObject([
      { kind: 'static', ref: 'myAudienceId', members: 3, description: 'This is my audience' },
    ])
    expect(await rig.call<object[]>(200, 'GET', '/retrieve/audiences')).toContainEqual({
      ...{ id: 'myAudienceId', name: 'My Audience', description: 'This is my audience', contacts: 3 },
    })
  })

  test('are Chatman’s segments too, and their contacts its users', async () => {
    const headers = { authorization: `Bearer ${await rig.line.makeKey('chatman')}` }
    const segments = await rig.line.ask('GET', '/v1/public-apis/segments?search_key=My%20Audience', {
      headers,
    })
    expect(segments.body['data']).toMatchObject([{ segment_name: 'My Audience' }])
    const user = await rig.line.ask('GET', '/v1/public-apis/contacts/491701000001', { headers })
    expect(user).toMatchObject({ status: 200, body: { wa_id: '491701000001' } })
    const added = {
      phone_number: '1701000009',
      country_code: '49',
      system_attributes: { first_name: 'Ida', email: 'ida@example.com' },
    }
    expect(await rig.line.ask('POST', '/v1/public-apis/contacts', { headers, body: added })).toMatchObject({
      status: 201,
    })
    await rig.audience('ofChatman', '491701000009')
    expect(await rig.post('/retrieve/audience/contacts', { id: 'ofChatman' })).toEqual([
      { number: '491701000009', name: 'Ida' },
    ])
  })

  test('made on the platform are found by their id or exact name', async () => {
    const segment = await rig.line.platform<{ id: string }>(201, 'POST', '/segments', {
      kind: 'static',
      name: 'Frequent Shoppers',
    })
    await rig.audience('Frequent Shoppers', '491701000003')
    await rig.audience(segment.id, '491701000004')
    const contacts = await rig.post<{ number: string }[]>('/retrieve/audience/contacts', {
      id: 'Frequent Shoppers',
    })
    expect(contacts.map(({ number }) => number).sort()).toEqual(['491701000003', '491701000004'])
    expect(
      await rig.call<object[]>(200, 'GET', `/retrieve/audience/contacts?id=${segment.id}&limit=1&page=2`),
    ).toHaveLength(1)
    expect(await rig.refused('/retrieve/audience/contacts', { id: 'frequent shoppers' })).toMatchObject({
      field: 'id',
    })
    expect(await rig.refused('/retrieve/audience/contacts', {})).toMatchObject({ field: 'id' })
  })

  test('refuse what is no phone number, and store none of it', async () => {
    const contacts = [{ number: '491701000005' }, { number: 'nobody' }]
    expect(await rig.refused('/create/audience', { id: 'half', contacts })).toMatchObject({
      field: 'contacts.1.number',
    })
    expect(await rig.line.rows(`select 1 from identities where value = '491701000005'`)).toEqual([])
    expect(await rig.refused('/create/audience', {})).toMatchObject({ field: 'id' })
  })

  test('are made of a file, its fields before or behind it', async () => {
    const file = 'name,number\nAnn,+4917099000001\nBob,+4917099000002\nNobody,none\n'
    expect(
      await rig.post('/create/audience/from/file', csvForm(file, { name: 'testos', id: 'testos' })),
    ).toMatchObject({
      ...{ id: 'testos', name: 'testos', contacts: 2 },
      file: { status: 'completed', rows: 3, accepted: 2, rejected: 1 },
    })
    expect(
      await rig.post('/create/audience/from/file', csvForm('number\n+4917099000003\n', { id: 'testos' })),
    ).toMatchObject({
      contacts: 3,
    })
    expect(await rig.refused('/create/audience/from/file', csvForm(file, { name: 'x' }))).toMatchObject({
      field: 'id',
    })
    expect(await rig.refused('/create/audience/from/file', csvForm('a,b\n1,2\n', { id: 'x' }))).toMatchObject(
      {
        field: 'file',
      },
    )
    expect(await rig.line.rows(`select 1 from imports where state <> 'completed'`)).toEqual([])
  })
})

describe('variable groups', () => {
  test('are made from JSON and retrieved', async () => {
    const made = await rig.post('/create/variable/group', {
      ...{ id: 'myVariableGroupId', name: 'My Variable Group', description: 'This is my variable group' },
      fields: ['first_name', 'last_name'],
      values: [{ number: '1234567890', first_name: 'John', last_name: 'Doe' }],
    })
    expect(made).toMatchObject({
      status: 'success',
      id: 'myVariableGroupId',
      fields: ['first_name', 'last_name'],
    })
    expect(await rig.post<object[]>('/retrieve/variable/groups', '')).toContainEqual(
      expect.objectContaining({ name: 'My Variable Group', fields: ['first_name', 'last_name'] }),
    )
    expect(await rig.call<object[]>(200, 'GET', '/retrieve/variable/groups')).toHaveLength(1)
    const { items } = await rig.line.platform<{ items: { id: string }[] }>(200, 'GET', '/variable-groups')
    expect(await rig.line.platform(200, 'GET', `/variable-groups/${items[0]?.id}/values`)).toMatchObject({
      items: [{ phone: '1234567890', values: { first_name: 'John', last_name: 'Doe' } }],
    })
    const wrong = { id: 'x', values: [{ number: 'nobody', a: 'b' }] }
    expect(await rig.refused('/create/variable/group', wrong)).toMatchObject({ field: 'values.0.number' })
  })

  test('are made of a file, with an audience or without', async () => {
    const file = 'number,first_name\n+4917099100001,Ann\nnone,Bob\n+4917099100002,Cem\n'
    const fields = { name: 'large_group', id: 'large_group' }
    expect(
      await rig.post('/create/variable/group/from/file', csvForm(file, { ...fields, audienceId: '30k' })),
    ).toMatchObject({
      ...{ id: 'large_group', fields: ['first_name'], lines: { read: 3, stored: 2, rejected: 1 } },
      errors: [{ line: 3, value: 'none', reason: 'holds letters' }],
      audience: { id: '30k', contacts: 2, status: 'completed' },
    })
    expect(await rig.post('/create/variable/group/from/file', csvForm(file, fields))).toMatchObject({
      audience: null,
    })
    expect(await rig.refused('/create/variable/group/from/file', csvForm(file, { name: 'x' }))).toMatchObject(
      {
        field: 'id',
      },
    )
  })
})
