import { privatePostgres } from '../support/postgres.ts'
import { welcomeDefinition } from '../support/welcome.ts'
import { expectWalked, serveCustomers } from './customers.ts'
import { faultHouse, pause, phones, textFrom, webhookBody } from './fault-house.ts'

/**
 * PostgreSQL is killed and comes back at once, then is away for a while, under inbound load: webhooks are refused
 * with 503 as long as nothing can be stored, WhatsApp delivers again, and nothing that was taken in is lost.
 */
export async function outageOfPostgres(scale: {
  customers: number
  awayMs: number
  timeoutMs: number
}): Promise<void> {
  const postgres = await privatePostgres()
  const house = await faultHouse({}, { postgres })
  await house.settings({ webhookRetryMs: { first: 300, max: 2_000 } })
  await house.publish(welcomeDefinition())
  const worker = await house.workerProcess()
  const waIds = phones('153', scale.customers)
  const paceMs = Math.ceil((scale.awayMs * 2) / scale.customers)
  const served = serveCustomers(house, waIds, { paceMs, timeoutMs: scale.timeoutMs })
  const failing = (async () => {
    await pause(scale.awayMs / 4)
    await postgres.kill()
    await postgres.start()
    await pause(scale.awayMs / 2)
    await postgres.stop()
    const [stranger = ''] = phones('1539', 1)
    const word = webhookBody(house, { messages: [textFrom(stranger, `wamid.${stranger}`)] })
    for (const endsAt = Date.now() + scale.awayMs; Date.now() < endsAt; await pause(250)) {
      expect(await house.post(word)).toBe(503)
    }
    await postgres.start()
  })()
  await Promise.all([served, failing])
  const { refused } = (await (await fetch(`${house.sandboxUrl}/sandbox/webhooks`)).json()) as {
    refused: number
  }
  expect(refused).toBeGreaterThan(0)
  await expectWalked(house, waIds)
  await worker.stop()
}
