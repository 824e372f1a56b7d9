import { openOrm } from '../../src/db/orm.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { eventually } from '../support/eventually.ts'
import { privatePostgres } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { outageOfPostgres } from './outage-of-postgres.ts'

test('PostgreSQL is killed, then away: webhooks get 503, nothing acknowledged is lost, nothing is sent twice', async () => {
  await outageOfPostgres({ customers: 30, awayMs: 5_000, timeoutMs: 90_000 })
}, 150_000)

test('PostgreSQL is killed while every connection is in a transaction: the pool gets them all back', async () => {
  const postgres = await privatePostgres()
  const poolSize = 4
  const orm = await openOrm(postgres.url(), poolSize)
  atFileEnd(() => orm.close(true))
  for (const _round of ['first', 'second']) {
    const busy = Array.from({ length: poolSize }, () =>
      orm.em.fork().transactional((em) => em.execute('select pg_sleep(20)')),
    )
    const ends = Promise.allSettled(busy)
    await eventually(async () => {
      const sleeping = `select 1 from pg_stat_activity where query = 'select pg_sleep(20)' and state = 'active'`
      expect((await runSql(postgres.url(), sleeping)).rows).toHaveLength(poolSize)
    })
    await postgres.kill()
    expect((await ends).map(({ status }) => status)).toEqual(busy.map(() => 'rejected'))
    await postgres.start()
  }
  await orm.em.fork().execute('select 1')
})
