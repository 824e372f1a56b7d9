import { killDuringMigration } from './killed-migration.ts'

test('kill -9 of the worker while many runs move to another version: each is there, once', async () => {
  await killDuringMigration({ runs: 40, kills: 2, timeoutMs: 240_000 })
}, 600_000)
