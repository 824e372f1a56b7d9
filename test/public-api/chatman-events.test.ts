import { openChatman, type ChatmanRig, type WireContact, type WirePage } from './chatman-rig.ts'

interface WireEvent {
  event_id: string
  user_id: string
  event_name: string
  attributes: Record<string, unknown>
}
let rig: ChatmanRig
let user: WireContact
const all = {
  ...{ count: 'integer', word: 'string', price: 'float', gift: 'boolean', sizes: 'list' },
  ...{ day: 'date', moment: 'datetime', extra: 'json', ref: 'uuid' },
}
const values = {
  ...{ count: 3, word: 'yes', price: 2.5, gift: true, sizes: ['S', 7] },
  ...{ day: '2026-11-21', moment: '2026-11-21T09:30:00Z', extra: { a: [1] } },
  ref: '019aa000-0000-7000-8000-000000000001',
}
beforeAll(async () => {
  rig = await openChatman()
  user = await rig.add({ external_customer_id: 'ev-1' })
  await rig.call(201, 'POST', '/events/custom-types', { event_name: 'cart_left', attributes: all })
})
afterAll(() => rig.close())

const trigger = (body: object, status = 201) =>
  rig.call<{ event_id: string }>(status, 'POST', '/events/custom', body)
const names = (events: WireEvent[]) => events.map(({ event_name }) => event_name)

test('POST - Create Custom Event Type: event_name, and attributes with all nine data types', async () => {
  const made = await rig.call(201, 'POST', '/events/custom-types', {
    event_name: 'all_types',
    attributes: all,
  })
  expect(made).toMatchObject({ event_name: 'all_types', attributes: all })
  const { items } = await rig.platform<{ items: object[] }>(200, 'GET', '/event-types')
  expect(items).toContainEqual(expect.objectContaining({ name: 'all_types', attributes: all }))
  for (const [body, field, status] of [
    [{}, 'event_name', 400],
    [{ event_name: 'no spaces' }, 'event_name', 400],
    [{ event_name: 'x', attributes: { a: 'money' } }, 'attributes.a', 400],
    [{ event_name: 'all_types' }, 'event_name', 409],
    [{ event_name: 'message_received' }, 'event_name', 409],
  ] as const) {
    expect(await rig.call(status, 'POST', '/events/custom-types', body)).toMatchObject({ error: { field } })
  }
})

test('GET - Get Custom Events: the types, page by page', async () => {
  await rig.call(201, 'POST', '/events/custom-types', { event_name: 'third' })
  const types = await rig.pages<{ event_name: string }>('/events/custom-types?')
  expect(types.map((each) => each.event_name)).toEqual(['third', 'all_types', 'cart_left'])
})

test('POST - Trigger Custom Event with values of all types; the same event_id is the same event', async () => {
  const body = {
    event_name: 'cart_left',
    user: { wa_id: user.wa_id },
    attributes: values,
    event_id: 'mine-1',
  }
  const told = await trigger(body)
  expect(told).toMatchObject({ user_id: user.user_id, event_name: 'cart_left', duplicate: false })
  expect(await trigger(body)).toEqual({ ...told, duplicate: true })
  expect(await rig.platform(200, 'GET', `/events/${told.event_id}`)).toMatchObject({
    ...{ contactId: user.user_id, type: 'cart_left', attributes: values },
  })
})

test.each([
  [{ user_id: 'id' }],
  [{ user: { external_customer_id: 'ev-1' } }],
  [{ biz_whatsapp_user_id: 'id' }],
  [{ email: 'mail' }],
])('the user is named in one of multiple ways: %j', async (how) => {
  const email = String(user.system_attributes['email'])
  const who = JSON.parse(
    JSON.stringify(how).replace('"id"', `"${user.user_id}"`).replace('"mail"', `"${email}"`),
  ) as object
  expect(await trigger({ event_name: 'cart_left', ...who })).toMatchObject({ user_id: user.user_id })
})

