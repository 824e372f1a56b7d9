import { openFakeApi, type FakeRequest } from '../support/fake-api.ts'
import { customer, openWabbit, type Page, type WabbitRig } from './wabbit-rig.ts'

interface Found {
  name: string
  initials: string
  phone_numbers: { phone_number: string; description: string }[]
  email_addresses: { email_address: string; description: string }[]
  contact_provider: { type: string; name: string }
}
type Listed = Omit<Page<Found>, 'count' | 'previous'> & { count: number | null }

const people = ['Gina', 'Gustav', 'Greta'].map((displayName, at) => ({
  names: [{ displayName }],
  phoneNumbers: [{ value: `0${at}`, canonicalForm: `+49151000000${at}`, formattedType: 'Mobile' }],
  emailAddresses: [{ value: `${displayName}@example.com`, type: 'work' }],
}))
/** As a server keeps them: in no order of names, and numbers as people write them. */
const cards = [
  'FN:Zora Blue\r\nTEL;TYPE=cell,voice:+48 123 123 123\r\nEMAIL;TYPE=INTERNET,home:zora@example.com',
  'FN:Moritz &amp; Max\r\nTEL;TYPE=work:+49 30 111',
  'item1.FN:Anton Long\r\n er Name\r\nTEL:tel:+49-30-222',
]
let isGoogleDown = false

/** Google's People API below /v1, and an address book at /book. */
function answer({ method, path, headers, body }: FakeRequest) {
  if (method === 'REPORT') return { status: 207, headers: { 'content-type': 'text/xml' }, text: report(body) }
  if (isGoogleDown) return { status: 503, text: 'away' }
  if (path === '/token')
    return { json: { access_token: `for-${new URLSearchParams(body).get('refresh_token')}` } }
  if (headers.authorization !== 'Bearer for-refresh-me') return { status: 401, json: {} }
  const { pathname, searchParams } = new URL(path, 'http://fake')
  if (pathname === '/v1/people:searchContacts') {
    const query = searchParams.get('query') ?? ''
    const found = people.filter((person) => JSON.stringify(person).includes(query))
    return { json: { results: found.map((person) => ({ person })) } }
  }
  const from = Number(searchParams.get('pageToken') ?? 0)
  const to = from + Number(searchParams.get('pageSize'))
  const more = to < people.length && { nextPageToken: String(to) }
  return { json: { connections: people.slice(from, to), totalItems: people.length, ...more } }
}

/** Holds to the filters and to the limit, as servers do. */
function report(query: string): string {
  const filters = [...query.matchAll(/prop-filter name="(\w+)"><C:text-match[^>]*>([^<]*)</g)]
  const fits = (card: string) =>
    filters.some(([, name = '', text = '']) =>
      card
        .split('\r\n')
        .some(
          (line) =>
            line.replace(/^\w+\./, '').startsWith(name) && line.toLowerCase().includes(text.toLowerCase()),
        ),
    )
  const found = filters.length === 0 ? cards : cards.filter(fits)
  const limit = Number(/<C:nresults>(\d+)</.exec(query)?.[1])
  const shown = found
    .slice(0, limit)
    .map((card) => `<a:address-data>BEGIN:VCARD\r\n${card}\r\nEND:VCARD</a:address-data>`)
  return `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:a="urn:ietf:params:xml:ns:carddav">${shown.join('')}</d:multistatus>`
}

let rig: WabbitRig
let outside: Awaited<ReturnType<typeof openFakeApi>>
const path = '/contact_providers/contacts/'
beforeAll(async () => {
  outside = await openFakeApi(answer)
  rig = await openWabbit({ OUTBOUND_ALLOW: [`127.0.0.1:${outside.port}`] })
  await rig.say('Hello')
  const connect = (integration: string, name: string, auth: object) =>
    rig.platform(201, 'POST', '/connections', { integration, name, auth })
  await connect('google', 'Sales', {
    ...{ clientId: 'us', clientSecret: 'secret', refreshToken: 'refresh-me' },
    ...{ baseUrl: outside.url, tokenUrl: `${outside.url}/token` },
  })
  await connect('carddav', 'Office', { url: `${outside.url}/book`, username: 'us', password: 'secret' })
})
afterAll(async () => {
  await rig.close()
  await outside.close()
})
beforeEach(() => {
  isGoogleDown = false
})

const list = (query: string) => rig.call<Listed>(200, rig.members.ann, 'GET', `${path}${query}`)
const follow = async (url: string): Promise<Listed> => {
  const { pathname, search } = new URL(url)
  return rig.call<Listed>(200, rig.members.ann, 'GET', pathname.replace('/api/v1', '') + search)
}
const namesOf = ({ results }: Listed, type: string) =>
  results.filter(({ contact_provider: of }) => of.type === type).map(({ name }) => name)

