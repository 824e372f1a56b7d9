import { privatePostgres } from '../support/postgres.ts'
import { privateTemporal } from '../support/temporal.ts'
import {
  campaignHouse,
  expectProven,
  somePeople,
  someSent,
  startTo,
  type CampaignHouse,
} from './campaign-house.ts'
import { pause } from './fault-house.ts'
import { withSeed } from './with-seed.ts'
import { eventually } from '../support/eventually.ts'

/** In flight, at most: those being posted, and a chunk that was claimed. */
const mostInFlight = 64 + 200

/** kill -9 of the only worker, again and again at random instants, while a campaign is being sent. */
export async function killDuringCampaign(scale: {
  people: number
  kills: number
  messagesPerSecond: number
  timeoutMs: number
}): Promise<void> {
  const { people, kills, messagesPerSecond, timeoutMs } = scale
  const house = await campaignHouse()
  await house.faults([{ kind: 'slow', delayMs: 100 }])
  const contactIds = await somePeople(house, people)
  let worker = await house.workerProcess()
  const run = await startTo(house, contactIds, { messagesPerSecond })
  await withSeed(async (random) => {
    for (let kill = 0; kill < kills; kill++) {
      await someInFlight(house, run.id)
      await pause(random() * 500)
      await worker.kill()
      worker = await house.workerProcess()
    }
    await house.line.until(run, 'completed', timeoutMs)
    const { accepted, unknown, others } = await expectProven(house, run, people)
    expect(others).toBe(0)
    expect(unknown).toBeLessThanOrEqual(kills * mostInFlight)
    expect(accepted).toBeGreaterThan(people / 2)
  })
  await worker.stop()
}

/** A kill before the worker has begun to send would test nothing. */
const someInFlight = (house: CampaignHouse, runId: string) =>
  eventually(
    async () => {
      const [row] = await house.line.sql<{ n: number }>(
        `select count(*)::int as n from messages where campaign_run_id = ? and state = 'inflight'
           and inflight_at > now() - interval '1 second'`,
        [runId],
      )
      expect(row?.n).toBeGreaterThan(0)
    },
    { timeoutMs: 60_000 },
  )

/** PostgreSQL is killed and comes back at once, then is away for a while, in the middle of a campaign. */
export async function outageDuringCampaign(scale: {
  people: number
  awayMs: number
  timeoutMs: number
}): Promise<void> {
  const postgres = await privatePostgres()
  const house = await campaignHouse({ SEND_RECONCILE_MS: scale.awayMs + 5_000 }, { postgres })
  const contactIds = await somePeople(house, scale.people)
  const worker = await house.workerProcess()
  const run = await startTo(house, contactIds, { messagesPerSecond: 100 })
  await someSent(house, run, scale.people / 8)
  await postgres.kill()
  await postgres.start()
  await someSent(house, run, scale.people / 4)
  await postgres.stop()
  await pause(scale.awayMs)
  await postgres.start()
  await house.line.until(run, 'completed', scale.timeoutMs)
  const { others } = await expectProven(house, run, scale.people)
  expect(others).toBe(0)
  await worker.stop()
}

/** Temporal is killed and comes back, in the middle of a campaign. */
export async function temporalAwayDuringCampaign(scale: {
  people: number
  downMs: number
  timeoutMs: number
}): Promise<void> {
  const temporal = await privateTemporal()
  const house = await campaignHouse({}, { temporal })
  const contactIds = await somePeople(house, scale.people)
  const worker = await house.workerProcess()
  const run = await startTo(house, contactIds, { messagesPerSecond: 50 })
  await someSent(house, run, scale.people / 8)
  await temporal.kill()
  await pause(scale.downMs)
  await temporal.start()
  await house.line.until(run, 'completed', scale.timeoutMs)
  const { accepted } = await expectProven(house, run, scale.people)
  expect(accepted).toBe(scale.people)
  await worker.stop()
}