test('an unknown wa_id becomes a contact, unless the event is refused', async () => {
  await trigger({ event_name: 'nothing_like_it', wa_id: '919876511111' }, 422)
  await rig.call(404, 'GET', '/contacts/919876511111')
  const { event_id } = await trigger({ event_name: 'cart_left', wa_id: '919876511111' })
  const made = await rig.call<WireContact>(200, 'GET', '/contacts/919876511111')
  expect(await rig.call(400, 'GET', '/events/custom?user_id=')).toMatchObject({ error: { field: 'user_id' } })
  expect(await rig.call(200, 'GET', `/events/custom/${event_id}`)).toMatchObject({ user_id: made.user_id })
})

test('what is wrong with an event is named', async () => {
  for (const [body, field, status] of [
    [{ user_id: 'x' }, 'event_name', 400],
    [{ event_name: 'unheard_of', user_id: user.user_id }, 'event_name', 422],
    [{ event_name: 'cart_left' }, 'user_id', 400],
    [{ event_name: 'cart_left', email: 'nobody@example.com' }, 'email', 404],
    [{ event_name: 'cart_left', user: {} }, 'user', 400],
    [{ event_name: 'cart_left', user_id: user.user_id, attributes: { count: '3' } }, 'attributes.count', 400],
    [{ event_name: 'cart_left', user_id: user.user_id, attributes: { other: 3 } }, 'attributes.other', 400],
    [{ event_name: 'cart_left', user_id: user.user_id, occurred_at: 'soon' }, 'occurred_at', 400],
  ] as const) {
    expect(await rig.call(status, 'POST', '/events/custom', body)).toMatchObject({ error: { field } })
  }
})

test('GET - Get Custom Triggered Events and Get Specific Custom Triggered Event', async () => {
  const other = await rig.add()
  const at = new Date(Date.now() - 3_600_000).toISOString()
  const early = await trigger({ event_name: 'all_types', user_id: other.user_id, occurred_at: at })
  const late = await trigger({ event_name: 'all_types', user_id: other.user_id, attributes: { count: 1 } })
  const found = await rig.pages<WireEvent>(`/events/custom?event_name=all_types&user_id=${other.user_id}`)
  expect(found.map((event) => event.event_id)).toEqual([late.event_id, early.event_id])
  const range = `start_time=${at}&end_time=${Math.floor(Date.now() / 1_000) - 1_800}`
  expect(await rig.pages<WireEvent>(`/events/custom?event_name=all_types&${range}`)).toEqual([found[1]])
  const everyone = await rig.pages<WireEvent>('/events/custom?')
  expect(new Set(names(everyone))).toEqual(new Set(['cart_left', 'all_types']))
  expect(await rig.call(200, 'GET', `/events/custom/${late.event_id}`)).toEqual(found[0])
  const [system] = await rig.pages<WireEvent>(`/users/${user.user_id}/events/system?`)
  expect(await rig.call(404, 'GET', `/events/custom/${system?.event_id}`)).toMatchObject({
    error: { code: 'not_found' },
  })
})

test('GET - Get All Events for a User, and Get System Events specific to a user', async () => {
  const someone = await rig.add({ user_tags: ['vip'] })
  await trigger({ event_name: 'cart_left', user_id: someone.user_id })
  const events = await rig.pages<WireEvent>(`/users/${someone.user_id}/events?`)
  expect(new Set(names(events))).toEqual(
    new Set(['contact_created', 'attribute_changed', 'tag_added', 'cart_left']),
  )
  expect(await rig.pages<WireEvent>(`/users/${someone.wa_id}/events?`)).toEqual(events)
  const system = await rig.pages<WireEvent>(`/users/${someone.user_id}/events/system?`)
  expect(system).toEqual(events.filter(({ event_name }) => event_name !== 'cart_left'))
  const tagged = await rig.pages<WireEvent>(`/users/${someone.user_id}/events?event_name=tag_added`)
  expect(tagged).toMatchObject([{ attributes: { tag: 'vip' } }])
  expect(await rig.call(404, 'GET', '/users/919876500999/events')).toMatchObject({
    error: { field: 'user_id' },
  })
})

