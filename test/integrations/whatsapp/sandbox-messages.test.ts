import { eventually } from '../../support/eventually.ts'
import { ACCOUNT, NUMBER, startSandboxRig, statusesOf } from './sandbox-rig.ts'

const rig = await startSandboxRig({ windowErrors: 'off', pairLimit: false, messagesPerSecond: null })
const body = { text: 'Pick one' }
const of = (length: number) => 'x'.repeat(length)
const button = (id: string, title = id) => ({ type: 'reply', reply: { id, title } })
const buttons = (...list: unknown[]) => ({ type: 'button', body, action: { buttons: list } })
const row = (id: string, more = {}) => ({ id, title: id, ...more })
const list = (...sections: unknown[]) => ({ type: 'list', body, action: { button: 'Open', sections } })
const interactive = (content: unknown) => ({ type: 'interactive', interactive: content })
const cta = (text: string) => ({
  type: 'cta_url',
  body,
  action: { name: 'cta_url', parameters: { display_text: text, url: 'https://example.com' } },
})

describe('messages that are accepted', () => {
  const accepted: [string, Record<string, unknown>][] = [
    ['a text of 4096 characters', { type: 'text', text: { body: of(4096) } }],
    ['a text without a type', { text: { body: 'plain' } }],
    ['three buttons', interactive(buttons(button('a'), button('b'), button('c')))],
    ['a button title of 20 emoji', interactive(buttons(button('a', '🙂'.repeat(20))))],
    ['a list of 10 rows', interactive(list({ rows: Array.from({ length: 10 }, (_, i) => row(`r${i}`)) }))],
    ['a link button', interactive(cta('Open the shop'))],
    [
      'a flow',
      interactive({
        type: 'flow',
        body,
        action: { name: 'flow', parameters: { flow_message_version: '3', flow_id: '77', flow_cta: 'Book' } },
      }),
    ],
    ['a product', interactive({ type: 'product', action: { catalog_id: '1', product_retailer_id: 'sku' } })],
    [
      'a product list',
      interactive({
        type: 'product_list',
        header: { type: 'text', text: 'Shop' },
        body,
        action: {
          catalog_id: '1',
          sections: [{ title: 'A', product_items: [{ product_retailer_id: 's' }] }],
        },
      }),
    ],
    ['a catalog', interactive({ type: 'catalog_message', body, action: { name: 'catalog_message' } })],
    [
      'an address request',
      interactive({
        type: 'address_message',
        body,
        action: { name: 'address_message', parameters: { country: 'IN' } },
      }),
    ],
    [
      'a location request',
      interactive({ type: 'location_request_message', body, action: { name: 'send_location' } }),
    ],
    [
      'a carousel',
      interactive({ type: 'carousel', body, action: { cards: [{ card_index: 0 }, { card_index: 1 }] } }),
    ],
    ['an image by link', { type: 'image', image: { link: 'https://example.com/a.jpg', caption: of(1024) } }],
    ['a video by link', { type: 'video', video: { link: 'https://example.com/a.mp4' } }],
    ['an audio by link', { type: 'audio', audio: { link: 'https://example.com/a.ogg' } }],
    ['a document', { type: 'document', document: { link: 'https://example.com/a.pdf', filename: 'a.pdf' } }],
    ['a sticker', { type: 'sticker', sticker: { link: 'https://example.com/a.webp' } }],
    ['a location', { type: 'location', location: { latitude: '12.9', longitude: 77.5, name: 'Park' } }],
    ['contacts', { type: 'contacts', contacts: [{ name: { formatted_name: 'A B', first_name: 'A' } }] }],
    ['a reaction', { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } }],
    [
      'the sample template',
      { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } },
    ],
  ]
  test.each(accepted)('%s', async (_name, message) => {
    const answer = await rig.send(message)
    expect(answer.body).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: '15551112222', wa_id: '15551112222' }],
      messages: [
        {
          id: expect.stringMatching(/^wamid\./),
          ...(message.type === 'template' ? { message_status: 'accepted' } : {}),
        },
      ],
    })
    expect(answer.status).toBe(200)
  })
})

