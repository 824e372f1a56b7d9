import { createNumber } from '../../src/settings/manage-numbers.ts'
import { eventually } from '../support/eventually.ts'
import { openDialects, type DialectHouse } from './dialect-house.ts'

interface Message {
  message_id: string
  sender: string
  message: string
  timestamp: number
  type: string
}

let line: DialectHouse
let key: string
let path: string
beforeAll(async () => {
  line = await openDialects()
  ;({ key, path } = await line.openBot())
})
afterAll(() => line.close())

const get = async <T>(status: number, tail: string): Promise<T> => {
  const answer = await line.ask('GET', `/bot-api/v1.0${path}${tail}`, {
    headers: { authorization: `Basic ${key}` },
  })
  expect([answer.status, answer.text]).toEqual([status, answer.text])
  return (status === 200 ? answer.body['responseObject'] : answer.body) as T
}
const sendTemplate = async (status: number, body: unknown) => {
  const headers = { authorization: `Basic ${key}` }
  const answer = await line.ask('POST', `/whatsapp-api/v1.0${path}/template`, { headers, body })
  expect([answer.status, answer.text]).toEqual([status, answer.text])
  return answer.body
}
const addContact = (waId: string, attributes: object) =>
  line.platform<{ id: string }>(201, 'POST', '/contacts', { waId, attributes })
const idsOf = (users: { user_id: string }[]) => users.map(({ user_id: id }) => id)

test('users are found by an attribute, whatever the case of its name and its signs, a page at a time', async () => {
  await line.platform(201, 'POST', '/attributes', { name: 'Opt_1', type: 'string' })
  await addContact('919565428251', { Opt_1: 'yes', first_name: 'Ann' })
  await addContact('919565428252', { Opt_1: 'yes' })
  await addContact('919565428253', { Opt_1: 'no', first_name: 'Ann' })
  const users = await get<{ user_id: string }[]>(200, '/users?attribute_name=opt-1&attribute_value=yes')
  expect(users).toMatchObject([
    {
      ...{ user_id: '919565428251', phone_no: '919565428251', channel: 'whatsapp', first_name: 'Ann' },
      attributes: { Opt_1: 'yes' },
    },
    { user_id: '919565428252', first_name: null },
  ])
  const second = await get<{ user_id: string }[]>(
    200,
    '/users?AttributeName=OPT1&attribute-value=yes&Page_size=1&pageNumber=2',
  )
  expect(idsOf(second)).toEqual(['919565428252'])
  expect(idsOf(await get(200, '/users?attribute_name=first_name&attribute_value=Ann'))).toEqual([
    '919565428251',
    '919565428253',
  ])
  expect(await get(200, '/users?attribute_name=nobody_has_it&attribute_value=1')).toEqual([])
  expect(await get(400, '/users?attribute_name=opt1')).toMatchObject({
    errorCode: 'invalid_input',
    errorDetails: expect.stringContaining('attribute_value') as string,
  })
})

test('the platform finds the same users', async () => {
  const condition = { kind: 'compare', path: 'contact.attributes.Opt_1', operator: 'equals', value: 'no' }
  const { items } = await line.platform<{ items: object[] }>(200, 'POST', '/contacts/query', { condition })
  expect(items).toHaveLength(1)
})