test('POST - Evaluate User System Events: whether, how often, first and last, within a time range', async () => {
  const body = { user_id: user.user_id, event_names: ['attribute_changed', 'opted_out'] }
  const evaluate = (more: object = {}) =>
    rig.call(200, 'POST', '/events/system/evaluate', { ...body, ...more })
  const told = await evaluate()
  expect(told).toMatchObject({
    user_id: user.user_id,
    data: [
      { event_name: 'attribute_changed', occurred: true, count: 2, last_attributes: { old: null } },
      { event_name: 'opted_out', occurred: false, count: 0, first_occurred_at: null, last_attributes: null },
    ],
  })
  expect(await evaluate({ end_time: 1_600_000_000 })).toMatchObject({ data: [{ count: 0 }, { count: 0 }] })
  const unknown = { ...body, event_names: ['cart_left'] }
  expect(await rig.call(400, 'POST', '/events/system/evaluate', unknown)).toMatchObject({
    error: { field: 'event_names.0' },
  })
})

test('GET - Get System Attribute Types', async () => {
  const { data } = await rig.call<{ data: object[] }>(200, 'GET', '/events/system-attributes')
  for (const [attribute_name, attribute_type, group, writable] of [
    ...[
      ['first_name', 'string', 'user', true],
      ['date_of_birth', 'date', 'user', true],
    ],
    ...[
      ['whatsapp_opted', 'boolean', 'user', false],
      ['window_open', 'boolean', 'chat_status', false],
    ],
    ['last_seen_at', 'datetime', 'user_status', false],
  ]) {
    expect(data).toContainEqual({ attribute_name, attribute_type, group, writable })
  }
})

describe('one contact on two numbers', () => {
  let contact: WireContact
  beforeAll(async () => {
    contact = await rig.add()
    const { workspaceId } = rig.workspace
    for (const [at, { id }] of rig.numbers.entries()) {
      await rig.sql(
        `with v as (insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
           values (uuidv7(), $1, $2, $3, now() + $4 * interval '1 hour') returning id),
         e as (insert into conversation_episodes (id, workspace_id, conversation_id, closed_at, outcome)
           select uuidv7(), $1, id, case when $4 < 0 then now() end, case when $4 < 0 then 'silence' end from v)
         insert into messages (id, workspace_id, number_id, contact_id, conversation_id, direction, type, content, text, fact_id)
         select uuidv7(), $1, $2, $3, id, 'in', 'text', '{}', $5, uuidv7() from v`,
        [workspaceId, id, contact.user_id, at === 0 ? 5 : -5, `to number ${at + 1}`],
      )
    }
  })
  const [mine, other] = [() => rig.numbers[0].key, () => rig.numbers[1].key]
  const status = (key: string) =>
    rig.call(200, 'POST', '/events/system-attributes/chat-status', { wa_id: contact.wa_id }, key)

  test('POST - Evaluate Chat Status gives the chat with the key’s number', async () => {
    expect(await status(mine())).toMatchObject({
      ...{
        user_id: contact.user_id,
        chat_status: 'open',
        window_open: true,
        closed_at: null,
        held_by: 'nobody',
      },
      last_message_received_at: expect.any(String),
    })
    expect(await status(other())).toMatchObject({
      chat_status: 'closed',
      window_open: false,
      closed_by: 'silence',
    })
    const silent = await rig.add()
    const never = { user_id: silent.user_id }
    expect(await rig.call(200, 'POST', '/events/system-attributes/chat-status', never)).toMatchObject({
      ...{ chat_status: 'none', last_message_received_at: null },
    })
  })

  test('each key sees the messages of its own number, and the same contact', async () => {
    for (const [at, key] of [mine(), other()].entries()) {
      const path = `/users/${contact.user_id}/events?event_name=message_received`
      const { data } = await rig.call<WirePage<WireEvent>>(200, 'GET', path, undefined, key)
      expect(data.map((event) => event.attributes['text'])).toEqual([`to number ${at + 1}`])
      const asked = { user_id: contact.user_id, event_name: 'message_received' }
      const counted = await rig.call(200, 'POST', '/events/system/evaluate', asked, key)
      expect(counted).toMatchObject({
        data: [{ count: 1, last_attributes: { text: `to number ${at + 1}` } }],
      })
      expect(await rig.call(200, 'GET', `/contacts/${contact.wa_id}`, undefined, key)).toMatchObject({
        user_id: contact.user_id,
      })
    }
  })

  test('POST - Evaluate User Status gives what holds for the user as a whole', async () => {
    const body = { user_id: contact.user_id }
    const path = '/events/system-attributes/user-status'
    expect(await rig.call(200, 'POST', path, body)).toMatchObject({
      ...{ user_id: contact.user_id, whatsapp_opted: true, is_spam: false, reachable: true },
      ...{ whatsapp_status: 'unknown', opted_out_at: null },
    })
    const said = { category: 'all', state: 'opted_out', source: 'phone', text: 'no more' }
    await rig.platform(200, 'PUT', `/contacts/${contact.user_id}/consent`, said)
    expect(await rig.call(200, 'POST', path, body)).toMatchObject({
      whatsapp_opted: false,
      consents: expect.arrayContaining([
        expect.objectContaining({ category: 'marketing', state: 'opted_out' }),
      ]),
    })
    expect(await rig.call(400, 'POST', path, {})).toMatchObject({ error: { code: 'invalid_input' } })
  })
})

