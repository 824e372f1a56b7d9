import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { whatsappWebhook } from '../../src/inbound/whatsapp.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { eventually } from '../support/eventually.ts'
import { welcomeDefinition } from '../support/welcome.ts'
import { faultHouse, phones, textFrom, webhookBody, type FaultHouse } from './fault-house.ts'

let house: FaultHouse

beforeAll(async () => {
  house = await faultHouse()
})

interface Batch {
  /** What stands among 999 good messages. */
  poison: (id: string) => unknown
  landsAs: 'message' | 'parked'
}
const nul = JSON.parse('"a\\u0000b"') as string
const loneSurrogate = JSON.parse('"a\\ud800b"') as string
const from = '491610000999'
const batches: [string, Batch][] = [
  ['null', { poison: () => null, landsAs: 'parked' }],
  ['text instead of an object', { poison: (id) => `a message of ${id}`, landsAs: 'parked' }],
  ['an id that is a number', { poison: () => ({ ...textFrom(from, ''), id: 42 }), landsAs: 'parked' }],
  ['nobody who sent it', { poison: (id) => ({ id, type: 'text', text: { body: 'x' } }), landsAs: 'parked' }],
  ['an id of 1 MB', { poison: (id) => textFrom(from, id + noise(1_000_000)), landsAs: 'parked' }],
  ['a sender of 1 MB', { poison: (id) => textFrom(noise(1_000_000), id), landsAs: 'parked' }],
  ['a text of 1 MB', { poison: (id) => textFrom(from, id, noise(1_000_000)), landsAs: 'message' }],
  ['a type that is an object', { poison: (id) => ({ ...textFrom(from, id), type: {} }), landsAs: 'message' }],
  [
    'a time before all time',
    { poison: (id) => ({ ...textFrom(from, id), timestamp: '-9e99' }), landsAs: 'message' },
  ],
  ['a NUL character', { poison: (id) => textFrom(from, id, nul), landsAs: 'message' }],
  ['half a surrogate pair', { poison: (id) => textFrom(from, id, loneSurrogate), landsAs: 'message' }],
  ['text: null', { poison: (id) => ({ ...textFrom(from, id), text: null }), landsAs: 'message' }],
]

test.each(batches)('one poison item in a batch of 1,000: %s', async (name, { poison, landsAs }) => {
  const tag = name.replaceAll(/\W+/g, '-')
  const [parkedBefore, landedBefore] = await Promise.all([count('inbound_items'), count('messages')])
  // Reactions are stored and start nothing, so that this is about storing alone.
  const good = phones('1610', 999).map((waId, at) => ({
    ...textFrom(waId, `wamid.${tag}.${at}`),
    type: 'reaction',
  }))
  const items = good.toSpliced(500, 0, poison(`wamid.${tag}.poison`) as never)
  expect(await house.post(webhookBody(house, { messages: items }))).toBe(200)
  expect((await count('messages')) - landedBefore).toBe(landsAs === 'message' ? 1_000 : 999)
  expect((await count('inbound_items')) - parkedBefore).toBe(landsAs === 'parked' ? 1 : 0)
  if (landsAs === 'parked') {
    const [parked] = await house.rows<{ error: string }>(
      'select error from inbound_items order by id desc limit 1',
    )
    expect(parked?.error).toBeTruthy()
  }
})

test('one poison status among good ones is parked, and they land', async () => {
  const status = (id: string) => ({ id, status: 'sent', timestamp: '1795000000', recipient_id: from })
  const good = Array.from({ length: 200 }, (_, at) => status(`wamid.status.${at}`))
  const items = good.toSpliced(100, 0, status(noise(100_000)))
  expect(await house.post(webhookBody(house, { statuses: items }))).toBe(200)
  expect(await count('message_statuses')).toBe(200)
})

test('the same signed webhook 5 times at once, at two receivers: one message, one run, one question', async () => {
  await house.worker()
  await house.publish(welcomeDefinition())
  const secondUrl = await secondReceiver()
  // These customers speak past the sandbox, which would say that it has never heard of them.
  await house.settings({ windowErrors: 'off' })
  const waIds = phones('1611', 10)
  for (const waId of waIds) {
    const body = webhookBody(house, { messages: [textFrom(waId, `wamid.${waId}`)] })
    const urls = [house.webhookUrl, secondUrl, house.webhookUrl, secondUrl, house.webhookUrl]
    const answers = await Promise.all(urls.map((url) => house.post(body, url)))
    expect(answers).toEqual([200, 200, 200, 200, 200])
  }
  const asked = async () => (await house.ledger()).map(({ to }) => to).filter((to) => waIds.includes(to))
  await eventually(async () => expect(await asked()).toHaveLength(10), { timeoutMs: 40_000 })
  const [counts] = await house.rows(
    `select (select count(*)::int from runs where contact_id in
         (select contact_id from identities where value like '491611%')) as runs,
       (select count(*)::int from messages where wamid like 'wamid.491611%') as messages,
       (select count(*)::int from identities where value like '491611%') as identities,
       (select count(*)::int from outbox) as outbox`,
  )
  expect((await asked()).sort()).toEqual(waIds)
  expect(counts).toEqual({ runs: 10, messages: 10, identities: 10, outbox: 0 })
})

async function count(table: string): Promise<number> {
  const [row] = await house.rows<{ n: number }>(`select count(*)::int as n from ${table}`)
  return row?.n ?? 0
}

/** Text that does not compress, so that PostgreSQL's limits on indexes are met. */
function noise(length: number): string {
  let state = 1
  let text = ''
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    text += state.toString(36)
  }
  return text.slice(0, length)
}

/** Another API process would have an intake of its own; so has this one. */
async function secondReceiver(): Promise<string> {
  const server = createServer(express().use(whatsappWebhook(house.deps)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atFileEnd(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
