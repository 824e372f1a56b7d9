import { restartTemporal } from './restart-temporal.ts'

test('Temporal is killed and started again: inbound is taken in all the time, every journey is walked once', async () => {
  await restartTemporal({ customers: 30, restarts: 1, downMs: 4_000, timeoutMs: 90_000 })
}, 150_000)