describe('conversations', () => {
  const user = '919565428256'
  beforeAll(async () => {
    await line.house.text(user, 'one')
    await line.house.text(user, 'two')
    const items = await eventually(async () => {
      const chats = await line.platform<{ items: { id: string; contactId: string }[] }>(
        200,
        'GET',
        '/conversations',
      )
      expect(chats.items).toHaveLength(1)
      return chats.items
    })
    const [chat] = items
    await line.platform(201, 'POST', `/conversations/${chat?.id}/messages`, {
      content: { type: 'text', text: { body: 'an answer' } },
    })
    await eventually(async () => expect(await line.house.ledger(user)).toHaveLength(1))
    // The same person with another number of ours: none of this key's business.
    const other = await createNumber(line.house.deps, line.workspaceId, {
      ...{ phoneNumberId: '900000000000009', wabaId: '900000000000008', displayNumber: '15550002222' },
      ...{
        portfolioId: '',
        messagesPerSecond: 80,
        accessToken: 'a-token',
        appSecret: 'a-secret',
        verifyToken: 'verify-me',
      },
    })
    const conversation = '01900000-0000-7000-8000-000000000001'
    await line.rows(
      'insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)',
      [...[conversation, line.workspaceId, other.id, chat?.contactId]],
    )
    await line.rows(
      `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id, wamid)
       values ($1, $2, $1, $3, $4, 'in', 'text', '{}', 'to another number', $1, 'wamid.other')`,
      [conversation, line.workspaceId, other.id, chat?.contactId],
    )
  })
  const chat = (query = '') => get<Message[]>(200, `/channel-user/${user}/conversations${query}`)

  test("are what a user and the key's number said, the oldest first", async () => {
    const messages = await chat()
    expect(messages.map(({ sender, message, type }) => [sender, message, type])).toEqual([
      ['user', 'one', 'text'],
      ['user', 'two', 'text'],
      ['bot', 'an answer', 'text'],
    ])
    expect(messages.every(({ timestamp }) => Math.abs(timestamp - Date.now()) < 120_000)).toBe(true)
  })

  test('are limited by dates in milliseconds and paged', async () => {
    const [first, second] = await chat()
    const from = (second?.timestamp ?? 0) - 0
    expect(await chat(`?start_date=${from}&end_date=${Date.now()}`)).not.toContainEqual(first)
    expect(await chat(`?END-DATE=${(first?.timestamp ?? 0) - 1}`)).toEqual([])
    expect((await chat('?Page_size=2&page_number=2')).map(({ message }) => message)).toEqual(['an answer'])
    expect((await chat('?page_size=2')).map(({ message }) => message)).toEqual(['one', 'two'])
  })

  test.each([
    ['?start_date=2000&end_date=1000', 1003, 'INVALID_INPUT_DATE_VALUE'],
    ['?start_date=yesterday', 1003, 'INVALID_INPUT_DATE_VALUE'],
    ['?end_date=2026-11-21', 1003, 'INVALID_INPUT_DATE_VALUE'],
    ['?page_number=0', 1004, 'INVALID_PAGE_NUMBER'],
    ['?page_number=first', 1004, 'INVALID_PAGE_NUMBER'],
  ])('refuse %s in the words of the document', async (query, errorCode, errorMessage) => {
    expect(await get(400, `/channel-user/${user}/conversations${query}`)).toEqual({
      errorCode,
      errorMessage,
      errorDetails:
        errorCode === 1003
          ? 'The start_date and end_date values are the time in milliseconds and the end_date should be greater than start_date.'
          : 'Please enter the correct page number. The page number in the API is a positive integer value starting with 1.',
    })
  })

  test('of an unknown user are refused as of an unknown bot', async () => {
    expect(await get(400, '/channel-user/4917000000000/conversations')).toEqual({
      ...{ errorCode: 1002, errorMessage: 'INVALID_BOT_OR_CUSTOMER_ID' },
      errorDetails: 'The bot id/customer id/user id provided is invalid',
    })
  })
})

