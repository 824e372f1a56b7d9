import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { defineRoute } from '../../src/kit/route.ts'
import { AppError } from '../../src/model/errors.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

/** How often the route below did its work, by what it was asked. */
const done = new Map<string, number>()
let outcome: 'ok' | 'refuse' | 'crash' = 'ok'
const count = (what: string) => done.get(what) ?? 0

const routes = [
  defineRoute({
    method: 'post',
    path: '/platform/v1/deeds',
    summary: 'test',
    tag: 'Test',
    auth: 'key',
    status: 201,
    input: { body: z.object({ what: z.string(), delayMs: z.number().default(0) }) },
    output: z.object({ what: z.string(), times: z.number() }),
    handle: async ({ body: { what, delayMs } }) => {
      done.set(what, count(what) + 1)
      await sleep(delayMs)
      if (outcome === 'refuse') {
        throw new AppError('not_started', 'already inside', { details: { reason: 'already inside' } })
      }
      if (outcome === 'crash') throw new Error('boom')
      return { what, times: count(what) }
    },
  }),
]

let api: ApiRig
let databaseUrl: string
let mine: Awaited<ReturnType<typeof openWorkspace>>
let theirs: Awaited<ReturnType<typeof openWorkspace>>
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl }, routes)
  ;[mine, theirs] = [await openWorkspace(api, 'mine'), await openWorkspace(api, 'theirs')]
})
afterAll(() => api.close())
beforeEach(() => {
  outcome = 'ok'
})

const deed = (key: string, body: object, token = mine.key) =>
  api.ask('POST', '/platform/v1/deeds', { token, body, headers: { 'idempotency-key': key } })

test('a repetition gets the first answer and does nothing', async () => {
  const first = await deed('k1', { what: 'once' })
  const again = await deed('k1', { what: 'once' })
  expect(first).toMatchObject({ status: 201, body: { what: 'once', times: 1 } })
  expect(again).toMatchObject({ status: 201, body: { what: 'once', times: 1 } })
  expect(first.headers.get('idempotency-replayed')).toBeNull()
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(count('once')).toBe(1)
})

test('ten at once: one works, and every answer is either that one or "not yet"', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => deed('k2', { what: 'race', delayMs: 300 })),
  )
  expect(count('race')).toBe(1)
  for (const { status, body, headers } of answers) {
    if (status === 201) expect(body).toEqual({ what: 'race', times: 1 })
    else
      expect([status, body['code'], headers.get('retry-after')]).toEqual([
        409,
        'idempotency_in_progress',
        '1',
      ])
  }
  // On a slow machine some come when the first has ended, and get its answer.
  const worked = answers.filter(
    ({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'),
  )
  expect(worked).toHaveLength(1)
  expect(await deed('k2', { what: 'race', delayMs: 300 })).toMatchObject({ status: 201, body: { times: 1 } })
})

test('the same key with another request is refused, and another workspace has its own keys', async () => {
  await deed('k3', { what: 'this' })
  const other = await deed('k3', { what: 'that' })
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
  expect(await deed('k3', { what: 'that' }, theirs.key)).toMatchObject({ status: 201, body: { times: 1 } })
  expect(await deed('k3', { what: 'this' }, mine.admin.token)).toMatchObject({ status: 422 })
})

test('a final refusal is repeated as it was; a failure of ours may be tried again', async () => {
  outcome = 'refuse'
  const first = await deed('k4', { what: 'refused' })
  outcome = 'ok'
  const again = await deed('k4', { what: 'refused' })
  expect(first.body).toMatchObject({
    status: 409,
    code: 'not_started',
    details: { reason: 'already inside' },
  })
  expect(again.body).toEqual({ ...first.body, requestId: expect.any(String) })
  expect(count('refused')).toBe(1)

  outcome = 'crash'
  expect(await deed('k5', { what: 'mended' })).toMatchObject({ status: 500 })
  outcome = 'ok'
  expect(await deed('k5', { what: 'mended' })).toMatchObject({ status: 201, body: { times: 2 } })
})

test('a request that died with its process holds its key for a minute, not for ever', async () => {
  await deed('k6', { what: 'died' })
  const die = (age: string) =>
    runSql(
      databaseUrl,
      `update idempotency_keys set status = null, body = null, created_at = now() - $1::interval where key = 'k6'`,
      [age],
    )
  await die('59 seconds')
  expect(await deed('k6', { what: 'died' })).toMatchObject({ status: 409 })
  await die('61 seconds')
  const taken = await Promise.all([1, 2, 3].map(() => deed('k6', { what: 'died' })))
  expect(taken.filter(({ status }) => status === 201).length).toBeGreaterThan(0)
  expect(count('died')).toBe(2)
})

test('a key shown once is repeated to its maker and stands nowhere in plain', async () => {
  const make = () =>
    api.ask('POST', '/platform/v1/api-keys', {
      token: mine.key,
      body: { name: 'ci' },
      headers: { 'idempotency-key': 'k7' },
    })
  const [first, again] = [await make(), await make()]
  expect(first).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^drip_/) } })
  expect(again.body).toEqual(first.body)
  const { rows } = await runSql(databaseUrl, `select i::text from idempotency_keys i where key = 'k7'`)
  const secret = String(first.body['key']).split('_').slice(2).join('_')
  expect(JSON.stringify(rows)).not.toContain(secret)
})

test('without a key every request counts, and a key that cannot be one is refused', async () => {
  const twice = () => api.ask('POST', '/platform/v1/deeds', { token: mine.key, body: { what: 'twice' } })
  await twice()
  expect(await twice()).toMatchObject({ status: 201, body: { times: 2 } })
  const bad = await deed('x'.repeat(256), { what: 'bad' })
  expect(bad).toMatchObject({ status: 400, body: { fields: [{ field: 'Idempotency-Key' }] } })
})
