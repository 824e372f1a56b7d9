import { openChatman, type ChatmanRig, type WirePage } from './chatman-rig.ts'

let rig: ChatmanRig
beforeAll(async () => {
  rig = await openChatman()
})
afterAll(() => rig.close())

const definition = (word: string) => ({
  start: 'say',
  triggers: [{ type: 'api' }, { type: 'user-utterance', keywords: [word] }],
  cards: { say: { type: 'message', settings: { text: 'Hi' } } },
})
async function publish(name: string, numberId = rig.numbers[0].id): Promise<string> {
  const { id } = await rig.platform<{ id: string }>(201, 'POST', '/journeys', {
    ...{ numberId, name },
    draft: definition(name),
  })
  await rig.platform(201, 'POST', `/journeys/${id}/publish`, {})
  return id
}
interface WireJourney {
  journey_id: string
  journey_name: string
  status: string
}

test('journeys of the key’s number are listed in pages and searched; another number’s are not there', async () => {
  const ids = [await publish('Welcome one'), await publish('Welcome two'), await publish('Farewell')]
  const others = await publish('Welcome elsewhere', rig.numbers[1].id)
  const all = await rig.pages<WireJourney>('/journeys?search_key=e')
  expect(all.map(({ journey_id }) => journey_id)).toEqual(ids.toReversed())
  expect(all[0]).toMatchObject({ journey_name: 'Farewell', status: 'published', is_published: true })
  const found = await rig.call<WirePage<WireJourney>>(
    200,
    'GET',
    '/journeys?search_key=welcome&phone_number=100000000000001',
  )
  expect(found.data.map(({ journey_name }) => journey_name)).toEqual(['Welcome two', 'Welcome one'])
  expect(await rig.call(422, 'GET', '/journeys?phone_number=49301')).toMatchObject({
    error: { field: 'phone_number' },
  })
  await rig.call(404, 'GET', `/${others}/users/`)
  await rig.call(404, 'DELETE', `/delete-journey/${others}`)
})

test('users of a journey, and its end', async () => {
  const journey = await publish('Inside')
  const ann = await rig.add()
  const bob = await rig.add()
  for (const { user_id: contactId } of [ann, bob])
    await rig.platform(201, 'POST', `/journeys/${journey}/runs`, { contactId })
  const users = await rig.pages<{ user_id: string; status: string }>(`/${journey}/users/?x=1`)
  expect(users).toMatchObject([
    { user_id: bob.user_id, status: 'running', current_card: 'say', exited_at: null },
    { user_id: ann.user_id },
  ])
  expect(await rig.call(200, 'DELETE', `/delete-journey/${journey}`)).toEqual({
    journey_id: journey,
    deleted: true,
  })
  await rig.call(404, 'DELETE', `/delete-journey/${journey}`)
  await rig.platform(404, 'GET', `/journeys/${journey}`)
})

test('texts and lists go into the ledger of the key’s number, in WhatsApp’s shape; outside of the window they are refused', async () => {
  const ann = await rig.add()
  const text = { user_id: ann.user_id, text: 'Your parcel is here', preview_url: true }
  expect(await rig.call(422, 'POST', '/messages/text', text)).toMatchObject({
    error: { code: 'window_closed' },
  })
  await rig.sql(`update conversations set window_ends_at = now() + interval '1 day' where contact_id = $1`, [
    ann.user_id,
  ])
  const sent = await rig.call<{ message_id: string }>(201, 'POST', '/messages/text', text)
  expect(sent).toMatchObject({ user_id: ann.user_id, status: 'planned' })
  const list = {
    user: { wa_id: ann.wa_id },
    body: 'Which size?',
    button: 'Sizes',
    sections: [
      {
        rows: [
          { id: 's', title: 'Small' },
          { id: 'l', title: 'Large', description: 'roomy' },
        ],
      },
    ],
  }
  const listed = await rig.call<{ message_id: string }>(201, 'POST', '/messages/list', list)
  const rows = await rig.sql('select number_id, content from messages where id = any($1) order by id', [
    [sent.message_id, listed.message_id],
  ])
  expect(rows).toEqual([
    { number_id: rig.numbers[0].id, content: { type: 'text', text: { body: text.text, preview_url: true } } },
    {
      number_id: rig.numbers[0].id,
      content: {
        type: 'interactive',
        interactive: {
          type: 'list',
          body: { text: 'Which size?' },
          action: { button: 'Sizes', sections: list.sections },
        },
      },
    },
  ])
  const twoSections = {
    ...list,
    sections: [{ rows: [{ id: 'a', title: 'A' }] }, { rows: [{ id: 'b', title: 'B' }] }],
  }
  expect(await rig.call(400, 'POST', '/messages/list', twoSections)).toMatchObject({
    error: { field: 'sections.0.title' },
  })
  await rig.call(404, 'POST', '/messages/text', { text: 'To whom?', user_id: rig.workspace.workspaceId })
})
