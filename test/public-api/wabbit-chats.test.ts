import { customer, openWabbit, type Page, type WabbitRig } from './wabbit-rig.ts'

let rig: WabbitRig
beforeAll(async () => {
  rig = await openWabbit()
})
afterAll(() => rig.close())

interface Chat {
  wa_id: string
  new_messages: number
  last_message: { id: string; waba_payload: { text?: { body: string } } }
  assigned_to_user: { id: number } | null
  assigned_group: { id: number; name: string } | null
}
interface Message {
  id: string
  received: boolean
  waba_payload: { timestamp: string; text: { body: string } }
}

test('chats come newest first, with what one has not received', async () => {
  await rig.say('One', { at: 1_700_000_000 })
  await rig.say('Two', { at: 1_700_000_010 })
  await rig.say('Hello', { from: '4915112345', name: 'Ann Zoe', at: 1_700_000_020 })
  const page = await rig.call<Page<Chat>>(200, rig.members.ann, 'GET', '/chats/?limit=1')
  expect(page).toMatchObject({
    count: 2,
    previous: null,
    results: [{ wa_id: '4915112345', new_messages: 1 }],
  })
  expect(page.next).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/chats\/\?limit=1&offset=1$/)
  const headers = { authorization: `Token ${rig.members.ann.token}` }
  const second = (await (await fetch(page.next ?? '', { headers })).json()) as Page<Chat>
  expect(second).toMatchObject({
    next: null,
    results: [
      { wa_id: customer, new_messages: 2, last_message: { waba_payload: { text: { body: 'Two' } } } },
    ],
  })
  expect(second.previous).toMatch(/\/chats\/\?limit=1$/)
})

test('a mark is per user, moves forward only, and holds up to its second', async () => {
  const { ann, ben } = rig.members
  const mark = (timestamp: number | string) =>
    rig.call(201, ann, 'POST', '/mark_as_received/', { timestamp, customer_wa_id: customer })
  expect(await mark(1_700_000_000)).toEqual({})
  const chat = () => rig.call<Chat>(200, ann, 'GET', `/chats/${customer}/`)
  expect((await chat()).new_messages).toBe(1)
  await mark('1700000010')
  await mark(1_600_000_000)
  expect((await chat()).new_messages).toBe(0)
  expect(await rig.call<Chat>(200, ben, 'GET', `/chats/${customer}`)).toMatchObject({ new_messages: 2 })
  await rig.call(200, ben, 'GET', `/messages/?wa_id=${customer}&mark_as_received=1&limit=1`)
  expect(await rig.call<Chat>(200, ben, 'GET', `/chats/${customer}/`)).toMatchObject({ new_messages: 0 })
})

test('messages are filtered by time: strictly older, the same or newer', async () => {
  const { ann } = rig.members
  const list = async (query: string) =>
    (await rig.call<Page<Message>>(200, ann, 'GET', `/messages/?wa_id=${customer}&${query}`)).results.map(
      ({ waba_payload }) => waba_payload.text.body,
    )
  expect(await list('')).toEqual(['Two', 'One'])
  expect(await list('before_time=1700000010')).toEqual(['One'])
  expect(await list('since_time=1700000010')).toEqual(['Two'])
  expect(await list('search=on')).toEqual(['One'])
  const inPath = await rig.call<Page<Message>>(200, ann, 'GET', `/messages/${customer}/?limit=1`)
  expect(inPath).toMatchObject({ count: 2, results: [{ received: true }] })
  expect((await rig.ask(ann, 'GET', '/messages/999999999/')).body).toEqual({ detail: 'Not found.' })
  expect(await rig.call(200, ann, 'GET', '/messages/?wa_id=999999999')).toMatchObject({
    count: 0,
    results: [],
  })
})