describe('messages that are refused', () => {
  const refused: [string, Record<string, unknown>, number, RegExp][] = [
    ['a text of 4097 characters', { type: 'text', text: { body: of(4097) } }, 100, /4096/],
    ['an empty text', { type: 'text', text: { body: '' } }, 100, /empty/],
    ['an unknown type', { type: 'poll', poll: {} }, 100, /Param type must be one of/],
    ['a missing recipient', { to: undefined, type: 'text', text: { body: 'x' } }, 100, /to is required/],
    ['another product', { messaging_product: 'sms', text: { body: 'x' } }, 100, /messaging_product/],
    ['a recipient that is no phone', { to: 'Ana', text: { body: 'x' } }, 131009, /valid phone/],
    ['the sender itself', { to: '+1 555 010 0000', text: { body: 'x' } }, 131021, /same/],
    ['content under another name', { type: 'image', text: { body: 'x' } }, 131008, /image is required/],
    [
      'callback data of 513 characters',
      { text: { body: 'x' }, biz_opaque_callback_data: of(513) },
      100,
      /512/,
    ],
    ['no buttons', interactive(buttons()), 131009, /buttons/],
    [
      'four buttons',
      interactive(buttons(button('a'), button('b'), button('c'), button('d'))),
      131009,
      /buttons/,
    ],
    ['a button title of 21 characters', interactive(buttons(button('a', of(21)))), 131009, /20/],
    ['a button id of 257 characters', interactive(buttons(button(of(257), 'a'))), 131009, /256/],
    ['one button id twice', interactive(buttons(button('a', '1'), button('a', '2'))), 131009, /unique/],
    ['one button title twice', interactive(buttons(button('a', 'x'), button('b', 'x'))), 131009, /unique/],
    [
      'a body of 1025 characters',
      interactive({ ...buttons(button('a')), body: { text: of(1025) } }),
      131009,
      /1024/,
    ],
    ['a missing body', interactive({ ...buttons(button('a')), body: undefined }), 131008, /body is required/],
    ['a footer of 61', interactive({ ...buttons(button('a')), footer: { text: of(61) } }), 131009, /60/],
    [
      'a header of 61',
      interactive({ ...buttons(button('a')), header: { type: 'text', text: of(61) } }),
      131009,
      /60/,
    ],
    ['an unknown interactive type', interactive({ type: 'dance', body }), 131009, /not a known type/],
    [
      '11 rows over two sections',
      interactive(
        list(
          { title: 'A', rows: Array.from({ length: 6 }, (_, i) => row(`a${i}`)) },
          { title: 'B', rows: Array.from({ length: 5 }, (_, i) => row(`b${i}`)) },
        ),
      ),
      131009,
      /10 rows/,
    ],
    ['a row title of 25', interactive(list({ rows: [row('a', { title: of(25) })] })), 131009, /24/],
    [
      'a row description of 73',
      interactive(list({ rows: [row('a', { description: of(73) })] })),
      131009,
      /72/,
    ],
    ['a row id of 201', interactive(list({ rows: [row('a', { id: of(201) })] })), 131009, /200/],
    ['one row id twice', interactive(list({ rows: [row('a'), row('a')] })), 131009, /unique/],
    ['a section title of 25', interactive(list({ title: of(25), rows: [row('a')] })), 131009, /24/],
    [
      'two sections of which one has no title',
      interactive(list({ title: 'A', rows: [row('a')] }, { rows: [row('b')] })),
      131009,
      /title is required/,
    ],
    [
      'a list button of 21',
      interactive({
        ...list({ rows: [row('a')] }),
        action: { button: of(21), sections: [{ rows: [row('a')] }] },
      }),
      131009,
      /20/,
    ],
    ['a link button of 21', interactive(cta(of(21))), 131009, /20/],
    [
      'a caption of 1025',
      { type: 'image', image: { link: 'https://a.b/c', caption: of(1025) } },
      131009,
      /1024/,
    ],
    [
      'a caption on audio',
      { type: 'audio', audio: { link: 'https://a.b/c', caption: 'x' } },
      131009,
      /caption/,
    ],
    [
      'media by id and link',
      { type: 'image', image: { id: '1', link: 'https://a.b/c' } },
      131009,
      /exactly one/,
    ],
    ['an unknown media id', { type: 'image', image: { id: '123' } }, 100, /attachment ID/],
    ['a latitude of 91', { type: 'location', location: { latitude: 91, longitude: 0 } }, 131009, /latitude/],
    [
      'a contact with one name',
      { type: 'contacts', contacts: [{ name: { formatted_name: 'A' } }] },
      131009,
      /part/,
    ],
    ['a reaction to nothing', { type: 'reaction', reaction: { emoji: '👍' } }, 131008, /message_id/],
  ]
  test.each(refused)('%s', async (_name, message, code, words) => {
    const { status, body: answer } = await rig.send(message)
    expect(status).toBe(400)
    expect(answer.error).toMatchObject({
      code,
      type: 'OAuthException',
      message: expect.stringContaining(`(#${code})`),
      error_data: { messaging_product: 'whatsapp', details: expect.any(String) },
      fbtrace_id: expect.any(String),
    })
    expect(`${answer.error.message} ${answer.error.error_data.details}`).toMatch(words)
  })
})

