import { eventually } from '../support/eventually.ts'
import { csvForm, openChatinc, type ChatincRig, type Made } from './chatinc-rig.ts'

let rig: ChatincRig
beforeAll(async () => {
  rig = await openChatinc()
})
afterAll(() => rig.close())

const message = 'Here is some text for all of you.'
const create = (more: object) => rig.refused('/create/campaign', { title: 'T', message, ...more })
const count = async (table: string) => (await rig.line.rows(`select 1 from ${table}`)).length

describe('what WhatsApp would refuse is said in the words of whoever wrote it, and nothing of it stays:', () => {
  const input = { text: 'Yes', type: 'input', input: 'yes' }
  const link = (text: string) => ({ text, type: 'url', url: 'https://example.com' })
  test.each<[string, object, string, RegExp]>([
    ['a long message', { message: 'x'.repeat(1_025) }, 'message', /1024 are allowed/],
    ['a variable at the end', { message: 'Hello there, {users.name}' }, 'message', /ends with a variable/],
    [
      'a number of the template',
      { message: 'Hi {users.a} and {{1}} and more' },
      'message',
      /\{\{1\}\} is no/,
    ],
    ['a label of 26 signs', { buttons: [{ ...input, text: 'x'.repeat(26) }] }, 'buttons.0.text', /25 are/],
    ['a label twice', { buttons: [input, link('Go'), input] }, 'buttons.2.text', /another button/],
    ['a third link', { buttons: ['a', 'b', 'c'].map(link) }, 'buttons.2', /URL too many/],
    ['an address', { buttons: [{ ...link('Go'), url: 'www.x.com' }] }, 'buttons.0.url', /whole address/],
    [
      'a phone number',
      { buttons: [{ text: 'Call', type: 'phone', phoneNumber: 'abc' }] },
      'buttons.0.phoneNumber',
      /\+15551234567/,
    ],
  ])('%s', async (_what, more, field, words) => {
    const before = await count('templates where deleted_at is null')
    const error = await create(more)
    expect(error).toMatchObject({ field, message: expect.stringMatching(words) as string })
    expect(await count('templates where deleted_at is null')).toBe(before)
  })

  test('1,024 characters are taken', async () => {
    await rig.create({ title: 'Long', message: 'x'.repeat(1_024) })
  })
})

describe('a field of another kind is refused and not read as a text:', () => {
  test.each<[string, object]>([
    ['id', { id: null }],
    ['id', { id: {} }],
    ['id', { id: true }],
    ['id', { id: '' }],
  ])('%s of an audience: %j', async (field, body) => {
    expect(await rig.refused('/create/audience', body)).toMatchObject({ field })
  })

  test.each<[string, object]>([
    ['timeToRun', { timeToRun: true }],
    ['timeToRun', { timeToRun: [4_000_000_000] }],
    ['timeToRun', { timeToRun: 'soon' }],
    ['timeToRun', { timeToRun: 0 }],
    ['audiences.0', { audiences: [null] }],
    ['audiences', { audiences: 'all' }],
  ])('%s of a campaign: %j', async (field, more) => {
    expect(await create({ runImmediately: true, audiences: ['all'], ...more })).toMatchObject({ field })
  })
})

test('a time in milliseconds is the same time', async () => {
  await rig.audience('millis', '491701700001')
  const made = await rig.create({ title: 'Millis', message: 'All in good time, my friend.' })
  await rig.approved(made.campaignId)
  const seconds = Math.floor(Date.now() / 1_000) + 7_200
  const run = { campaignId: made.campaignId, audiences: ['millis'], timeToRun: seconds * 1_000 }
  expect(await rig.post<Made>('/run/campaign', run)).toMatchObject({
    run: { status: 'scheduled', timeToRun: seconds },
  })
})

test.each([
  ['enUS', 'en_US'],
  ['en_US', 'en_US'],
  ['EN-us', 'en_US'],
  ['ptBR', 'pt_BR'],
  ['FIL', 'fil'],
])('the language %s is %s', async (languageCode, locale) => {
  const { campaignId } = await rig.create({ title: `In ${languageCode}`, message, languageCode })
  expect(await rig.resultOf(campaignId)).toMatchObject({ locale })
})

test('fields that are not known are named, below others and in the query too', async () => {
  const ignored = async (method: string, path: string, body?: object) => {
    const headers = { authorization: rig.key }
    const answer = await rig.line.ask(method, `/v1${path}`, { headers, ...(body && { body }) })
    expect([answer.status, answer.text]).toEqual([200, answer.text])
    return answer.headers.get('ignored-fields')
  }
  expect(
    await ignored('POST', '/create/campaign', {
      ...{ title: 'Typo', message, colour: 'red', options: { runImediately: true, audiences: [] } },
    }),
  ).toBe('colour, options.runImediately')
  expect(
    await ignored('POST', '/create/audience', { id: 'typo', contacts: [{ number: '491701700009', n: 1 }] }),
  ).toBe('contacts.0.n')
  expect(await ignored('POST', '/retrieve/campaigns', { actve: true })).toBe('actve')
  expect(await ignored('GET', '/retrieve/campaigns?actve=true')).toBe('actve')
  const values = [{ number: '491701700009', anything: 'x' }]
  expect(await ignored('POST', '/create/variable/group', { id: 'typo', values })).toBeNull()
})