describe('a chat is given to users and groups:', () => {
  const path = `/chats/${customer}/assignment/`

  test('by whoever may read it while nobody has it, and by null only of oneself', async () => {
    const { ann, ben, admin } = rig.members
    const taken = { wa_id: customer, assigned_to_user: ann.number, assigned_group: null }
    expect(await rig.call(200, ann, 'PATCH', path, { assigned_to_user: ann.number })).toEqual(taken)
    expect(await rig.call(200, ben, 'GET', path)).toEqual(taken)
    await rig.call(403, ben, 'PATCH', path, { assigned_to_user: ben.number })
    await rig.call(403, ben, 'PATCH', path, { assigned_to_user: null })
    expect(await rig.call(200, ann, 'PATCH', path, { assigned_to_user: null })).toMatchObject({
      assigned_to_user: null,
    })
    await rig.call(200, ann, 'PATCH', path, { assigned_to_user: ann.number })
    await rig.call(200, admin, 'PUT', path, { wa_id: customer, assigned_to_user: String(ben.number) })
    expect(await rig.call(200, ann, 'GET', '/chats/?assigned_to_me=true')).toMatchObject({ count: 0 })
    expect(await rig.call(200, ben, 'GET', '/chats/?assigned_to_me=true')).toMatchObject({ count: 1 })
  })
  test('unknown ones are named', async () => {
    const answer = await rig.ask(rig.members.admin, 'PATCH', path, { assigned_to_user: 999_999 })
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({ assigned_to_user: ['Invalid pk "999999" - object does not exist.'] })
  })
  test('each change is an event, and what changes nothing is none', async () => {
    const { admin, ann, ben } = rig.members
    const events = () =>
      rig.call<Page>(200, ann, 'GET', `/chat_assignment_events/?wa_id=${customer}&before_time=9999999999`)
    const { count } = await events()
    await rig.call(200, admin, 'PATCH', path, { assigned_to_user: ben.number })
    expect((await events()).count).toBe(count)
    expect((await events()).results[0]).toMatchObject({
      wa_id: customer,
      assigned_to_user_set: { id: ben.number },
      assigned_to_user_was_cleared: false,
      assigned_group_was_cleared: false,
      done_by: { id: admin.number, profile: { role: 'admin' } },
    })
  })
  test('chats are filtered only by groups that one is in', async () => {
    const { admin, ann } = rig.members
    const groups = await rig.call<Page<{ id: number; name: string }>>(200, ann, 'GET', '/groups/')
    expect(groups.results.map(({ name }) => name).sort()).toEqual([
      'Admin',
      'App integration',
      'Regular user',
    ])
    const id = (name: string) => groups.results.find((group) => group.name === name)?.id
    await rig.call(200, admin, 'PUT', path, { assigned_group: id('Regular user') })
    const own = await rig.call<Page<Chat>>(200, ann, 'GET', `/chats/?assigned_group=${id('Regular user')}`)
    expect(own.results).toMatchObject([{ assigned_group: { name: 'Regular user' }, assigned_to_user: null }])
    const refused = await rig.ask(ann, 'GET', `/chats/?assigned_group=${id('Admin')}`)
    expect(refused.body).toEqual({ assigned_group: ['Only Groups the User is member of can be used.'] })
  })
})

test('a bot reads the chats that are its own, and no others', async () => {
  const { bot } = rig.members
  expect(await rig.call(200, bot, 'GET', '/chats/')).toMatchObject({ count: 0 })
  await rig.call(404, bot, 'GET', `/chats/${customer}/`)
  expect(await rig.call(200, bot, 'GET', `/messages/?wa_id=${customer}`)).toMatchObject({ count: 0 })
  await rig.assign(bot)
  expect(await rig.call(200, bot, 'GET', '/chats/')).toMatchObject({ count: 1 })
  expect(await rig.call(200, bot, 'GET', '/persons/')).toMatchObject({ count: 1 })
  await rig.assign(null)
})

test('persons are found by name and number', async () => {
  const { ann } = rig.members
  expect(await rig.call(200, ann, 'GET', '/persons/?search=zoe')).toMatchObject({
    count: 1,
    results: [{ wa_id: '4915112345', initials: 'AZ', waba_payload: { profile: { name: 'Ann Zoe' } } }],
  })
  expect(await rig.call(200, ann, 'GET', `/persons/${customer}/`)).toMatchObject({
    last_message_timestamp: 1_700_000_010,
  })
  await rig.call(404, ann, 'GET', '/persons/123456789/')
})

test('credentials are bound to a number: one contact on two numbers is two chats', async () => {
  const { ann } = rig.members
  await rig.say('On the other number', { number: rig.numbers[1] })
  expect(await rig.call(200, ann, 'GET', `/messages/${customer}/`)).toMatchObject({ count: 2 })
  await rig.bind(ann, rig.numbers[1])
  expect(await rig.call<Page<Message>>(200, ann, 'GET', `/messages/${customer}/`)).toMatchObject({
    count: 1,
    results: [{ waba_payload: { text: { body: 'On the other number' } } }],
  })
  expect(await rig.call(200, ann, 'GET', '/chats/')).toMatchObject({ count: 1 })
  await rig.bind(ann, null)
  expect(await rig.call(200, ann, 'GET', '/chats/')).toMatchObject({ count: 2 })
})
