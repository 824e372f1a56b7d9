import { welcomeDefinition } from '../support/welcome.ts'
import { expectWalked, serveCustomers } from './customers.ts'
import { faultHouse, phones } from './fault-house.ts'

test('a worker that keeps two workflows in its cache walks 60 journeys like any other', async () => {
  const house = await faultHouse({ MAX_CACHED_WORKFLOWS: 2 })
  await house.publish(welcomeDefinition())
  await house.worker()
  const waIds = phones('1630', 60)
  await serveCustomers(house, waIds, { paceMs: 20, timeoutMs: 80_000 })
  await expectWalked(house, waIds)
}, 130_000)
