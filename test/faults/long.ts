import { busyChat } from './busy-chat.ts'
import { killDuringPause, killDuringResolve } from './bulk-orders.ts'
import { killApiUnderSockets } from './killed-sockets.ts'
import { killDuringCampaign, outageDuringCampaign, temporalAwayDuringCampaign } from './campaign-outages.ts'
import { deployOverSleepers } from './deploy.ts'
import { killWorker } from './kill-worker.ts'
import { outageOfPostgres } from './outage-of-postgres.ts'
import { restartTemporal } from './restart-temporal.ts'
import { importMemory } from '../transfers/import-memory.ts'

// The fault tests at full length: `npm run faults`. `npm test` runs the short forms.

test('kill -9 of the worker 20 times during 200 journeys', async () => {
  await killWorker({ customers: 200, kills: 20, timeoutMs: 240_000 })
}, 360_000)

test('kill -9 of the worker 10 times while 5,000 stuck runs are resolved', async () => {
  await killDuringResolve({ runs: 5_000, kills: 10, timeoutMs: 1_800_000 })
}, 7_200_000)

test('kill -9 of the worker 5 times while a paused journey of 1,000 is let go on', async () => {
  await killDuringPause({ runs: 1_000, kills: 5, timeoutMs: 600_000 })
}, 2_400_000)

test('changed workflow code is deployed while 1,000 runs sleep', async () => {
  await deployOverSleepers({ runs: 1_000, sleepSeconds: 240, isCarelessFirst: false, timeoutMs: 900_000 })
}, 2_400_000)

test('Temporal is killed 3 times, away for 15 s each, during 150 journeys', async () => {
  await restartTemporal({ customers: 150, restarts: 3, downMs: 15_000, timeoutMs: 300_000 })
}, 420_000)

test('PostgreSQL is killed, then away for 30 s, under inbound load', async () => {
  await outageOfPostgres({ customers: 150, awayMs: 30_000, timeoutMs: 300_000 })
}, 420_000)

test('10,001 messages to one chat, one by one', async () => {
  await busyChat({ inBatches: 1_000, repeats: 0, oneByOne: 10_001, executions: 6 })
}, 900_000)

test('200 MB of CSV pass through API and worker', async () => {
  await importMemory({ megabytes: 200, timeoutMs: 600_000, limitMb: 500 })
}, 720_000)

test('kill -9 of the worker at 20 random points of a campaign to 10,000', async () => {
  await killDuringCampaign({ people: 10_000, kills: 20, messagesPerSecond: 80, timeoutMs: 900_000 })
}, 2_400_000)

test('PostgreSQL is killed, then away for 30 s, during a campaign to 10,000', async () => {
  await outageDuringCampaign({ people: 10_000, awayMs: 30_000, timeoutMs: 900_000 })
}, 1_200_000)

test('Temporal is away for 15 s during a campaign to 2,000', async () => {
  await temporalAwayDuringCampaign({ people: 2_000, downMs: 15_000, timeoutMs: 600_000 })
}, 900_000)

test('kill -9 of an API process under 500 open sockets', async () => {
  await killApiUnderSockets({ sockets: 500, messages: 1_000, timeoutMs: 300_000 })
}, 600_000)
