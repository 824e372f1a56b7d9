import type { Pool } from 'pg'
import type { Log } from '../kit/log.ts'

/** Whoever shows or passes on what happens listens to it. It says that there is something to read, never what. */
export const liveChannel = 'dripline_live'

/** Commits within so short a time are told of at once. */
const restMs = 5

/**
 * Tells the other processes whenever something announced was committed, whoever announced it. PostgreSQL lets those that
 * notify commit one after the other: 16 connections that notified in their transactions committed a quarter less often even
 * without a flush to disk; telling afterwards, once for many and without a flush, was not to be seen. A process that dies
 * in between is made good by the rounds of those that listen.
 */
export function tellOfAnnouncements(pool: Pool, log?: Log): void {
  let isTelling = false
  let isMore = false

  async function tell(): Promise<void> {
    do {
      isMore = false
      await pool.query("select set_config('synchronous_commit', 'off', true), pg_notify($1, '')", [
        liveChannel,
      ])
      await new Promise((resolve) => setTimeout(resolve, restMs).unref())
    } while (isMore)
  }

  function tellSoon(): void {
    isMore = true
    if (isTelling) return
    isTelling = true
    tell()
      .catch((error: unknown) =>
        log?.debug({ err: error }, 'nobody is told; the rounds find what was written'),
      )
      .finally(() => {
        isTelling = false
      })
  }

  pool.on('connect', (client) => {
    let isInTransaction = false
    let isAnnounced = false
    const query = client.query.bind(client) as (...input: unknown[]) => unknown
    const hearing = (text: unknown, ...rest: unknown[]) => {
      const answer = query(text, ...rest)
      if (typeof text !== 'string' || !(answer instanceof Promise)) return answer
      if (/^(begin|start transaction)/.test(text)) {
        isInTransaction = true
        isAnnounced = false
      } else if (text === 'rollback') isInTransaction = false
      else if (text.includes('insert into live_events')) {
        if (isInTransaction) isAnnounced = true
        else answer.then(tellSoon, () => undefined)
      } else if (text === 'commit') {
        if (isAnnounced) answer.then(tellSoon, () => undefined)
        isInTransaction = false
      }
      return answer
    }
    client.query = hearing as typeof client.query
  })
}
