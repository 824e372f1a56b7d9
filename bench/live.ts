import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import WebSocket, { WebSocketServer } from 'ws'
import { compose, dispose } from '../src/compose.ts'
import { loadConfig } from '../src/config.ts'
import { createApiKey } from '../src/settings/api-keys.ts'
import { percentile, printComparisons, printHistogram } from './support/figures.ts'
import { call } from './support/http.ts'
import { measureChildren } from './support/memory.ts'
import { signedBody, textMessage } from './support/meta-webhooks.ts'
import { startProduct, type Product } from './support/product.ts'

const openSockets = 1_000
const idleSockets = 10_000
const samples = 100
const socketsAKey = 20
const restMs = 50

/**
 * From the POST of a customer's message to its frame on the last of 1,000 open sockets. Bare: an insert, a NOTIFY and a text of
 * the same length on as many sockets of a bare `ws` server. Rounds take turns. Then what idle sockets take of memory.
 */
async function main(): Promise<void> {
  const product = await startProduct(['api'])
  const ours = await openOurs(product, openSockets)
  const bare = await openBare(product, openSockets)
  const measured = { first: [] as number[], last: [] as number[], bare: [] as number[] }
  for (let at = -10; at < samples; at++) {
    const waId = String(491_720_000_000 + (at % 50) + 50)
    const { body, headers } = signedBody(product.whatsapp, {
      messages: [textMessage(waId, 'hello')],
      statuses: [],
    })
    const startedAtMs = performance.now()
    const [arrivals] = await Promise.all([ours.next(), call('POST', product.webhookUrl, body, headers)])
    await sleep(restMs)
    const yardstick = await bare.tell()
    await sleep(restMs)
    if (at < 0) continue
    measured.first.push(arrivals.firstMs - startedAtMs)
    measured.last.push(arrivals.lastMs - startedAtMs)
    measured.bare.push(yardstick)
  }
  printHistogram(`A message in to the frame on the first of ${openSockets} sockets`, measured.first)
  printHistogram(`… on the last (aim: p50 < 50 ms, p99 < 250 ms)`, measured.last)
  printComparisons('A message in to its frame on every socket', [
    {
      what: 'p50',
      ours: percentile(measured.last, 0.5),
      bare: percentile(measured.bare, 0.5),
      unit: 'ms',
      aim: '< 50 ms',
    },
    {
      what: 'p99',
      ours: percentile(measured.last, 0.99),
      bare: percentile(measured.bare, 0.99),
      unit: 'ms',
      aim: '< 250 ms',
    },
  ])
  await bare.stop()
  const before = memoryOfApi()
  const idle = await openOurs(product, idleSockets - openSockets)
  await sleep(3_000)
  console.log(`\n${idleSockets} open sockets: ${memoryOfApi()} MB, of which ${before} MB with ${openSockets}`)
  idle.close()
  ours.close()
  await product.stop()
}

function memoryOfApi(): number {
  return measureChildren({ api: /server\.ts/ })[0]?.megabytes ?? Number.NaN
}

interface Arrivals {
  firstMs: number
  lastMs: number
}

async function openOurs(product: Product, count: number) {
  const config = loadConfig({
    DATABASE_URL: product.databaseUrl,
    MASTER_KEY: product.masterKey,
    LOG_LEVEL: 'fatal',
  })
  const deps = await compose(config, 'bench')
  const url = new URL('/platform/v1/live', product.webhookUrl.replace('http', 'ws')).href
  const { workspaceId } = product
  const sockets: WebSocket[] = []
  let heard = 0
  let first = 0
  let done: ((arrivals: Arrivals) => void) | undefined
  const hear = (data: Buffer) => {
    if (!data.includes('"message.received"')) return
    heard += 1
    if (heard === 1) first = performance.now()
    if (heard === count) done?.({ firstMs: first, lastMs: performance.now() })
  }
  for (let at = 0; at < count; at += socketsAKey) {
    const { key } = await createApiKey(deps, { workspaceId, name: `bench ${at}`, kind: 'platform' })
    const opened = Array.from({ length: Math.min(socketsAKey, count - at) }, async () => {
      const socket = new WebSocket(url, {
        headers: { authorization: `Bearer ${key}` },
        perMessageDeflate: false,
      })
      sockets.push(socket)
      socket.on('message', hear)
      await once(socket, 'message')
    })
    await Promise.all(opened)
  }
  await dispose(deps)
  return {
    next: () =>
      new Promise<Arrivals>((resolve) => {
        heard = 0
        done = resolve
      }),
    close: () => sockets.forEach((socket) => socket.terminate()),
  }
}

/** What nobody can do without: a row, a notification, and as many frames. */
async function openBare(product: Product, count: number) {
  const server = createServer()
  const door = new WebSocketServer({ server, perMessageDeflate: false })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const listener = new pg.Client({ connectionString: product.databaseUrl })
  await listener.connect()
  await listener.query('listen bare')
  await product.pool.query('create table bare_frames (id bigint generated always as identity, frame text)')
  listener.on('notification', () => {
    void listener.query('select frame from bare_frames order by id desc limit 1').then(({ rows }) => {
      const frame = Buffer.from((rows[0] as { frame: string }).frame)
      for (const client of door.clients) client.send(frame, { binary: false })
    })
  })
  let heard = 0
  let done: ((atMs: number) => void) | undefined
  const clients: WebSocket[] = []
  for (let at = 0; at < count; at++) {
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    client.on('message', () => {
      heard += 1
      if (heard === count) done?.(performance.now())
    })
    clients.push(client)
    if (at % 50 === 0) await once(client, 'open')
  }
  await Promise.all(
    clients.flatMap((client) => (client.readyState === WebSocket.OPEN ? [] : [once(client, 'open')])),
  )
  return {
    async tell(): Promise<number> {
      heard = 0
      const startedAtMs = performance.now()
      const all = new Promise<number>((resolve) => (done = resolve))
      await product.pool.query('insert into bare_frames (frame) values ($1)', ['x'.repeat(2_000)])
      await product.pool.query('notify bare')
      return (await all) - startedAtMs
    },
    async stop() {
      for (const client of clients) client.terminate()
      await listener.end()
      door.close()
      server.close()
    },
  }
}

await main()
