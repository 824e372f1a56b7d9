import type { Config } from '../../src/config.ts'
import { buildHouse } from './house.ts'
import { freshDatabase } from './postgres.ts'
import { runSql } from './run-sql.ts'
import { testNamespace, workflowBundle } from './temporal.ts'

export type OpenHouse = Awaited<ReturnType<typeof openHouse>>

/** The whole line with a worker, on a database and a Temporal namespace of its own. `close` ends all of it. */
export async function openHouse(overrides: Partial<Config> = {}) {
  const [database, temporal, bundle] = await Promise.all([freshDatabase(), testNamespace(), workflowBundle()])
  const databaseUrl = database.url
  const house = await buildHouse({ databaseUrl, temporal, bundlePath: bundle.codePath }, overrides)
  const worker = await house.worker()
  return {
    ...house,
    databaseUrl,
    rows: async <T extends object>(sql: string, values: unknown[] = []) =>
      (await runSql(databaseUrl, sql, values)).rows as T[],
    async close() {
      await worker.stop()
      await house.close()
    },
  }
}