describe('a template', () => {
  const payload = (flow: string, answer: string) =>
    `flow_${flow}||data_personx_response=${answer}_Invoice_no_12345`
  // The document's own call; what its copy lost (case, `_`, `-`) is put back.
  const call = (flow: string) => ({
    phoneNumber: '+919019486731',
    payload: {
      components: [
        {
          type: 'header',
          parameters: [
            {
              type: 'document',
              document: { filename: 'UribApplicationForm.pdf', link: 'https://example.com/form.pdf' },
            },
          ],
        },
        { type: 'body', parameters: ['john', 'jane', 'joe'].map((text) => ({ type: 'text', text })) },
        ...[payload(flow, 'Declined'), payload(flow, 'Approved')].map((each, index) => ({
          ...{
            index,
            parameters: [{ payload: each, type: 'payload' }],
            'SUB-TYPE': 'Quick-Reply',
            type: 'BUTTON',
          },
        })),
      ],
      ...{ namespace: '980c3243_2d2a_4d2d_a572_b2a50552cb04', name: 'renuka_sugars_paytest' },
      language: { policy: 'deterministic', code: 'en' },
    },
  })
  beforeAll(() =>
    line.approve({
      name: 'renuka_sugars_paytest',
      components: [
        { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: ['4::sample'] } },
        {
          type: 'BODY',
          text: 'Dear {{1}}, the invoice of {{2}} for {{3}} is ready to be looked at now.',
          example: { body_text: [['Ann', 'Bob', 'Cem']] },
        },
        { type: 'BUTTONS', buttons: ['Decline', 'Approve'].map((text) => ({ type: 'QUICK_REPLY', text })) },
      ],
    }),
  )

  test('goes out as it is asked for, and the tap of a quick reply starts its journey with its data', async () => {
    const { id } = await line.platform<{ id: string }>(201, 'POST', '/journeys', {
      ...{ numberId: line.numberId, name: 'Invoice' },
      draft: {
        start: 'say',
        triggers: [],
        entry: { reentry: 'always' },
        cards: { say: { type: 'message', settings: { text: 'You said {{vars.personx_response}}' } } },
      },
    })
    await line.platform(201, 'POST', `/journeys/${id}/publish`, {})
    const flow = id.replaceAll('-', '').toUpperCase()
    const answer = await sendTemplate(200, call(flow))
    const { message_id: messageId } = answer['responseObject'] as { message_id: string }
    const [sent] = await eventually(async () => {
      const ledger = await line.house.ledger('919019486731')
      expect(ledger).toMatchObject([{ type: 'template', bizOpaqueCallbackData: messageId }])
      return ledger
    })
    expect(sent?.payload).toMatchObject({
      template: { name: 'renuka_sugars_paytest', language: { code: 'en' } },
    })
    await line.house.say('919019486731', {
      ...{ type: 'button', button: { text: 'Approve', payload: payload(flow, 'Approved') } },
      context: { from: '15550001111', id: sent?.id },
    })
    await eventually(async () => {
      const ledger = await line.house.ledger('919019486731')
      expect(ledger[1]?.payload.text?.body).toBe('You said Approved_Invoice_no_12345')
    })
  })

  test('that lacks a value, is not approved in that language or goes to no number is refused, and nothing is sent', async () => {
    const whole = call('x')
    const [header, , ...buttons] = whole.payload.components
    const lacking = {
      ...whole,
      phoneNumber: '919019486799',
      payload: { ...whole.payload, components: [header, ...buttons] },
    }
    expect(await sendTemplate(400, lacking)).toMatchObject({
      errorDetails: expect.stringContaining('body.1') as string,
    })
    expect(
      await sendTemplate(400, { ...whole, payload: { ...whole.payload, language: { code: 'de' } } }),
    ).toMatchObject({ errorDetails: expect.stringContaining('de') as string })
    expect(
      await sendTemplate(400, { ...whole, payload: { ...whole.payload, name: 'no_such' } }),
    ).toMatchObject({
      errorDetails: expect.stringContaining('no_such') as string,
    })
    expect(await sendTemplate(400, { ...whole, phoneNumber: 'nobody' })).toMatchObject({
      errorDetails: expect.stringContaining('phoneNumber') as string,
    })
    expect(await sendTemplate(400, {})).toMatchObject({
      errorDetails: expect.stringContaining('phoneNumber') as string,
    })
    expect(await line.house.ledger('919019486799')).toEqual([])
  })
})

test('a key that was regenerated or revoked opens nothing any more', async () => {
  const keys = await line.rows<{ id: string }>(`select id from api_keys where kind = 'engati'`)
  const admin = `/api-keys/${keys[0]?.id}`
  const users = () =>
    line.ask('GET', `/bot-api/v1.0${path}/users?attribute_name=name&attribute_value=x`, {
      headers: { authorization: `Basic ${key}` },
    })
  expect(await users()).toMatchObject({ status: 200 })
  const { key: fresh } = await line.platform<{ key: string }>(200, 'POST', `${admin}/regenerate`)
  expect(await users()).toMatchObject({ status: 401 })
  key = fresh
  expect(await users()).toMatchObject({ status: 200 })
  await line.platform(200, 'DELETE', admin)
  expect(await users()).toMatchObject({ status: 401, body: { errorMessage: 'UNAUTHENTICATED' } })
  await line.platform(409, 'POST', `${admin}/regenerate`)
})
