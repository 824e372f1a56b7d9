import { randomBytes } from 'node:crypto'
import { configSchema } from '../src/config.ts'
import { seedDemo } from '../src/seed.ts'
import { freshDatabase } from './support/postgres.ts'
import { runSql } from './support/run-sql.ts'

let databaseUrl: string
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
})

const MASTER_KEY = randomBytes(32).toString('hex')
const seed = (previous?: Awaited<ReturnType<typeof seedDemo>>, baseUrl = 'http://127.0.0.1:3000') =>
  seedDemo(configSchema.parse({ DATABASE_URL: databaseUrl, MASTER_KEY, LOG_LEVEL: 'silent' }), {
    baseUrl,
    sandboxUrl: 'http://127.0.0.1:3001',
    temporalAddress: '127.0.0.1:7233',
    temporalUiUrl: '',
    databaseUrl,
    ...(previous && { previous }),
  })
const count = async (table: string) =>
  (await runSql(databaseUrl, `select count(*)::int as n from ${table}`)).rows[0]

test('makes the demo workspace once, and moves it to new addresses', async () => {
  const first = await seed()
  expect(first).toEqual({
    baseUrl: 'http://127.0.0.1:3000',
    sandboxUrl: 'http://127.0.0.1:3001',
    temporalAddress: '127.0.0.1:7233',
    temporalUiUrl: '',
    databaseUrl,
    workspaceId: expect.any(String),
    apiKey: expect.stringMatching(/^drip_/),
    admin: { username: 'admin', password: expect.any(String), token: expect.stringMatching(/^drips_/) },
    team: {
      agents: [
        { username: 'mira', password: expect.any(String) },
        { username: 'jonas', password: expect.any(String) },
      ],
      group: 'Support',
      bot: { username: 'robot', token: expect.stringMatching(/^[0-9a-f]{40}$/) },
    },
    bot: {
      customerId: expect.stringMatching(/^1\d{4}$/),
      botRef: expect.stringMatching(/^[0-9a-f]{16}$/),
      key: expect.stringMatching(/^drip_/),
    },
    chatman: { key: expect.stringMatching(/^drip_/) },
    chatinc: { key: expect.stringMatching(/^drip_/) },
    whatsapp: {
      phoneNumberId: expect.stringMatching(/^\d{15}$/),
      wabaId: expect.stringMatching(/^\d{15}$/),
      displayNumber: expect.stringMatching(/^\d{11}$/),
      appSecret: expect.stringMatching(/^[0-9a-f]{32}$/),
      verifyToken: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  })
  const again = await seed(first, 'http://127.0.0.1:4000')
  expect(again).toEqual({ ...first, baseUrl: 'http://127.0.0.1:4000' })
  for (const table of ['workspaces', 'phone_numbers', 'journeys', 'event_types']) {
    expect([table, await count(table)]).toEqual([table, { n: 1 }])
  }
  expect(await count('users')).toEqual({ n: 4 })
  expect(await count('blocks')).toEqual({ n: 2 })
  expect(await count('campaigns')).toEqual({ n: 1 })
  expect(await count('api_keys')).toEqual({ n: 4 })
  const { rows } = await runSql(databaseUrl, 'select name, attributes from event_types')
  expect(rows).toEqual([{ name: 'order_placed', attributes: { order_id: 'string', total: 'float' } }])
})

test('renews a token that ended, and keeps the rest', async () => {
  const before = await seed()
  await runSql(databaseUrl, `update sessions set expires_at = now() + interval '1 hour'`)
  const after = await seed(before)
  expect(after.admin.token).not.toBe(before.admin.token)
  expect(after).toEqual({ ...before, admin: { ...before.admin, token: after.admin.token } })
})

test('gives what an earlier version left the keys that it lacks', async () => {
  const { chatman, chatinc, ...left } = await seed()
  const upgraded = await seed(left as Awaited<ReturnType<typeof seedDemo>>)
  const key: unknown = expect.stringMatching(/^drip_/)
  expect(upgraded).toEqual({ ...left, chatman: { key }, chatinc: { key } })
  expect(upgraded.chatinc.key).not.toBe(chatinc.key)
  expect(upgraded.chatman.key).not.toBe(chatman.key)
  expect(await seed(upgraded)).toEqual(upgraded)
  const numbers = await runSql(databaseUrl, 'select id from phone_numbers where bot_ref = $1', [
    left.bot.botRef,
  ])
  const numberId = numbers.rows[0]?.id
  const { rows } = await runSql(
    databaseUrl,
    "select kind from api_keys where number_id = $1 and prefix = split_part($2, '_', 2)",
    [numberId, upgraded.chatman.key],
  )
  expect(rows).toEqual([{ kind: 'chatman' }])
})

test('takes the next free name, and starts anew when the database was emptied', async () => {
  const previous = await seed()
  expect(previous.admin.username).toMatch(/^admin-\d$/)
  await runSql(databaseUrl, 'truncate workspaces cascade')
  const anew = await seed(previous)
  expect(anew.workspaceId).not.toBe(previous.workspaceId)
  expect(anew.admin.username).toBe('admin')
})

test('Welcome is published, and started by the word hello', async () => {
  const { rows } = await runSql(
    databaseUrl,
    `select v.definition from journeys j join journey_versions v on v.id = j.published_version_id limit 1`,
  )
  expect(rows[0]).toMatchObject({
    definition: { triggers: [{ type: 'user-utterance', keywords: ['hello'], match: 'exact' }] },
  })
})
