import { customer, openWabbit, type Page, type WabbitRig } from './wabbit-rig.ts'

let rig: WabbitRig
let message = ''
let tagId = 0
beforeAll(async () => {
  rig = await openWabbit()
  message = await rig.say('I need somebody')
  tagId = (await rig.call<{ id: number }>(201, rig.members.admin, 'POST', '/tags/', { name: 'Agent needed' }))
    .id
})
afterAll(() => rig.close())

interface Tagging {
  id: number
  tag: number
  extra: object | null
}

test('tagging a message tags its chat, each pair once, with an event for each', async () => {
  const { ann } = rig.members
  const body = { tag: tagId, message, extra: { score: 0.9 } }
  const made = await rig.call<Tagging>(201, ann, 'POST', '/message_tagging/', body)
  expect(made).toEqual({ id: expect.any(Number), ...body })
  expect(await rig.call(200, ann, 'GET', `/message_tagging/${made.id}/`)).toEqual(made)
  const again = await rig.ask(ann, 'POST', '/message_tagging/', body)
  expect([again.status, again.body]).toEqual([
    400,
    { non_field_errors: ['The fields tag, message must make a unique set.'] },
  ])
  const tagged = { name: 'Agent needed', id: tagId, web_inbox_color: null, extra: { score: 0.9 } }
  expect(await rig.call(200, ann, 'GET', `/chats/${customer}/`)).toMatchObject({
    tags: [tagged],
    last_message: { tags: [{ ...tagged, tagging_id: made.id }] },
  })
  const event = { action: 'added', tag: { id: tagId }, extra: { score: 0.9 }, done_by: { id: ann.number } }
  const path = `?wa_id=${customer}`
  expect(await rig.call(200, ann, 'GET', `/message_tagging_events/${path}`)).toMatchObject({
    count: 1,
    results: [{ ...event, message }],
  })
  expect(await rig.call(200, ann, 'GET', `/chat_tagging_events/${path}`)).toMatchObject({
    count: 1,
    results: [{ ...event, chat: customer }],
  })
})

test('a tagging that is deleted can be made again; the chat keeps its own', async () => {
  const { ann } = rig.members
  const { results } = await rig.call<Page<{ tags: { tagging_id: number }[] }>>(200, ann, 'GET', '/messages/')
  const id = results[0]?.tags[0]?.tagging_id
  await rig.call(204, ann, 'DELETE', `/message_tagging/${id}/`)
  await rig.call(404, ann, 'GET', `/message_tagging/${id}/`)
  expect(await rig.call(200, ann, 'GET', `/chats/${customer}/`)).toMatchObject({
    tags: [{ id: tagId }],
    last_message: { tags: [] },
  })
  await rig.call(201, ann, 'POST', '/message_tagging/', { tag: String(tagId), message })
  expect(await rig.call(200, ann, 'GET', `/message_tagging_events/?message_id=${message}`)).toMatchObject({
    count: 3,
    results: [{ action: 'added' }, { action: 'removed' }, { action: 'added' }],
  })
})

test('a chat is tagged and untagged by itself, which the platform shows as its labels', async () => {
  const { ann } = rig.members
  const vip = await rig.call<{ id: number }>(201, ann, 'POST', '/tags/', {
    name: 'VIP',
    web_inbox_color: '#ff0000',
  })
  const made = await rig.call<Tagging>(201, ann, 'POST', '/chat_tagging/', { tag: vip.id, chat: customer })
  expect(made).toEqual({ id: expect.any(Number), tag: vip.id, chat: customer, extra: null })
  const twice = await rig.ask(ann, 'POST', '/chat_tagging/', { tag: vip.id, chat: customer })
  expect(twice.body).toEqual({ non_field_errors: ['The fields tag, chat must make a unique set.'] })
  const { items } = await rig.platform<{ items: { labels: { name: string }[] }[] }>(
    200,
    'GET',
    '/conversations',
  )
  expect(items[0]?.labels.map(({ name }) => name)).toEqual(['Agent needed', 'VIP'])
  await rig.call(204, ann, 'DELETE', `/chat_tagging/${made.id}/`)
  await rig.call(404, ann, 'DELETE', `/chat_tagging/${made.id}/`)
})

