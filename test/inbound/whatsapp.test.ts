import { parseWebhook } from '../../integrations/whatsapp/webhook.ts'
import { buildHouse, type House } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { signedPost } from '../support/signed-post.ts'
import { testNamespace } from '../support/temporal.ts'
import { changeBody, messageBody, unknownFields, webhookMessages } from './webhook-bodies.ts'

let house: House
let databaseUrl: string

beforeAll(async () => {
  const [database, temporal] = await Promise.all([freshDatabase(), testNamespace()])
  databaseUrl = database.url
  house = await buildHouse({ databaseUrl, temporal })
})
afterAll(() => house.close())

const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
  (await runSql(databaseUrl, sql, values)).rows as T[]

const post = (body: unknown, headers?: Record<string, string>) => signedPost(house, body, headers)
const envelope = (value: object) => messageBody(house.access, value)

describe('the handshake', () => {
  const ask = async (query: Record<string, string>) => {
    const response = await fetch(`${house.webhookUrl}?${new URLSearchParams(query)}`)
    return { status: response.status, text: await response.text() }
  }
  test('answers the challenge for our verify token and refuses another', async () => {
    const query = {
      'hub.mode': 'subscribe',
      'hub.challenge': '4711',
      'hub.verify_token': house.access.verifyToken,
    }
    expect(await ask(query)).toEqual({ status: 200, text: '4711' })
    expect((await ask({ ...query, 'hub.verify_token': 'guessed' })).status).toBe(403)
    expect((await ask({ 'hub.mode': 'subscribe' })).status).toBe(400)
  })
})

