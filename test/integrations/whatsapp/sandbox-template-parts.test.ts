import { ACCOUNT, startSandboxRig } from './sandbox-rig.ts'

const rig = await startSandboxRig({ pairLimit: false, messagesPerSecond: null, templateReviewMs: 3_600_000 })
const path = `/v23.0/${ACCOUNT}/message_templates`

describe('resumable uploads', () => {
  const open = (query: string) => rig.call('POST', `/v23.0/app/uploads?${query}`)
  const give = (id: string, bytes: Uint8Array<ArrayBuffer>, offset: number) =>
    fetch(`${rig.url}/v23.0/${id}`, {
      method: 'POST',
      headers: { authorization: 'OAuth token', file_offset: String(offset) },
      body: bytes,
    }).then(async (response) => ({
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
    }))

  test('a session takes a file in parts and gives a handle', async () => {
    const { body } = await open('file_name=a.png&file_length=10&file_type=image/png')
    expect(body.id).toMatch(/^upload:[\w-]+\?sig=/)
    expect((await give(body.id, new Uint8Array(4), 0)).body).toMatchObject({ file_offset: 4 })
    expect((await rig.call('GET', `/v23.0/${body.id}`)).body).toMatchObject({ file_offset: 4 })
    expect((await give(body.id, new Uint8Array(4), 0)).status).toBe(400)
    expect((await give(body.id, new Uint8Array(6), 4)).body).toEqual({
      h: expect.stringMatching(/^4::/) as string,
    })
    expect((await give(body.id, new Uint8Array(6), 4)).body).toMatchObject({ error: { error_subcode: 33 } })
  })

  test.each([
    'file_length=10&file_type=text/html',
    'file_length=0&file_type=image/png',
    'file_type=image/png',
  ])('%s is refused', async (query) => {
    expect((await open(query)).body.error.code).toBe(100)
  })
})

const picture = { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::x'] } }
const card = (
  text: string,
  buttons: object[] = [{ type: 'QUICK_REPLY', text: 'More' }],
  header: object = picture,
) => ({
  components: [header, { type: 'BODY', text }, { type: 'BUTTONS', buttons }],
})
const carousel = (cards: object[]) => [
  { type: 'BODY', text: 'Look at these' },
  { type: 'CAROUSEL', cards },
]
const create = (name: string, components: object[]) =>
  rig.call('POST', path, { name, language: 'en', category: 'MARKETING', components })

test.each<[string, object[], number]>([
  ['one card', carousel([card('A')]), 2388072],
  ['another header', carousel([card('A'), card('B', undefined, { ...picture, format: 'VIDEO' })]), 2388072],
  [
    'other buttons',
    carousel([card('A'), card('B', [{ type: 'PHONE_NUMBER', text: 'Call', phone_number: '+1' }])]),
    2388072,
  ],
  ['a long card', carousel([card('A'), card('x'.repeat(161))]), 2388040],
  [
    'a long offer',
    [
      { type: 'BODY', text: 'Hi' },
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'x'.repeat(17) } },
    ],
    2388040,
  ],
  ['variables at the edge', [{ type: 'BODY', text: 'Hi {{1}}', example: { body_text: [['a']] } }], 2388299],
  [
    'too many variables',
    [{ type: 'BODY', text: 'Hi {{1}}, {{2}}, {{3}} there', example: { body_text: [['a']] } }],
    2388293,
  ],
])('a template with %s is refused with its subcode', async (_what, components, subcode) => {
  expect((await create('refused', components)).body.error).toMatchObject({
    code: 100,
    error_subcode: subcode,
  })
})

test('cards and offers are checked when they are sent', async () => {
  const offer = { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Hurry', has_expiration: true } }
  const made = [
    await create('cards', carousel([card('A'), card('B')])),
    await create('offer', [{ type: 'BODY', text: 'Hi there' }, offer]),
  ]
  for (const { body } of made) await rig.call('PUT', `/sandbox/templates/${body.id}`, { status: 'APPROVED' })
  const send = async (name: string, components: object[]) =>
    (await rig.send({ type: 'template', template: { name, language: { code: 'en' }, components } })).body
  const header = { type: 'header', parameters: [{ type: 'image', image: { link: 'https://a.b/c.jpg' } }] }
  const cards = [0, 1].map((card_index) => ({ card_index, components: [header] }))
  expect(await send('cards', [])).toMatchObject({ error: { code: 132000 } })
  expect(await send('cards', [{ type: 'carousel', cards: cards.slice(1) }])).toMatchObject({
    error: { code: 132000 },
  })
  expect(
    await send('cards', [{ type: 'carousel', cards: [cards[0], { card_index: 1, components: [] }] }]),
  ).toMatchObject({
    error: { code: 132012 },
  })
  expect(await send('cards', [{ type: 'carousel', cards }])).toMatchObject({ messages: [{}] })
  expect(await send('offer', [])).toMatchObject({ error: { code: 132000 } })
  const parameters = [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: Date.now() } }]
  expect(await send('offer', [{ type: 'limited_time_offer', parameters }])).toMatchObject({ messages: [{}] })
})
