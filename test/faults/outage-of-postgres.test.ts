import { outageOfPostgres } from './outage-of-postgres.ts'

test('PostgreSQL is killed, then away: webhooks get 503, nothing acknowledged is lost, nothing is sent twice', async () => {
  await outageOfPostgres({ customers: 30, awayMs: 5_000, timeoutMs: 70_000 })
}, 120_000)