test('what is not there is named', async () => {
  const { ann } = rig.members
  const wrong = async (path: string, body: object) => (await rig.ask(ann, 'POST', path, body)).body
  expect(await wrong('/chat_tagging/', { tag: 999_999, chat: customer })).toEqual({
    tag: ['Invalid pk "999999" - object does not exist.'],
  })
  expect(await wrong('/chat_tagging/', { tag: tagId, chat: '111111111' })).toEqual({
    chat: ['Invalid pk "111111111" - object does not exist.'],
  })
  expect(await wrong('/message_tagging/', { tag: tagId, message: 'wamid.none' })).toEqual({
    message: ['Invalid pk "wamid.none" - object does not exist.'],
  })
  expect(await wrong('/tags/', { name: 'VIP' })).toEqual({ name: ['Tag with this name already exists.'] })
})

test('who may not use tags, or not read the chat, tags nothing', async () => {
  const { admin, ben, bot } = rig.members
  await rig.call(200, admin, 'PATCH', `/users/${ben.number}/`, { permissions: { can_use_tags: false } })
  await rig.call(403, ben, 'POST', '/tags/', { name: 'Mine' })
  await rig.call(403, ben, 'POST', '/chat_tagging/', { tag: tagId, chat: customer })
  await rig.call(400, bot, 'POST', '/message_tagging/', { tag: tagId, message })
})

describe('webhooks:', () => {
  const url = 'https://bot.test/hook?auth=shared'

  test('each user has one, with its flags; the admin sees all', async () => {
    const { bot, ann, admin } = rig.members
    const made = await rig.call<{ id: number }>(201, bot, 'POST', '/waba_webhooks/', {
      url,
      on_assigned: 'true',
    })
    const shown = {
      id: made.id,
      user: { id: bot.number, username: bot.username, url: expect.stringContaining(`/users/${bot.number}/`) },
      ...{ url, on_incoming_message: true, on_outgoing_message: false, on_assigned: true },
    }
    expect(made).toEqual(shown)
    const second = await rig.ask(bot, 'POST', '/waba_webhooks/', { url })
    expect([second.status, second.body]).toEqual([
      400,
      { non_field_errors: ['You can create only one WABA Webhook per API User.'] },
    ])
    expect(await rig.call(200, ann, 'GET', '/waba_webhooks/')).toMatchObject({ count: 0 })
    expect(await rig.call(200, admin, 'GET', '/waba_webhooks/')).toMatchObject({ count: 1, results: [shown] })
    await rig.call(404, ann, 'GET', `/waba_webhooks/${made.id}/`)
    await rig.call(404, ann, 'DELETE', `/waba_webhooks/${made.id}/`)
    const changed = { ...shown, on_outgoing_message: true, on_incoming_message: false }
    expect(
      await rig.call(200, bot, 'PUT', `/waba_webhooks/${made.id}/`, {
        ...{ url, on_outgoing_message: true, on_incoming_message: false },
      }),
    ).toEqual(changed)
    await rig.call(204, admin, 'DELETE', `/waba_webhooks/${made.id}/`)
    await rig.call(404, bot, 'GET', `/waba_webhooks/${made.id}/`)
  })
  test('addresses are addresses', async () => {
    for (const wrong of ['not a url', 'ftp://x.test/', 'javascript:alert(1)'])
      expect((await rig.ask(rig.members.ann, 'POST', '/waba_webhooks/', { url: wrong })).body).toEqual({
        url: ['Enter a valid URL.'],
      })
  })
})

test('saved responses name who wrote them, and are the platform’s own', async () => {
  const { ann } = rig.members
  const made = await rig.call(201, ann, 'POST', '/saved_responses/', { text: 'Thank you!' })
  const shown = {
    id: expect.any(Number),
    text: 'Thank you!',
    created_by: ann.username,
    timestamp: expect.any(Number),
  }
  expect(made).toEqual(shown)
  expect(await rig.call(200, ann, 'GET', '/saved_responses/')).toMatchObject({ count: 1, results: [shown] })
  expect(await rig.platform(200, 'GET', '/saved-responses')).toMatchObject({
    items: [{ text: 'Thank you!' }],
  })
})
