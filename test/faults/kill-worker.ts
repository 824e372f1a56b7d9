import { eventually } from '../support/eventually.ts'
import { welcomeDefinition } from '../support/welcome.ts'
import { expectWalked, serveCustomers } from './customers.ts'
import { faultHouse, pause, phones, type FaultHouse } from './fault-house.ts'
import { withSeed } from './with-seed.ts'

/** So long WhatsApp takes to answer: a kill within it leaves a message that is accepted, and recorded by nobody. */
const callMs = 250

/** kill -9 of the only worker, again and again at random instants, while customers walk Welcome. */
export async function killWorker(scale: {
  customers: number
  kills: number
  timeoutMs: number
}): Promise<void> {
  const house = await faultHouse()
  await house.publish(welcomeDefinition())
  await house.faults([{ kind: 'slow', delayMs: callMs }])
  const waIds = phones('151', scale.customers)
  await withSeed(async (random) => {
    let worker = await house.workerProcess()
    let torn = 0
    const served = serveCustomers(house, waIds, { paceMs: 150, timeoutMs: scale.timeoutMs })
    const killing = (async () => {
      for (let kill = 0; kill < scale.kills; kill++) {
        await someSendInFlight(house)
        await pause(random() * callMs * 2)
        await worker.kill()
        torn += await sendsInFlight(house)
        worker = await house.workerProcess()
      }
    })()
    await Promise.all([served, killing])
    await expectWalked(house, waIds)
    await worker.stop()
    // Else this has shown nothing about what a kill tears apart.
    expect(torn).toBeGreaterThan(0)
  })
}

/** A kill before the worker has begun to work, or while it waits, would test nothing. */
const someSendInFlight = (house: FaultHouse) =>
  eventually(async () => expect(await sendsInFlight(house)).toBeGreaterThan(0), { timeoutMs: 40_000 })

async function sendsInFlight(house: FaultHouse): Promise<number> {
  const [row] = await house.rows<{ n: number }>(
    `select count(*)::int as n from messages where state = 'inflight'`,
  )
  return row?.n ?? 0
}
