import { eventually } from '../support/eventually.ts'
import { openDialects, type DialectHouse } from './dialect-house.ts'

interface Broadcasted {
  broadcast_id: string | null
  status: string
  recipients: number
  not_sent: { channel_user_id: string; reason: string }[]
}

let line: DialectHouse
let key: string
let path: string
beforeAll(async () => {
  line = await openDialects()
  const bot = await line.openBot()
  key = bot.key
  path = `${bot.path}/broadcast`
})
afterAll(() => line.close())

const broadcast = async (status: number, version: string, body: object): Promise<Broadcasted> => {
  const headers = { authorization: `Basic ${key}` }
  const answer = await line.ask('POST', `/bot-api/${version}${path}`, { headers, body })
  expect([answer.status, answer.text]).toEqual([status, answer.text])
  return (status === 200 ? answer.body['responseObject'] : answer.body) as Broadcasted
}
const writes = async (phone: string) => {
  await line.house.text(phone, 'hello')
  await eventually(async () => {
    const open = await line.rows(
      `select 1 from conversations v join identities i on i.contact_id = v.contact_id where i.value = $1 and v.window_ends_at > now()`,
      [phone],
    )
    expect(open).toHaveLength(1)
  })
}

describe('a broadcast', () => {
  // The document's own call.
  const document = (channelUserIds: string[]) => ({
    ...{ broadcastId: null, broadcastTitle: 'Testing broadcast', publishedOn: '2019-06-03T06:48:27.170Z' },
    audience: { rule: { channels: ['WHATSAPP'], channelUserIds } },
    payload: {
      type: 'DIRECT',
      content: [
        { type: 'text', data: { message: 'This is a test message' } },
        { type: 'text', data: { message: 'This is another message' } },
      ],
    },
    status: null,
  })

  test('of a time that is past goes out at once, its contents in order, to those within their window; the others are told', async () => {
    await writes('919019486731')
    await line.platform(201, 'POST', '/contacts', { waId: '919019486732' })
    const answer = await broadcast(200, 'v1.0', document(['919019486731', '919019486732', '919019486733']))
    expect(answer).toMatchObject({
      ...{ status: 'PUBLISHED', recipients: 1 },
      not_sent: [
        { channel_user_id: '919019486732', reason: expect.stringContaining('24-hour window') as string },
        { channel_user_id: '919019486733', reason: expect.stringContaining('no contact') as string },
      ],
    })
    await eventually(
      async () => {
        const sent = await line.house.ledger('919019486731')
        expect(sent.map(({ payload }) => payload.text?.body)).toEqual([
          'This is a test message',
          'This is another message',
        ])
      },
      { timeoutMs: 30_000 },
    )
    expect(await line.house.ledger('919019486732')).toEqual([])
    const { items } = await line.platform<{ items: object[] }>(200, 'GET', '/campaigns?search=Testing')
    expect(items).toMatchObject([{ name: 'Testing broadcast', kind: 'one-time' }])
  })

  test('may hold interactive messages, and names in any spelling', async () => {
    await writes('919019486741')
    const buttons = ['Yes', 'No'].map((title) => ({ type: 'reply', reply: { id: title, title } }))
    const answer = await broadcast(200, 'v1.0', {
      'Broadcast-Title': 'Question',
      published_on: null,
      Audience: { RULE: { Channels: ['WhatsApp'], channel_user_ids: ['919019486741'] } },
      payload: {
        type: 'Direct',
        content: [
          {
            type: 'INTERACTIVE',
            data: { type: 'button', body: { text: 'Will you come?' }, action: { buttons } },
          },
        ],
      },
    })
    expect(answer).toMatchObject({ recipients: 1, not_sent: [] })
    await eventually(
      async () => {
        const [sent] = await line.house.ledger('919019486741')
        expect(sent?.payload.interactive?.body.text).toBe('Will you come?')
      },
      { timeoutMs: 30_000 },
    )
  })

  test('of a later time is scheduled, for those whose window is still open then', async () => {
    await writes('919019486751')
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
    const inTwoDays = new Date(Date.now() + 48 * 3_600_000).toISOString()
    const of = document(['919019486751'])
    expect(await broadcast(200, 'v1.0', { ...of, publishedOn: inAnHour })).toMatchObject({
      ...{ status: 'SCHEDULED', recipients: 1 },
    })
    expect(await broadcast(200, 'v1.0', { ...of, publishedOn: inTwoDays })).toMatchObject({
      ...{
        broadcast_id: null,
        status: 'NOT_SENT',
        recipients: 0,
        not_sent: [{ channel_user_id: '919019486751' }],
      },
    })
    expect(await line.house.ledger('919019486751')).toEqual([])
  })

  test('over any channel but WhatsApp is refused, as is what cannot be read', async () => {
    const of = document(['919019486731'])
    const audience = { rule: { channels: ['whatsapp', 'facebook'], channelUserIds: ['1'] } }
    expect(await broadcast(400, 'v1.0', { ...of, audience })).toMatchObject({
      errorDetails: expect.stringContaining('whatsapp') as string,
    })
    expect(await broadcast(400, 'v1.0', { ...of, publishedOn: 'soon' })).toMatchObject({
      errorDetails: expect.stringContaining('publishedOn') as string,
    })
    expect(
      await broadcast(400, 'v1.0', { ...of, payload: { type: 'whatsapp_template', content: [] } }),
    ).toMatchObject({
      errorDetails: expect.stringContaining('payload.type') as string,
    })
    expect(await broadcast(400, 'v1.0', {})).toMatchObject({
      errorDetails: expect.stringContaining('broadcastTitle') as string,
    })
  })
})