describe('the signature', () => {
  test.each([
    ['is missing', { 'x-hub-signature-256': '' }],
    ['is of another secret', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['has no prefix', { 'x-hub-signature-256': '0'.repeat(64) }],
    ['is too short', { 'x-hub-signature-256': 'sha256=00' }],
  ])('that %s is refused and nothing is stored', async (_what, headers) => {
    const wamid = `wamid.unsigned.${Math.random()}`
    const body = envelope({
      messages: [{ from: '491511', id: wamid, timestamp: '1', type: 'text', text: { body: 'x' } }],
    })
    expect(await post(body, headers)).toBe(401)
    expect(await rows('select 1 from messages where wamid = $1', [wamid])).toEqual([])
  })

  test('is over the raw bytes: accents and emoji pass as they came', async () => {
    const body = JSON.stringify(
      envelope({
        messages: [
          {
            from: '491512',
            id: 'wamid.raw',
            timestamp: '1700000000',
            type: 'text',
            text: { body: 'Grüße \\u00e9 👋' },
          },
        ],
      }),
    )
    expect(await post(body)).toBe(200)
    expect(await rows('select text from messages where wamid = $1', ['wamid.raw'])).toEqual([
      { text: 'Grüße \\u00e9 👋' },
    ])
  })

  test('of our app on a body about a number we do not have: kept whole, with the reason', async () => {
    const value = {
      metadata: { phone_number_id: '42' },
      messages: [{ from: '491513', id: 'wamid.other', type: 'text' }],
    }
    expect(await post({ entry: [{ id: '1', changes: [{ field: 'messages', value }] }] })).toBe(200)
    expect(await rows('select 1 from messages where wamid = $1', ['wamid.other'])).toEqual([])
    expect(await rows(`select error from inbound_items where raw::text like '%wamid.other%'`)).toEqual([
      { error: 'no number here has the id 42' },
    ])
  })
})

describe('every kind of message gets in without loss', () => {
  test.each(webhookMessages())('$name', async ({ name, messages, contacts }) => {
    const waId = `4915${name.length}${[...name].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 3) % 1e7}`
    const own = messages.map((message, at) => ({ ...message, from: waId, id: `wamid.${name}.${at}` }))
    const people = contacts.map((contact) => ({
      ...contact,
      wa_id: waId,
      user_id: `US.${name.replace(/\W|_/g, '')}`,
    }))
    expect(await post(envelope({ contacts: people, messages: own }))).toBe(200)
    const stored = await rows<{ content: object; type: string }>(
      'select type, content from messages where wamid like $1 order by wamid',
      [`wamid.${name}.%`],
    )
    expect(stored.map((row) => row.content)).toEqual(own)
    expect(stored.map((row) => row.type)).toEqual(own.map((message) => message.type))
  })

  test('an unknown type with unknown fields is stored as it is', async () => {
    const message = {
      from: '491520',
      id: 'wamid.hologram',
      timestamp: '1700000000',
      type: 'hologram',
      hologram: { beam: [1] },
      x: 1,
    }
    expect(await post(envelope({ messages: [message] }))).toBe(200)
    expect(await rows(`select type, content from messages where wamid = 'wamid.hologram'`)).toEqual([
      { type: 'hologram', content: message },
    ])
  })

  test.each(unknownFields)('the field %s, whatever it holds, is kept whole', async (field) => {
    const value = { event: field, nested: { list: [1, 'two', null] } }
    expect(await post(changeBody(house.access, field, value))).toBe(200)
    const kept = await rows<{ raw: object }>('select raw from inbound_items where field = $1', [field])
    expect(kept).toEqual([{ raw: { field, value } }])
  })

  test('a message without id or sender is parked with the reason, and its neighbours land', async () => {
    const good = { from: '491521', id: 'wamid.good', timestamp: '1', type: 'text', text: { body: 'ok' } }
    expect(await post(envelope({ messages: [{ type: 'text' }, null, { id: 'wamid.nobody' }, good] }))).toBe(
      200,
    )
    expect(await rows(`select 1 from messages where wamid = 'wamid.good'`)).toHaveLength(1)
    const errors = await rows<{ error: string }>(
      `select error from inbound_items where field = 'messages' and error like 'the message%' order by error`,
    )
    expect(errors.map(({ error }) => error)).toEqual(
      expect.arrayContaining(['the message has no id', 'the message names no sender']),
    )
  })
})

describe('people', () => {
  test('a customer without a phone is a contact by BSUID, and stays one when the phone is learnt', async () => {
    const text = (id: string) => ({ id, timestamp: '1700000000', type: 'text', text: { body: 'hi' } })
    const bsuid = 'DE.abc123XYZ'
    const profile = { name: 'No Phone', username: 'nophone' }
    await post(
      envelope({
        contacts: [{ profile, user_id: bsuid }],
        messages: [{ ...text('wamid.b1'), from_user_id: bsuid }],
      }),
    )
    await post(
      envelope({
        contacts: [{ profile, user_id: bsuid, wa_id: '491530' }],
        messages: [{ ...text('wamid.b2'), from: '491530', from_user_id: bsuid }],
      }),
    )
    await post(
      envelope({
        contacts: [{ profile, wa_id: '491530' }],
        messages: [{ ...text('wamid.b3'), from: '491530' }],
      }),
    )
    const contacts = await rows(
      `select distinct contact_id from messages where wamid in ('wamid.b1','wamid.b2','wamid.b3')`,
    )
    expect(contacts).toHaveLength(1)
    expect(
      await rows(
        `select kind, value from identities i join messages m using (contact_id) where m.wamid = 'wamid.b1' order by 1`,
      ),
    ).toEqual([
      { kind: 'bsuid', value: bsuid },
      { kind: 'username', value: 'nophone' },
      { kind: 'wa_id', value: '491530' },
    ])
  })

  test('a number change moves the claim and keeps the person', async () => {
    const text = (id: string, from: string) => ({
      id,
      from,
      timestamp: '1700000000',
      type: 'text',
      text: { body: 'hi' },
    })
    await post(envelope({ messages: [text('wamid.n1', '491540')] }))
    const system = { body: 'changed', type: 'user_changed_number', new_wa_id: '491541' }
    await post(
      envelope({
        messages: [{ id: 'wamid.n2', from: '491540', timestamp: '1700000001', type: 'system', system }],
      }),
    )
    await post(envelope({ messages: [text('wamid.n3', '491541')] }))
    expect(
      await rows(
        `select distinct contact_id from messages where wamid in ('wamid.n1','wamid.n2','wamid.n3')`,
      ),
    ).toHaveLength(1)
    expect(
      await rows(`select value from identities where value in ('491540','491541') and valid_to is null`),
    ).toEqual([{ value: '491541' }])
  })

  test('twenty first messages of one person at once make one contact and one conversation', async () => {
    const send = (at: number) =>
      post(
        envelope({
          messages: [
            {
              id: `wamid.p${at}`,
              from: '491550',
              timestamp: '1700000000',
              type: 'text',
              text: { body: 'hi' },
            },
          ],
        }),
      )
    expect(new Set(await Promise.all(Array.from({ length: 20 }, (_, at) => send(at))))).toEqual(
      new Set([200]),
    )
    expect(
      await rows(`select distinct contact_id, conversation_id from messages where wamid like 'wamid.p%'`),
    ).toHaveLength(1)
    expect(
      await rows(
        `select c.id from contacts c left join identities i on i.contact_id = c.id where i.id is null`,
      ),
    ).toEqual([])
  })
})

test('parsing never throws, whatever the shape', () => {
  for (const body of [
    null,
    1,
    'x',
    [],
    {},
    { entry: null },
    { entry: [null, 1, { changes: [null, { value: 5 }] }] },
  ]) {
    expect(() => parseWebhook(body)).not.toThrow()
  }
})