test('every provider gives so many, each in its words; the way on is one opaque address', async () => {
  const first = await list('?limit=1')
  expect(first).toEqual({
    count: null,
    next: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/contact_providers\/contacts\/\?limit=1&cursor=/,
    ),
    results: [
      expect.objectContaining({
        contact_provider: { type: 'audience', name: 'Audience', id: rig.workspaceId },
      }),
      {
        ...{ name: 'Gina', initials: 'G' },
        phone_numbers: [{ phone_number: '+491510000000', description: 'Mobile' }],
        email_addresses: [{ email_address: 'Gina@example.com', description: 'work' }],
        contact_provider: { type: 'google', name: 'Sales', id: expect.any(String) },
      },
      {
        ...{ name: 'Zora Blue', initials: 'ZB' },
        phone_numbers: [{ phone_number: '+48 123 123 123', description: 'cell' }],
        email_addresses: [{ email_address: 'zora@example.com', description: 'home' }],
        contact_provider: { type: 'carddav', name: 'Office', id: expect.any(String) },
      },
    ],
  })
  const second = await follow(first.next ?? '')
  const third = await follow(second.next ?? '')
  const pages = [first, second, third]
  expect(pages.map((page) => namesOf(page, 'google'))).toEqual([['Gina'], ['Gustav'], ['Greta']])
  expect(pages.map((page) => namesOf(page, 'carddav'))).toEqual([
    ['Zora Blue'],
    ['Moritz & Max'],
    ['Anton Longer Name'],
  ])
  expect(pages.flatMap((page) => namesOf(page, 'audience'))).toHaveLength(1)
  expect(third.next).toBeNull()
  expect(await list('')).toMatchObject({ count: 7, next: null })
  expect((await rig.ask(rig.members.ann, 'GET', `${path}?cursor=mine`)).status).toBe(400)
})

test('a search goes to all of them', async () => {
  const found = await list('?search=G')
  expect([namesOf(found, 'google'), namesOf(found, 'carddav')]).toEqual([
    ['Gina', 'Gustav', 'Greta'],
    ['Anton Longer Name'],
  ])
  expect(await list('?search=nobody-is-called-so')).toEqual({ count: null, next: null, results: [] })
})

test('one that does not answer does not keep the others from it', async () => {
  isGoogleDown = true
  const page = await list('')
  expect([
    namesOf(page, 'google'),
    namesOf(page, 'carddav').length,
    namesOf(page, 'audience').length,
  ]).toEqual([[], 3, 1])
  expect(page.count).toBeNull()
  expect(await rig.platform(200, 'GET', '/contact-providers/contacts')).toMatchObject({ failed: ['Sales'] })
})

test('a number is found by whoever knows it, however it is written there', async () => {
  const { ann } = rig.members
  expect(await rig.call(200, ann, 'GET', `${path}${customer}/`)).toMatchObject({
    person: { wa_id: customer },
    contact_provider_results: [{ name: 'Konrad Tester' }, { name: 'Zora Blue' }],
  })
  expect(await rig.call(200, ann, 'GET', `${path}491510000001/`)).toMatchObject({
    person: null,
    contact_provider_results: [{ name: 'Gustav', contact_provider: { type: 'google' } }],
  })
  expect(await rig.call(200, ann, 'GET', `${path}4930222/`)).toMatchObject({
    person: null,
    contact_provider_results: [{ name: 'Anton Longer Name' }],
  })
  expect(await rig.call(200, ann, 'GET', `${path}15550009999/`)).toEqual({
    person: null,
    contact_provider_results: [],
  })
})

test('what a check has found out holds for seven days, unless one asks anew', async () => {
  const check = async (more: object = {}) =>
    (
      await rig.call<{ contacts: { status: string }[] }>(200, rig.members.ann, 'POST', '/contacts/', {
        ...{ blocking: 'wait', contacts: [customer] },
        ...more,
      })
    ).contacts[0]?.status
  const age = (interval: string) =>
    rig.sql(
      `update contact_checks set status = 'invalid', checked_at = now() - $1::interval where workspace_id = $2 and wa_id = $3`,
      [interval, rig.workspaceId, customer],
    )
  expect(await check()).toBe('valid')
  await age('6 days 23 hours')
  expect(await check()).toBe('invalid')
  expect(await check({ force_check: 'true' })).toBe('valid')
  expect(await check()).toBe('valid')
  await age('7 days 1 hour')
  expect(await check()).toBe('valid')
})

test('a plugin shows its data by its type, with the parameters that are its own', async () => {
  const { ann } = rig.members
  const shown = await rig.call<{ response: object }>(200, ann, 'GET', '/plugins/data/?type=http')
  expect(shown.response).toMatchObject({ part: 'request', schema: { type: 'object' } })
  const other = await rig.call<{ response: object }>(200, ann, 'GET', '/plugins/data/?type=http&part=auth')
  expect(other.response).toMatchObject({ part: 'auth' })
  expect(other.response).not.toEqual(shown.response)
  for (const type of ['google', 'nothing', 'toString'])
    expect((await rig.ask(ann, 'GET', `/plugins/data/?type=${type}`)).status).toBe(404)
  expect((await rig.ask(ann, 'GET', '/plugins/data/')).body).toEqual({ type: ['This field is required.'] })
})
