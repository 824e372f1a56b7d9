import { killDuringPause, killDuringResolve } from './bulk-orders.ts'

test('kill -9 of the worker while many runs are resolved: each is, once', async () => {
  await killDuringResolve({ runs: 40, kills: 2, timeoutMs: 120_000 })
}, 300_000)

test('kill -9 of the worker while a paused journey is let go on: each goes on, once', async () => {
  await killDuringPause({ runs: 40, kills: 2, timeoutMs: 120_000 })
}, 300_000)
