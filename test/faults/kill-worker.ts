import { welcomeDefinition } from '../support/welcome.ts'
import { expectWalked, serveCustomers } from './customers.ts'
import { faultHouse, pause, phones } from './fault-house.ts'
import { withSeed } from './with-seed.ts'

/** kill -9 of the only worker, again and again at random instants, while customers walk Welcome. */
export async function killWorker(scale: {
  customers: number
  kills: number
  timeoutMs: number
}): Promise<void> {
  const house = await faultHouse()
  await house.publish(welcomeDefinition())
  // Calls that take a while are what a kill can tear apart: accepted by WhatsApp, recorded by nobody.
  await house.faults([{ kind: 'slow', delayMs: 120 }])
  const waIds = phones('151', scale.customers)
  await withSeed(async (random) => {
    let worker = await house.workerProcess()
    const paceMs = 150
    const served = serveCustomers(house, waIds, { paceMs, timeoutMs: scale.timeoutMs })
    const killing = (async () => {
      const spanMs = (scale.customers * paceMs) / scale.kills
      for (let kill = 0; kill < scale.kills; kill++) {
        await pause(random() * spanMs)
        await worker.kill()
        worker = await house.workerProcess()
      }
    })()
    await Promise.all([served, killing])
    await expectWalked(house, waIds)
    await worker.stop()
  })
}