describe('the Graph around it', () => {
  test('a missing or wrong token is 401 with code 190', async () => {
    for (const headers of [{ authorization: '' }, { authorization: 'Bearer wrong' }]) {
      const { status, body: answer } = await rig.call('POST', `/v23.0/${NUMBER}/messages`, {}, headers)
      expect([status, answer.error.code]).toEqual([401, 190])
    }
  })

  test('an unknown id is 400 with code 100 and subcode 33', async () => {
    const { status, body: answer } = await rig.call('POST', '/v23.0/999/messages', {})
    expect(status).toBe(400)
    expect(answer.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' })
  })

  test('the version may be left out or be any, unless the settings name some', async () => {
    const message = { messaging_product: 'whatsapp', to: '15551112222', text: { body: 'x' } }
    expect((await rig.call('POST', `/${NUMBER}/messages`, message)).status).toBe(200)
    expect((await rig.call('POST', `/v99.1/${NUMBER}/messages`, message)).status).toBe(200)
    await rig.set({ graphVersions: ['v23.0'] })
    expect((await rig.call('POST', `/v99.1/${NUMBER}/messages`, message)).body.error.code).toBe(2635)
    await rig.set({ graphVersions: null })
  })

  test('a body that is not JSON is code 100', async () => {
    const response = await fetch(`${rig.url}/v23.0/${NUMBER}/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: '{"to":',
    })
    expect(await response.json()).toMatchObject({ error: { code: 100 } })
  })

  test('numbers, their profile and their account can be read and the profile written', async () => {
    const number = await rig.call(
      'GET',
      `/v23.0/${NUMBER}?fields=display_phone_number,quality_rating,throughput`,
    )
    expect(number.body).toEqual({
      id: NUMBER,
      display_phone_number: '+1 555 010 0000',
      quality_rating: 'GREEN',
      throughput: { level: 'HIGH' },
    })
    const path = `/v23.0/${NUMBER}/whatsapp_business_profile`
    expect((await rig.call('POST', path, { messaging_product: 'whatsapp', about: 'Open' })).status).toBe(200)
    expect((await rig.call('GET', `${path}?fields=about,email`)).body.data).toEqual([
      { about: 'Open', messaging_product: 'whatsapp' },
    ])
    expect((await rig.call('POST', path, { about: of(140) })).body.error.code).toBe(100)
    const account = await rig.call('GET', `/v23.0/${ACCOUNT}/phone_numbers`)
    expect(account.body.data).toMatchObject([{ id: NUMBER, verified_name: 'Demo Shop' }])
  })

  test('a message to a BSUID answers with the user id and its status carries the callback data', async () => {
    const answer = await rig.send({
      to: undefined,
      recipient: 'US.abc123',
      text: { body: 'x' },
      biz_opaque_callback_data: 'row-7',
    })
    expect(answer.body.contacts).toEqual([{ input: 'US.abc123', user_id: 'US.abc123' }])
    const { id } = answer.body.messages[0]
    await eventually(() => {
      const mine = statusesOf(rig.endpoint.received).filter((status) => status.id === id)
      expect(mine.map((status) => status.status)).toEqual(['sent', 'delivered'])
      expect(mine[0]).toMatchObject({ biz_opaque_callback_data: 'row-7', recipient_user_id: 'US.abc123' })
    })
  })
})
