import { customer, openWabbit, type WabbitRig } from './wabbit-rig.ts'

/**
 * The document's examples: every key is there and of its type. Where its parts disagree, the reference wins:
 * - `/chats/` is a bare array in the tutorial, and a page in the reference;
 * - `timestamp` of a payload is a number in the tutorial's webhook, and a text in the reference;
 * - `last_message.contact` is null in the tutorial's webhook, and a person in the reference;
 * - the tutorial's messages lack `id`, `waba_statuses`, `contact`, `context` and `tags`, the reference's have them;
 * - users lack `groups` and `permissions` in some examples, and have them in the reference.
 */
const user = {
  ...{ url: 'string', id: 0, username: 'string', first_name: 'string', last_name: 'string' },
  ...{ email: 'user@example.com', profile: { role: 'user' }, groups: [{ id: 0, name: 'string' }] },
  permissions: { can_use_tags: true, can_read_chats: 'all', can_write_to_chats: 'all' },
}
const person = {
  wa_id: 'string',
  waba_payload: { profile: { name: 'string' }, wa_id: 'string' },
  ...{ initials: 'string', last_message_timestamp: 0 },
}
const tagged = { name: 'string', web_inbox_color: 'string', tagging_id: 0, id: 0, extra: {} }
const message = {
  ...{ id: 'string', waba_payload: {}, waba_statuses: { sent: 0, delivered: 0, read: 0 }, contact: person },
  ...{ from_us: true, received: false, customer_wa_id: 'string', tags: [tagged] },
}
const chat = {
  ...{ contact: person, new_messages: 0, wa_id: 'string', last_message: message },
  ...{ assigned_to_user: user, assigned_group: { id: 0, name: 'string' }, tags: [tagged] },
}
const tagging = {
  ...{ timestamp: 0, action: 'added', tag: { id: 0, name: 'string', web_inbox_color: 'string' } },
  ...{ extra: {}, done_by: user },
}
const page = (item: object) => ({ count: 123, results: [item] })

let rig: WabbitRig
beforeAll(async () => {
  rig = await openWabbit()
  const { admin, ann } = rig.members
  const id = await rig.say('Hello :)')
  const made = await rig.call<{ id: number }>(201, admin, 'POST', '/tags/', {
    ...{ name: 'Agent needed', web_inbox_color: 'red' },
  })
  await rig.call(201, admin, 'POST', '/message_tagging/', { tag: made.id, message: id, extra: { a: 1 } })
  const groups = await rig.call<{ results: { id: number; name: string }[] }>(200, admin, 'GET', '/groups/')
  const group = groups.results.find(({ name }) => name === 'Regular user')
  await rig.call(200, admin, 'PUT', `/chats/${customer}/assignment/`, {
    ...{ wa_id: customer, assigned_to_user: ann.number, assigned_group: group?.id },
  })
  await rig.call(201, admin, 'POST', '/saved_responses/', { text: 'string' })
})
afterAll(() => rig.close())

test.each<[string, object]>([
  ['/chats/', page(chat)],
  [`/chats/${customer}/`, chat],
  [`/chats/${customer}/assignment/`, { wa_id: 'string', assigned_to_user: 0, assigned_group: 0 }],
  ['/messages/', page(message)],
  [`/messages/${customer}/?limit=20`, page(message)],
  ['/persons/', page(person)],
  [`/persons/${customer}/`, person],
  ['/tags/', page({ id: 0, name: 'string', web_inbox_color: 'string' })],
  [`/message_tagging_events/?wa_id=${customer}`, page({ ...tagging, message: 'string' })],
  [`/chat_tagging_events/?wa_id=${customer}`, page({ ...tagging, chat: 'string' })],
  [
    `/chat_assignment_events/?wa_id=${customer}`,
    page({
      ...{ timestamp: 0, wa_id: 'string', assigned_to_user_set: user, assigned_to_user_was_cleared: true },
      ...{ assigned_group_set: { id: 0, name: 'string' }, assigned_group_was_cleared: true, done_by: user },
    }),
  ],
  ['/saved_responses/', page({ id: 0, text: 'string', created_by: 'string', timestamp: 0 })],
  ['/users/', page(user)],
  ['/users/current/', user],
  ['/groups/', page({ id: 0, name: 'string' })],
  [
    `/contact_providers/contacts/${customer}/`,
    {
      person,
      contact_provider_results: [
        {
          ...{ name: 'string', initials: 'string' },
          phone_numbers: [{ phone_number: 'string', description: 'string' }],
          contact_provider: { type: 'google', name: 'string', id: '497f6eca-6276-4993-bfeb-53cbbbba6f08' },
        },
      ],
    },
  ],
])('GET %s answers as the document shows', async (path, example) => {
  const answer = await rig.call(200, rig.members.admin, 'GET', path)
  expect(differences(answer, example)).toEqual([])
})

test('the contact check says what is known, and what cannot be known is failed', async () => {
  const contacts = [customer, '+1 631 555 1001', 'nonsense']
  for (const blocking of ['no_wait', 'wait'])
    expect(await rig.call(200, rig.members.ann, 'POST', '/contacts/', { blocking, contacts })).toEqual({
      contacts: [
        { wa_id: customer, input: customer, status: 'valid' },
        { input: '+1 631 555 1001', status: 'failed' },
        { input: 'nonsense', status: 'invalid' },
      ],
    })
})

/** Where an answer lacks a key of the example, or has another type there. */
function differences(answer: unknown, example: unknown, at = ''): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(answer) || answer.length === 0) return [`${at}: no items`]
    return answer.flatMap((item, index) => differences(item, example[0], `${at}[${index}]`))
  }
  if (example !== null && typeof example === 'object') {
    if (answer === null || typeof answer !== 'object') return [`${at}: no object`]
    return Object.entries(example).flatMap(([key, value]) =>
      differences((answer as Record<string, unknown>)[key], value, `${at}.${key}`),
    )
  }
  return typeof answer === typeof example ? [] : [`${at}: ${typeof answer}, not ${typeof example}`]
}
