import pg from 'pg'
import type { Config } from '../config.ts'

/**
 * A connection of its own, outside of the pool: COPY and pieces of files go as bytes, which the ORM does not carry.
 * What is begun on it is undone when `work` fails or the process dies.
 */
export async function withRawConnection<T>(
  config: Pick<Config, 'DATABASE_URL'>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: config.DATABASE_URL,
    connectionTimeoutMillis: 5_000,
    application_name: 'dripline transfers',
  })
  let lost: Error | undefined
  client.on('error', (error) => (lost = error))
  await client.connect()
  try {
    return await work(client)
  } catch (error) {
    throw lost ?? error
  } finally {
    await client.end().catch(() => undefined)
  }
}
