import { eventually } from '../../support/eventually.ts'
import { ACCOUNT, changesOf, NUMBER, startSandboxRig } from './sandbox-rig.ts'

const rig = await startSandboxRig({ pairLimit: false, messagesPerSecond: null, templateReviewMs: 20 })
const path = `/v23.0/${ACCOUNT}/message_templates`
const bodyText = (text: string) => ({ type: 'BODY', text, example: { body_text: [['x', 'y']] } })
const order = {
  name: 'order_ready',
  language: 'en',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::abc'] } },
    bodyText('Hello {{1}}, your order {{2}} is ready.'),
    { type: 'FOOTER', text: 'Demo Shop' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Thanks' },
        { type: 'URL', text: 'Track', url: 'https://example.com/{{1}}', example: ['https://example.com/1'] },
      ],
    },
  ],
}
const text = (value: string) => ({ type: 'text', text: value })
const header = { type: 'header', parameters: [{ type: 'image', image: { link: 'https://a.b/c.jpg' } }] }
const values = { type: 'body', parameters: [text('Ana'), text('7')] }
const track = { type: 'button', sub_type: 'url', index: '1', parameters: [text('7')] }

const sendTemplate = (name: string, components: unknown[] = [], code = 'en') =>
  rig.send({ type: 'template', template: { name, language: { code }, components } })

async function createApproved(template: { name: string } & Record<string, unknown>) {
  const created = await rig.call('POST', path, template)
  expect(created).toMatchObject({ status: 200, body: { status: 'PENDING' } })
  await eventually(async () => {
    expect((await rig.call('GET', `/v23.0/${created.body.id}`)).body.status).toBe('APPROVED')
  })
  return created.body.id as string
}

test('a template is pending, then approved, and the webhook says so', async () => {
  const id = await createApproved(order)
  await eventually(() => {
    const update = changesOf(rig.endpoint.received).find(
      (one) => one.value.message_template_name === 'order_ready',
    )
    expect(update).toMatchObject({
      field: 'message_template_status_update',
      value: {
        event: 'APPROVED',
        message_template_id: Number(id),
        message_template_language: 'en',
        reason: 'NONE',
      },
    })
  })
  expect((await rig.call('POST', path, order)).body.error).toMatchObject({
    code: 100,
    error_subcode: 2388024,
  })
  expect((await sendTemplate('order_ready', [header, values, track])).body.messages[0].message_status).toBe(
    'accepted',
  )
})

describe('sending with the wrong parameters', () => {
  const wrong: [string, unknown[], number, RegExp][] = [
    [
      'one value too few',
      [header, { type: 'body', parameters: [text('Ana')] }, track],
      132000,
      /\(1\).*\(2\)/,
    ],
    ['no body', [header, track], 132000, /\(0\)/],
    ['no header', [values, track], 132012, /expected IMAGE/],
    [
      'a text as the header',
      [{ type: 'header', parameters: [text('x')] }, values, track],
      132012,
      /received TEXT/,
    ],
    ['no button value', [header, values], 132000, /buttons\[1\]/],
    ['a button that is not there', [header, values, track, { ...track, index: 5 }], 132012, /no such button/],
    [
      'another kind of button',
      [header, values, { ...track, sub_type: 'quick_reply' }],
      132012,
      /expected URL/,
    ],
    [
      'a new line',
      [header, { type: 'body', parameters: [text('A\nB'), text('7')] }, track],
      132012,
      /new-line/,
    ],
    [
      'an empty value',
      [header, { type: 'body', parameters: [text(''), text('7')] }, track],
      131008,
      /no text/,
    ],
    [
      'a text that is too long',
      [header, { type: 'body', parameters: [text('x'.repeat(1_024)), text('7')] }, track],
      132005,
      /1024/,
    ],
  ]
  test.each(wrong)('%s', async (_name, components, code, words) => {
    const { body } = await sendTemplate('order_ready', components)
    expect(body.error).toMatchObject({ code, error_data: { details: expect.stringMatching(words) } })
  })

  test('another language or name is 404 with 132001', async () => {
    const answer = await sendTemplate('order_ready', [], 'de')
    expect([answer.status, answer.body.error.code]).toEqual([404, 132001])
  })
})

test('named parameters go by their names', async () => {
  const example = { body_text_named_params: [{ param_name: 'first_name', example: 'Ana' }] }
  await createApproved({
    name: 'named',
    language: 'en',
    category: 'MARKETING',
    parameter_format: 'NAMED',
    components: [{ type: 'BODY', text: 'Hi {{first_name}}!', example }],
  })
  const parameter = (parameter_name: string) => ({ ...text('Ana'), parameter_name })
  expect(
    (await sendTemplate('named', [{ type: 'body', parameters: [parameter('first_name')] }])).status,
  ).toBe(200)
  const wrong = await sendTemplate('named', [{ type: 'body', parameters: [parameter('name')] }])
  expect(wrong.body.error.code).toBe(132012)
})

