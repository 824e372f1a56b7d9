import { privateTemporal } from '../support/temporal.ts'
import { welcomeDefinition } from '../support/welcome.ts'
import { expectWalked, serveCustomers } from './customers.ts'
import { faultHouse, pause, phones, textFrom, webhookBody } from './fault-house.ts'

/** Temporal is killed under load and comes back: what customers say meanwhile is taken in, and told later. */
export async function restartTemporal(scale: {
  customers: number
  restarts: number
  downMs: number
  timeoutMs: number
}): Promise<void> {
  const temporal = await privateTemporal()
  const house = await faultHouse({}, { temporal })
  await house.publish(welcomeDefinition())
  const worker = await house.workerProcess()
  const waIds = phones('152', scale.customers)
  const paceMs = 200
  const served = serveCustomers(house, waIds, { paceMs, timeoutMs: scale.timeoutMs })
  const restarting = (async () => {
    for (let restart = 0; restart < scale.restarts; restart++) {
      await pause((scale.customers * paceMs) / (scale.restarts + 1))
      await temporal.kill()
      const [stranger = ''] = phones(`1529${restart}`, 1)
      const message = textFrom(stranger, `wamid.${stranger}`, 'good day')
      expect(await house.post(webhookBody(house, { messages: [message] }))).toBe(200)
      await pause(scale.downMs)
      await temporal.start()
    }
  })()
  await Promise.all([served, restarting])
  // The strangers' words matched nothing; that they were looked at shows that they were told as well.
  await house.rows(`delete from messages where content -> 'text' ->> 'body' = 'good day'`)
  await expectWalked(house, waIds)
  await worker.stop()
}
