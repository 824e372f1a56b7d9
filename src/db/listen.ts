import pg from 'pg'
import type { Log } from '../kit/log.ts'

/** A lost connection is opened again after this; what was notified meanwhile is found by the caller's own rounds. */
const reopenAfterMs = 1_000

/**
 * Calls back whenever somebody notifies the channel, on a connection of its own, until it is stopped.
 * @param onNotify gets what was said, or nothing when the connection was opened: then anything may have been missed.
 */
export function listen(
  databaseUrl: string,
  channel: string,
  log: Log,
  onNotify: (said?: string) => void,
): { stop(): Promise<void> } {
  let stopped = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function open(): Promise<void> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    client = next
    next.on('notification', ({ payload }) => onNotify(payload ?? ''))
    next.on('error', (error) => log.warn({ err: error, channel }, 'listening ended; opening again'))
    next.on('end', () => {
      if (!stopped && client === next) timer = setTimeout(start, reopenAfterMs)
    })
    await next.connect()
    await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    // What came while nobody listened.
    onNotify()
  }

  function start(): void {
    open().catch((error: unknown) => {
      log.warn({ err: error, channel }, 'cannot listen; trying again')
      const failed = client
      client = undefined
      if (failed) void close(failed)
      if (!stopped) timer = setTimeout(start, reopenAfterMs)
    })
  }

  async function close(opened: pg.Client): Promise<void> {
    await opened.end().catch((error: unknown) => log.debug({ err: error }, 'the listener was gone already'))
  }

  start()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      if (client) await close(client)
    },
  }
}
