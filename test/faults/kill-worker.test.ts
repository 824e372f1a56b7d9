import { killWorker } from './kill-worker.ts'

test('kill -9 of the worker at random points: every journey is walked once', async () => {
  await killWorker({ customers: 40, kills: 3, timeoutMs: 90_000 })
}, 150_000)