test('GET - Get Campaign Events by Campaign ID: of the key’s number, newest first, by pages and by name', async () => {
  const { workspaceId } = rig.workspace
  const [campaignId] = [rig.numbers[0].id]
  await rig.sql(
    `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id)
     values ($1, $2, $1, 'spring', 'Spring', 'one-time', '{}', 'test', $1)`,
    [campaignId, workspaceId],
  )
  for (const { id: numberId } of rig.numbers)
    await rig.sql(
      `with met as (insert into conversations (id, workspace_id, number_id, contact_id) values (uuidv7(), $1, $2, $3)
         on conflict (number_id, contact_id) do update set contact_id = excluded.contact_id returning id)
       insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, fact_id, send_key,
         class, state, accepted_at, delivered_at, read_at, campaign_id)
       select uuidv7(), $1, met.id, $2, $3, 'out', 'template', '{}', $3, 'campaign/' || met.id, 'marketing', 'accepted',
         '2026-11-20T10:00:00Z', null, '2026-11-20T10:05:00Z', $4 from met`,
      [workspaceId, numberId, user.user_id, campaignId],
    )
  const path = `/events/campaigns/${campaignId}`
  const { data } = await rig.call<WirePage<WireEvent>>(200, 'GET', path)
  expect(names(data)).toEqual(['message_sent', 'message_delivered', 'message_read'])
  expect(data[0]).toMatchObject({ user_id: user.user_id, occurred_at: '2026-11-20T10:00:00.000Z' })
  expect(names(await rig.pages<WireEvent>(`${path}?`))).toEqual(names(data))
  const read = await rig.call<WirePage<WireEvent>>(200, 'GET', `${path}?event_name=message_read`)
  expect(names(read.data)).toEqual(['message_read'])
  const late = await rig.call<WirePage<WireEvent>>(200, 'GET', `${path}?start_time=2026-11-20T10:01:00Z`)
  expect(late.data).toHaveLength(2)
  await rig.call(404, 'GET', `/events/campaigns/${user.user_id}`)
  await rig.call(400, 'GET', '/events/campaigns/spring')
})
