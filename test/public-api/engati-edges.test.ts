import { createNumber } from '../../src/settings/manage-numbers.ts'
import { eventually } from '../support/eventually.ts'
import { openDialects, type DialectHouse } from './dialect-house.ts'

let line: DialectHouse
let key: string
let path: string
beforeAll(async () => {
  line = await openDialects()
  ;({ key, path } = await line.openBot())
})
afterAll(() => line.close())

const ask = async (
  status: number,
  method: string,
  url: string,
  body?: object,
  authorization = `Basic ${key}`,
) => {
  const answer = await line.ask(method, url, { headers: { authorization }, ...(body && { body }) })
  expect([answer.status, answer.text]).toEqual([status, answer.text])
  return answer
}
const user = '919565428266'
const chat = (status: number, query = '') =>
  ask(status, 'GET', `/bot-api/v1.0${path}/channel-user/${user}/conversations${query}`)

describe('conversations', () => {
  beforeAll(async () => {
    await line.house.text(user, 'one')
    await eventually(async () => expect((await chat(200)).body['responseObject']).toHaveLength(1))
  })

  test.each([
    '?start_date=',
    '?end_date=',
    '?start_date=&end_date=',
    '?page_number=&Page_size=',
    '?EndDate=',
  ])('what is blank is as if it were not there: %s', async (query) => {
    expect((await chat(200, query)).body['responseObject']).toMatchObject([{ message: 'one' }])
  })

  test.each([
    ['?start_date=2&end_date=1', 1003],
    ['?start_date=1&end_date=1', 1003],
    ['?start_date=abc', 1003],
    ['?start_date=2020-01-01', 1003],
    ['?start_date=-1', 1003],
    ['?end_date=99999999999999999', 1003],
    ['?page_number=0', 1004],
    ['?page_number=-1', 1004],
    ['?pageNumber=1.5', 1004],
    ['?page_number=abc', 1004],
  ])('%s is refused with %i, to the letter of the document', async (query, errorCode) => {
    const words = {
      1003: {
        errorMessage: 'INVALID_INPUT_DATE_VALUE',
        errorDetails:
          'The start_date and end_date values are the time in milliseconds and the end_date should be greater than start_date.',
      },
      1004: {
        errorMessage: 'INVALID_PAGE_NUMBER',
        errorDetails:
          'Please enter the correct page number. The page number in the API is a positive integer value starting with 1.',
      },
    }[errorCode]
    expect((await chat(400, query)).body).toEqual({ errorCode, ...words })
  })

  test.each([
    [
      'a customer of many digits',
      `/customer/${'9'.repeat(60)}/bot/0123456789abcdef/users?attribute_name=a&attribute_value=b`,
    ],
    ['a long bot', `/customer/1/bot/${'b'.repeat(90)}/users?attribute_name=a&attribute_value=b`],
    ['a bot that is a word', '/customer/x/bot/y/users?attribute_name=a&attribute_value=b'],
  ])('%s is unknown: 1002', async (_what, tail) => {
    expect((await ask(400, 'GET', `/bot-api/v1.0${tail}`)).body).toMatchObject({ errorCode: 1002 })
  })

  test('a user of any spelling is unknown: 1002', async () => {
    for (const id of ['x'.repeat(300), 'abc', '0', '%F0%9F%90%9F'])
      expect(
        (await ask(400, 'GET', `/bot-api/v1.0${path}/channel-user/${id}/conversations`)).body,
      ).toMatchObject({ errorCode: 1002 })
  })
})

test('the key is what follows Basic, of this bot and of no other API', async () => {
  const secrets = { accessToken: 'a-token-of-mine', appSecret: 'a-secret-of-mine', verifyToken: 'verify-me' }
  const other = await createNumber(line.house.deps, line.workspaceId, {
    ...{ phoneNumberId: '700000000000001', wabaId: '200000000000001', displayNumber: '1', portfolioId: '' },
    ...{ messagesPerSecond: 80, ...secrets },
  })
  const url = `/bot-api/v1.0${path}/users?attribute_name=name&attribute_value=x`
  await ask(200, 'GET', url, undefined, `basic ${key}`)
  for (const wrong of [key, `Bearer ${key}`, `Basic ${Buffer.from(key).toString('base64')}`, ' '])
    await ask(401, 'GET', url, undefined, wrong)
  await ask(403, 'GET', url, undefined, `Basic ${await line.makeKey('engati', other.id)}`)
  for (const kind of ['chatman', 'chatinc', 'platform'] as const)
    await ask(403, 'GET', url, undefined, `Basic ${await line.makeKey(kind)}`)
})

