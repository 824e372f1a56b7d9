import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { configSchema } from '../src/config.ts'
import { seedDemo, type Demo } from '../src/seed.ts'
import { freePort } from './support/free-port.ts'
import { freshDatabase } from './support/postgres.ts'
import { startProcess } from './support/processes.ts'
import { testNamespace } from './support/temporal.ts'

const MASTER_KEY = randomBytes(32).toString('hex')

async function startApi(places: {
  DATABASE_URL: string
  TEMPORAL_ADDRESS: string
  TEMPORAL_NAMESPACE?: string
}) {
  const PORT = String(await freePort())
  const api = startProcess('src/server.ts', { ...places, PORT, MASTER_KEY })
  const url = `http://127.0.0.1:${PORT}`
  await api.waitForUrl(`${url}/healthz`)
  return { ...api, url }
}

test('starts, answers and ends in good order while PostgreSQL and Temporal are away', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`
  const api = await startApi({ DATABASE_URL: `postgres://a@${nowhere}/b`, TEMPORAL_ADDRESS: nowhere })
  expect(api.log()).toContain(`the API listens on ${api.url}`)
  expect((await fetch(`${api.url}/readyz`)).status).toBe(503)
  const headers = { authorization: `Bearer drip_abcdefghij_${'x'.repeat(43)}` }
  expect((await fetch(`${api.url}/platform/v1/journeys`, { headers })).status).toBe(503)
  const handshake = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': 'x',
    'hub.challenge': '1',
  })
  expect((await fetch(`${api.url}/webhooks/whatsapp?${handshake}`)).status).toBe(503)
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
  expect(await api.stop()).toBe(0)
})

test('a port that is taken is said, and is the end', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`
  const places = { DATABASE_URL: `postgres://a@${nowhere}/b`, TEMPORAL_ADDRESS: nowhere }
  const first = await startApi(places)
  const second = startProcess('src/server.ts', { ...places, MASTER_KEY, PORT: new URL(first.url).port })
  expect(await second.exited).toBe(1)
  expect(second.log()).toMatch(/EADDRINUSE/)
})

describe('with a demo workspace', () => {
  let demo: Demo
  let api: Awaited<ReturnType<typeof startApi>>
  beforeAll(async () => {
    const [database, temporal] = await Promise.all([freshDatabase(), testNamespace()])
    const config = configSchema.parse({ DATABASE_URL: database.url, MASTER_KEY, LOG_LEVEL: 'silent' })
    const elsewhere = { baseUrl: '', sandboxUrl: '', temporalAddress: '', temporalUiUrl: '' }
    demo = await seedDemo(config, { ...elsewhere, databaseUrl: database.url })
    api = await startApi({
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
    })
  })

  test('its credentials open the API, and SIGTERM lets a request end first', async () => {
    const ask = (token: string) =>
      fetch(`${api.url}/platform/v1/journeys`, { headers: { authorization: `Bearer ${token}` } })
    const journeys = (await (await ask(demo.apiKey)).json()) as { items: { name: string }[] }
    expect(journeys.items).toMatchObject([{ name: 'Welcome' }])
    expect((await ask(demo.admin.token)).status).toBe(200)
    expect((await ask(demo.bot.key)).status).toBe(401)

    const { username, password } = demo.admin
    const slow = fetch(`${api.url}/platform/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
    await sleep(10)
    const ended = api.stop()
    expect((await slow).status).toBe(201)
    expect(await ended).toBe(0)
    expect(api.log()).toContain('the API has stopped')
  })
})
