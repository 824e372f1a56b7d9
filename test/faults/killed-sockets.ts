import WebSocket from 'ws'
import type { Frame } from '../live/live-rig.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { startProcess } from '../support/processes.ts'
import { faultHouse, pause, phones, textFrom, webhookBody, type FaultHouse } from './fault-house.ts'

const socketsAKey = 15

/**
 * Two API processes with open screens, customers who write all the time, and one of the processes killed: its screens go on at
 * the other one from where they were. Each has heard every message in the end.
 */
export async function killApiUnderSockets(scale: {
  sockets: number
  messages: number
  timeoutMs: number
}): Promise<void> {
  const house = await faultHouse()
  const [killed, other] = await Promise.all([startApi(house), startApi(house)])
  const keys = await Promise.all(
    Array.from({ length: Math.ceil(scale.sockets / socketsAKey) }, (_, at) =>
      createApiKey(house.deps, { workspaceId: house.workspaceId, name: `screen ${at}`, kind: 'platform' }),
    ),
  )
  const screens = Array.from({ length: scale.sockets }, (_, at) => {
    const urls = at % 2 === 0 ? [killed.live, other.live] : [other.live, other.live]
    return openScreen(urls, keys[Math.floor(at / socketsAKey)]?.key ?? '')
  })
  const patience = { timeoutMs: scale.timeoutMs }
  await eventually(
    () => expect(screens.filter(({ opened }) => opened() > 0)).toHaveLength(scale.sockets),
    patience,
  )
  const writing = write(house, other.url, scale.messages)
  const half = () => house.rows('select 1 from messages').then(({ length }) => length >= scale.messages / 2)
  await eventually(async () => expect(await half()).toBe(true), patience)
  await killed.process.kill()
  await writing
  const stored = (await house.rows<{ id: string }>('select id from messages')).map(({ id }) => id).sort()
  expect(stored).toHaveLength(scale.messages)
  await eventually(() => {
    const missing = screens.map(({ heard }) => stored.filter((id) => !heard.has(id)).length)
    expect(missing.filter((count) => count > 0)).toEqual([])
  }, patience)
  // Half of them have come again, and none had to begin anew.
  expect(screens.filter(({ opened }) => opened() > 1).length).toBeGreaterThanOrEqual(
    Math.floor(scale.sockets / 2),
  )
  expect(screens.filter(({ wasReset }) => wasReset())).toEqual([])
  for (const { close } of screens) close()
}

async function startApi(house: FaultHouse) {
  const port = await freePort()
  const settings = Object.entries({ ...house.deps.config, PORT: port, LOG_LEVEL: 'info' })
  const present = settings.filter(([, value]) => value !== undefined)
  const env = Object.fromEntries(present.map(([key, value]) => [key, String(value)]))
  const process = startProcess('src/server.ts', env)
  const url = `http://127.0.0.1:${port}`
  await process.waitForUrl(`${url}/healthz`)
  return { process, url, live: `ws://127.0.0.1:${port}/platform/v1/live` }
}

async function write(house: FaultHouse, url: string, messages: number): Promise<void> {
  const people = phones('1655', 20)
  for (let at = 0; at < messages; at++) {
    const message = textFrom(people[at % people.length] ?? '', `wamid.socket.${at}`, `message ${at}`)
    const body = webhookBody(house, { messages: [message] })
    expect(await house.post(body, `${url}/webhooks/whatsapp`)).toBe(200)
    await pause(5)
  }
}

/** A client as it should be: it keeps the cursor, comes again after a moment, and drops what it knows. */
function openScreen(urls: string[], key: string) {
  const heard = new Set<string>()
  let cursor: string | undefined
  let opened = 0
  let tries = 0
  let reset = false
  let isClosed = false
  let socket: WebSocket

  function hear(frame: Frame): void {
    if (frame.type === 'hello') opened += 1
    if (frame.type === 'reset') reset = true
    if (frame.cursor !== undefined) cursor = frame.cursor
    if (frame.kind === 'message.received' && frame.message) heard.add(frame.message.id)
  }
  function connect(): void {
    const resume = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
    const url = urls[Math.min(tries++, urls.length - 1)] ?? ''
    socket = new WebSocket(url + resume, { headers: { authorization: `Bearer ${key}` } })
    socket.on('message', (data) => hear(JSON.parse((data as Buffer).toString()) as Frame))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (!isClosed) setTimeout(connect, 100)
    })
  }
  connect()
  return {
    heard,
    opened: () => opened,
    wasReset: () => reset,
    close() {
      isClosed = true
      socket.terminate()
    },
  }
}