describe('the wrapper', () => {
  // The document's own call.
  const document = {
    ...{ broadcastId: null, broadcastTitle: 'Testing wrapper', publishedOn: '2021-10-08T03:29:27.170Z' },
    platform: 'whatsapp',
    users: [
      {
        ...{
          'phone-number': '+919019486771',
          email: 'jahnavi.suthar123@engati.com',
          organization: 'abc',
          title: '123',
        },
        ...{ lastName: 'suthar', firstName: 'jahnavi 1', userName: '' },
      },
    ],
    payload: {
      type: 'WHATSAPP_TEMPLATE',
      content: [
        {
          type: 'template',
          template: {
            components: [
              {
                type: 'header',
                parameters: [{ type: 'image', image: { link: 'https://example.com/a.png' } }],
              },
              { type: 'body', parameters: [{ type: 'text', text: '{{contact.secret}} 1' }] },
              {
                ...{ type: 'button', index: 0, 'sub-type': 'quick_reply' },
                parameters: [{ type: 'payload', payload: 'wrapperflow' }],
              },
            ],
            ...{ namespace: 'd44848c7_08b0_4a15_9c53_fbe0b4gft3182', name: 'test_template' },
            language: { code: 'en', policy: 'deterministic' },
          },
        },
      ],
    },
    status: null,
  }
  beforeAll(async () => {
    await line.approve({
      name: 'test_template',
      components: [
        { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::sample'] } },
        {
          type: 'BODY',
          text: 'Your parcel number {{1}} is on its way to you.',
          example: { body_text: [['7']] },
        },
        { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Track it' }] },
      ],
    })
  })

  test('is off, with 403, until the workspace switches it on', async () => {
    expect(await broadcast(403, 'v2.0', document)).toMatchObject({ errorMessage: 'FORBIDDEN' })
    expect(await line.rows(`select 1 from identities where value = '919019486771'`)).toEqual([])
    await line.platform(200, 'PATCH', '/workspace', { broadcastWrapper: true })
    expect(await line.platform(200, 'GET', '/workspace')).toMatchObject({ broadcastWrapper: true })
  })

  test('creates or updates its users with their attributes, and sends them the template as it is', async () => {
    const { id } = await line.platform<{ id: string }>(201, 'POST', '/journeys', {
      ...{ numberId: line.numberId, name: 'Wrapper' },
      draft: {
        start: 'say',
        triggers: [],
        cards: { say: { type: 'message', settings: { text: 'On its way' } } },
      },
    })
    await line.platform(201, 'POST', `/journeys/${id}/publish`, {})
    await line.platform(200, 'PATCH', `/journeys/${id}`, { flowKey: 'wrapperflow' })
    expect(await broadcast(200, 'v2.0', document)).toMatchObject({
      status: 'PUBLISHED',
      recipients: 1,
      not_sent: [],
    })
    const [sent] = await eventually(
      async () => {
        const ledger = await line.house.ledger('919019486771')
        expect(ledger).toHaveLength(1)
        return ledger
      },
      { timeoutMs: 30_000 },
    )
    expect(sent?.payload).toMatchObject({
      template: {
        name: 'test_template',
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { link: 'https://example.com/a.png' } }] },
          { type: 'body', parameters: [{ text: '{ {contact.secret}} 1' }] },
          { type: 'button', sub_type: 'quick_reply', parameters: [{ payload: 'wrapperflow' }] },
        ],
      },
    })
    const { items } = await line.platform<{ items: object[] }>(200, 'GET', '/contacts?search=jahnavi')
    expect(items).toMatchObject([
      {
        ...{ firstName: 'jahnavi 1', lastName: 'suthar', email: 'jahnavi.suthar123@engati.com' },
        attributes: { organization: 'abc', title: '123' },
      },
    ])
    await line.house.say('919019486771', {
      ...{ type: 'button', button: { text: 'Track it', payload: 'wrapperflow' } },
      context: { from: '15550001111', id: sent?.id },
    })
    await eventually(async () => {
      expect((await line.house.ledger('919019486771'))[1]?.payload.text?.body).toBe('On its way')
    })
  })

  test('refuses another platform, a template that is not there, and numbers that are none, with nobody changed', async () => {
    expect(await broadcast(400, 'v2.0', { ...document, platform: 'telegram' })).toMatchObject({
      errorDetails: expect.stringContaining('platform') as string,
    })
    const users = [{ phoneNumber: '919019486781', city: 'Pune' }, { phoneNumber: 'nobody' }]
    expect(await broadcast(400, 'v2.0', { ...document, users })).toMatchObject({
      errorDetails: expect.stringContaining('users.1') as string,
    })
    const text = JSON.stringify({ ...document, users: users.slice(0, 1) }).replace(
      'test_template',
      'no_template',
    )
    expect(await broadcast(400, 'v2.0', JSON.parse(text) as object)).toMatchObject({
      errorDetails: expect.stringContaining('no_template') as string,
    })
    expect(await line.rows(`select 1 from identities where value = '919019486781'`)).toEqual([])
  })
})
