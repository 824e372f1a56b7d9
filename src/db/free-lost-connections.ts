import type { Pool, PoolClient } from 'pg'

/** Whoever holds a connection that was lost hears so from its query at once; what is held on to after that is leaked. */
const graceMs = 1_000

/**
 * Gives back the connections that were lost inside a transaction: Kysely keeps one whose `begin` or `rollback` fails
 * (kysely-org/kysely#1990), so that some restarts of PostgreSQL would leave the pool without any.
 */
export function freeLostConnections(pool: Pool): void {
  const held = new Set<PoolClient>()
  pool.on('acquire', (client) => held.add(client))
  pool.on('release', (_error, client) => held.delete(client))
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (held.has(client)) setTimeout(() => held.has(client) && client.release(true), graceMs)
    })
  })
}
