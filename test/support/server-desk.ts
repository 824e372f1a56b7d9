import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deskVariable, type SharedThings } from './ask-server-desk.ts'

export type Shared<Name extends keyof SharedThings> = { told: SharedThings[Name]; end: () => Promise<void> }

/** Imported only when asked for: a run of pure tests loads neither the ORM nor webpack. */
const starters: { [Name in keyof SharedThings]: () => Promise<Shared<Name>> } = {
  postgres: async () => (await import('./shared-postgres.ts')).startSharedPostgres(),
  temporal: async () => (await import('./shared-temporal.ts')).startSharedTemporal(),
  bundle: async () => (await import('./shared-bundle.ts')).buildSharedBundle(),
}

let server: Server | undefined
const started = new Map<string, Promise<Shared<keyof SharedThings>>>()

/**
 * Opens a desk in Jest's parent process that starts each shared thing when the first test file asks,
 * so that a run of pure tests starts nothing.
 */
export async function openServerDesk(): Promise<void> {
  server = createServer(async (request, response) => {
    try {
      const name = (request.url ?? '').slice(1) as keyof SharedThings
      const thing = started.get(name) ?? starters[name]()
      started.set(name, thing)
      response.end(JSON.stringify((await thing).told))
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.stack : String(error))
    }
  })
  // Jest skips its teardown then: an exit runs what each server's starter has hooked to it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.env[deskVariable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function closeServerDesk(): Promise<void> {
  server?.close()
  for (const thing of started.values()) {
    // What did not start was told to the files that asked.
    const running = await thing.catch(() => undefined)
    await running?.end()
  }
}