test('what is not known is named', async () => {
  const url = `/bot-api/v1.0${path}/users?Attribute-Name=name&attribute_value=x&colour=red`
  expect((await ask(200, 'GET', url)).headers.get('ignored-fields')).toBe('colour')
  const answer = await ask(200, 'POST', `/bot-api/v1.0${path}/broadcast`, {
    ...{ broadcastId: null, broadcastTitle: 'T', publishedon: null, status: null, brodcast: 1 },
    audience: { rule: { channels: ['whatsapp'], channelUserIds: ['919000000001'], area: 'x' } },
    payload: { type: 'direct', content: [{ type: 'text', data: { message: 'hi' } }] },
  })
  expect(answer.headers.get('ignored-fields')).toBe('brodcast, audience.rule.area')
})

describe('the wrapper', () => {
  const url = () => `/bot-api/v2.0${path}/broadcast`
  const wrapper = (users: object[], components?: object[]) => ({
    ...{ broadcastId: null, broadcastTitle: 'W', publishedOn: null, platform: 'whatsapp', users },
    payload: {
      type: 'whatsapp_template',
      content: [
        {
          type: 'template',
          template: {
            ...{ name: 'edges', language: { code: 'en' } },
            components: components ?? [{ type: 'body', parameters: [{ type: 'text', text: '1' }] }],
          },
        },
      ],
    },
  })
  const people = () => line.rows(`select 1 from contacts`)
  beforeAll(async () => {
    await line.platform(200, 'PATCH', '/workspace', { broadcastWrapper: true })
    await line.approve({
      name: 'edges',
      components: [
        {
          type: 'BODY',
          text: 'Your parcel number {{1}} is on its way to you.',
          example: { body_text: [['7']] },
        },
      ],
    })
  })

  test.each<[string, object, string]>([
    ['an e-mail address', { email: 'no-email' }, 'users.1.email'],
    ['a long name', { firstName: 'x'.repeat(5_000) }, 'users.1.firstName'],
    ['an object', { foo: { a: 1 } }, 'users.1.foo'],
    ['a name with a space', { 'my attr': 'x' }, 'users.1.my attr'],
    ['a name of ours', { constructor: 'x', created_at: 'x' }, 'users.1.created_at'],
    ['no phone number', { phoneNumber: 'nobody' }, 'users.1.phoneNumber'],
  ])('names the user and the field that are wrong, and changes nobody: %s', async (_what, more, field) => {
    const before = [await people(), await line.rows('select 1 from attribute_definitions')]
    const users = [
      { phoneNumber: '919019486801', brandNew: 'x' },
      { phoneNumber: '919019486802', ...more },
    ]
    const { body } = await ask(400, 'POST', url(), wrapper(users))
    expect(body).toMatchObject({ errorDetails: expect.stringContaining(`${field}: `) as string })
    expect([await people(), await line.rows('select 1 from attribute_definitions')]).toEqual(before)
  })

  test('without a value that the template needs makes nobody and no campaign', async () => {
    const before = [await people(), await line.rows('select 1 from campaigns')]
    const { body } = await ask(400, 'POST', url(), wrapper([{ phoneNumber: '919019486803' }], []))
    expect(body).toMatchObject({ errorCode: 'missing_variable' })
    expect([await people(), await line.rows('select 1 from campaigns')]).toEqual(before)
  })

  test('of one number several times is sent once, with what was said last', async () => {
    const users = ['919019486804', '+91 9019486804', '919019486804'].map((phone_no, at) => ({
      ...{
        phone_no,
        firstName: `Ann ${at}`,
        ...(at === 0 && { Plan: 'gold' }),
        ...(at === 1 && { plan: 'silver' }),
      },
    }))
    const { body } = await ask(200, 'POST', url(), wrapper(users))
    expect(body['responseObject']).toMatchObject({ recipients: 1 })
    const { items } = await line.platform<{ items: object[] }>(200, 'GET', '/contacts?search=919019486804')
    expect(items).toMatchObject([{ firstName: 'Ann 2', attributes: { Plan: 'silver' } }])
    await eventually(async () => expect(await line.house.ledger('919019486804')).toHaveLength(1), {
      timeoutMs: 30_000,
    })
  })
})
