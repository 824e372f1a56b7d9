import { newId } from '../../src/db/columns.ts'
import { cardSamples } from '../support/card-samples.ts'
import { buildHouse, type House } from '../support/house.ts'
import { longJourney } from '../support/long-journey.ts'
import { freshDatabase } from '../support/postgres.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { runAlone } from '../support/run-alone.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'
import { cards } from '../../workflows/cards/index.ts'

quietTemporal()
let house: House
let worker: Awaited<ReturnType<House['worker']>>

beforeAll(async () => {
  const [database, temporal, bundle] = await Promise.all([freshDatabase(), testNamespace(), workflowBundle()])
  house = await buildHouse({ databaseUrl: database.url, temporal, bundlePath: bundle.codePath })
  await house.settings({ windowErrors: 'off' })
  worker = await house.worker()
})
afterAll(async () => {
  await worker.stop()
  await house.close()
})

test('30 cards with 10 waits leave less than 400 events', async () => {
  const { journey, cards: count, waits } = longJourney()
  expect({ count, waits }).toEqual({ count: 30, waits: 10 })
  const { state, events, workflowTasks } = await runAlone(house, journey)
  expect(state).toBe('completed')
  expect(workflowTasks).toBeGreaterThanOrEqual(waits)
  expect(events).toBeLessThan(400)
}, 60_000)

test('there are sample settings of every card, which fit', () => {
  const refers = { catalogId: newId(), segmentId: newId(), templateName: 'order', url: 'https://example.com' }
  const samples = cardSamples(refers)
  expect(Object.keys(samples).sort()).toEqual(Object.keys(cards).sort())
  for (const [type, settings] of Object.entries(samples))
    expect(cards[type]?.settings.safeParse(settings)).toMatchObject({ success: true })
})