test('`all` is everybody: no audience is called so', async () => {
  const before = await count('segments')
  expect(await rig.refused('/create/audience', { id: 'all', contacts: [] })).toMatchObject({ field: 'id' })
  const form = csvForm('number\n+4917099000001\n', { id: 'all' })
  expect(await rig.refused('/create/audience/from/file', form)).toMatchObject({ field: 'id' })
  expect(await count('segments')).toBe(before)
  expect(await count('imports')).toBe(0)
})

test('two audiences do not share a name, and two calls at once make one audience', async () => {
  await rig.post('/create/audience', { id: 'one', name: 'Shared' })
  await rig.post('/create/audience', { id: 'two', name: 'Shared' }, 409)
  const contacts = [{ number: '491701710001' }]
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      rig.line.ask('POST', '/v1/create/audience', {
        headers: { authorization: rig.key },
        body: { id: 'at once', contacts },
      }),
    ),
  )
  for (const { status } of answers) expect([200, 409]).toContain(status)
  expect(await rig.post('/retrieve/audience/contacts', { id: 'at once' })).toHaveLength(1)
})

test('a run that is asked for while another goes waits for its end; one that is scheduled stands in the way', async () => {
  await rig.audience('first', '491701720001', '491701720002')
  await rig.audience('second', '491701720003')
  const { campaignId } = await rig.create({ title: 'Twice', message })
  await rig.approved(campaignId)
  const run = (more: object, status = 200) => rig.post<Made>('/run/campaign', { campaignId, ...more }, status)
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600
  expect(await run({ audiences: ['first'] })).toMatchObject({ run: { status: 'started' } })
  expect(await run({ audiences: ['second'] })).toMatchObject({
    run: { status: 'waiting', reason: 'the run before it has not ended' },
  })
  for (const number of ['491701720001', '491701720002', '491701720003']) await rig.sentTo(number)
  await eventually(
    async () => {
      expect((await rig.resultOf(campaignId)).runs).toMatchObject([
        { number: 1, status: 'completed' },
        { number: 2, status: 'completed' },
      ])
    },
    { timeoutMs: 40_000 },
  )
  expect(await run({ audiences: ['second'], timeToRun: inAnHour })).toMatchObject({
    run: { status: 'scheduled' },
  })
  await run({ audiences: ['second'] }, 409)
})

describe('a file', () => {
  const upload = (kind: string, file: string, id: string) =>
    rig.post<{ contacts: number }>(`/create/${kind}/from/file`, csvForm(file, { id }))
  test.each([
    ['a byte order mark', '\ufeffnumber,name\n+4917099200001,Ann\n'],
    ['semicolons and CRLF', 'number;name\r\n+4917099200001;Ann\r\n'],
    ['quotes', '"number","name"\r\n"+4917099200001","A ""q"", b"\r\n'],
    ['line breaks in a cell', 'number,name\n+4917099200001,"two\nlines"\n'],
    ['tabs', 'number\tname\n+4917099200001\tAnn\n'],
    ['a number twice', 'number,name\n+4917099200001,Ann\n+49 170 99200001,Bob\n'],
    ['two columns of numbers', 'number,phone\n+4917099200001,+4917099200002\n'],
    ['a formula', 'number,name\n+4917099200001,=1+1\n'],
    ['capitals and spaces in the header', ' NUMBER , Name \n +4917099200001 , Ann \n'],
  ])('with %s is read', async (what, file) => {
    expect(await upload('audience', file, what)).toMatchObject({ contacts: 1 })
    expect(await upload('variable/group', file, what)).toMatchObject({ lines: { stored: 1, rejected: 0 } })
  })

  test.each([
    ['no column of numbers', 'a,b\n1,2\n', /no column holds phone numbers/],
    ['nothing in it', '', /empty/],
    ['a header alone', 'number,name\n', /no rows/],
    ['no header', '+4917099000001,Ann\n+4917099000002,Bob\n', /first row has to name the columns/],
  ])('with %s is refused', async (what, file, words) => {
    for (const kind of ['audience', 'variable/group'])
      expect(
        await rig.refused(`/create/${kind}/from/file`, csvForm(file, { id: `no ${what}` })),
      ).toMatchObject({
        ...{ field: 'file', message: expect.stringMatching(words) as string },
      })
  })

  test.each(['multipart/form-data', 'multipart/form-data; boundary=x'])(
    'in a form that breaks off is refused: %s',
    async (type) => {
      const answer = await rig.line.ask('POST', '/v1/create/audience/from/file', {
        ...{ headers: { authorization: rig.key, 'content-type': type }, body: 'garbage' },
      })
      expect(answer).toMatchObject({ status: 400, body: { error: { field: 'file' } } })
    },
  )
})