test('paused is 132015, disabled 132016, pending 132001; an edit goes to review again', async () => {
  const id = await createApproved({ ...order, name: 'fate', components: [{ type: 'BODY', text: 'Plain' }] })
  // From here on no review may end between two calls, however slow the machine is.
  await rig.set({ templateReviewMs: 3_600_000 })
  const force = (status: string) => rig.call('PUT', `/sandbox/templates/${id}`, { status })
  const codes: number[] = []
  for (const status of ['PAUSED', 'DISABLED', 'PENDING']) {
    await force(status)
    codes.push((await sendTemplate('fate')).body.error.code)
  }
  expect(codes).toEqual([132015, 132016, 132001])
  await force('APPROVED')
  const edited = await rig.call('POST', `/v23.0/${id}`, { components: [{ type: 'BODY', text: 'Edited' }] })
  expect(edited.body).toEqual({ success: true })
  expect((await rig.call('GET', `/v23.0/${id}`)).body).toMatchObject({
    status: 'PENDING',
    components: [{ text: 'Edited' }],
  })
  await rig.set({ templateReviewMs: 20 })
})

test('the verdict may be a rejection', async () => {
  await rig.set({ templateVerdict: 'REJECTED' })
  const { body } = await rig.call('POST', path, {
    ...order,
    name: 'no_way',
    components: [{ type: 'BODY', text: 'x' }],
  })
  await eventually(async () => {
    const read = await rig.call('GET', `/v23.0/${body.id}`)
    expect(read.body).toMatchObject({ status: 'REJECTED', rejected_reason: 'INVALID_FORMAT' })
  })
  await rig.set({ templateVerdict: 'APPROVED' })
})

test.each([
  ['a name in capitals', { ...order, name: 'Order' }, /name/],
  ['no body', { ...order, name: 'a', components: [{ type: 'FOOTER', text: 'x' }] }, /BODY/],
  [
    'a gap in the numbers',
    { ...order, name: 'a', components: [bodyText('Hi {{1}} and {{3}}!')] },
    /numbered/,
  ],
  ['no example', { ...order, name: 'a', components: [{ type: 'BODY', text: 'Hi {{1}}!' }] }, /example/],
  ['a variable at the end', { ...order, name: 'a', components: [bodyText('Hi {{1}}')] }, /begin or end/],
  ['a body of 1025', { ...order, name: 'a', components: [bodyText('x'.repeat(1_025))] }, /1024/],
])('a new template with %s is refused', async (_name, template, words) => {
  const { body } = await rig.call('POST', path, template)
  expect(body.error).toMatchObject({ code: 100, error_data: { details: expect.stringMatching(words) } })
})

test('the list is paged by cursor and filtered, deleting is by name', async () => {
  for (const name of ['page_a', 'page_b', 'page_c']) {
    await rig.call('POST', path, { ...order, name, components: [{ type: 'BODY', text: 'x' }] })
  }
  const names = (answer: { body: { data: { name: string }[] } }) => answer.body.data.map((one) => one.name)
  const first = await rig.call('GET', `${path}?name=page_&limit=2`)
  expect(names(first)).toEqual(['page_a', 'page_b'])
  const second = await rig.call('GET', first.body.paging.next)
  expect(names(second)).toEqual(['page_c'])
  expect(second.body.paging.next).toBeUndefined()
  const back = await rig.call('GET', `${path}?name=page_&limit=2&before=${second.body.paging.cursors.before}`)
  expect(names(back)).toEqual(['page_a', 'page_b'])
  expect((await rig.call('DELETE', `${path}?name=page_a`)).body).toEqual({ success: true })
  expect((await rig.call('DELETE', `${path}?name=page_a`)).body.error.code).toBe(100)
  expect(names(await rig.call('GET', `${path}?name=page_`))).toEqual(['page_b', 'page_c'])
})

describe('media', () => {
  async function upload(type: string, bytes: Uint8Array<ArrayBuffer>, product = 'whatsapp') {
    const form = new FormData()
    form.append('messaging_product', product)
    form.append('type', type)
    form.append('file', new Blob([bytes], { type }), 'file')
    const response = await fetch(`${rig.url}/v23.0/${NUMBER}/media`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: form,
    })
    return {
      status: response.status,
      body: (await response.json()) as { id: string; error: { code: number } },
    }
  }

  test('is uploaded, described, fetched with the token only, sent and deleted', async () => {
    const { body } = await upload('image/jpeg', new Uint8Array([1, 2, 3]))
    const described = await rig.call('GET', `/v23.0/${body.id}?phone_number_id=${NUMBER}`)
    expect(described.body).toMatchObject({
      id: body.id,
      mime_type: 'image/jpeg',
      file_size: 3,
      sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
    })
    expect((await fetch(described.body.url)).status).toBe(401)
    const file = await fetch(described.body.url, { headers: { authorization: 'Bearer token' } })
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
    await rig.say('15551112222', { type: 'text', text: { body: 'hi' } })
    expect((await rig.send({ type: 'image', image: { id: body.id } })).status).toBe(200)
    expect((await rig.call('DELETE', `/v23.0/${body.id}`)).body).toEqual({ success: true })
    expect((await rig.send({ type: 'image', image: { id: body.id } })).body.error.code).toBe(100)
  })

  test.each([
    ['a type that WhatsApp does not know', 'text/html', 10, 100],
    ['an image above 5 MB', 'image/png', 5 * 1024 * 1024 + 1, 131053],
    ['a sticker above 500 KB', 'image/webp', 500 * 1024 + 1, 131053],
    ['an empty file', 'image/png', 0, 131053],
  ])('refuses %s', async (_name, type, size, code) => {
    expect((await upload(type, new Uint8Array(size))).body.error.code).toBe(code)
  })
})
