import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../src/config.ts'
import { migrate } from '../../src/db/orm.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { buildHouse, type House } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { startProcess, type TestProcess } from '../support/processes.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'

export type FaultHouse = Awaited<ReturnType<typeof faultHouse>>

/** Servers of the caller's own, for tests that end them; the run's shared ones where none is given. */
interface OwnServers {
  postgres?: { url(): string }
  temporal?: { address: string; namespace: string }
}

let isQuiet = false

/** A house for fault tests: ambiguous sends are decided soon, everything closes at the end of the file. */
export async function faultHouse(config: Partial<Config> = {}, own: OwnServers = {}) {
  // Once a process: Temporal's runtime cannot be installed again.
  if (!isQuiet) quietTemporal()
  isQuiet = true
  const [databaseUrl, temporal, bundle] = await Promise.all([
    own.postgres ? migrated(own.postgres.url()) : freshDatabase().then(({ url }) => url),
    own.temporal ?? testNamespace(),
    workflowBundle(),
  ])
  const places = { databaseUrl, temporal, bundlePath: bundle.codePath }
  const house = await buildHouse(places, { SEND_RECONCILE_MS: 3_000, ...config })
  atFileEnd(house.close)
  return {
    ...house,
    rows: async <T extends object>(sql: string, values: unknown[] = []) =>
      (await runSql(databaseUrl, sql, values)).rows as T[],
    post: (body: object, url = house.webhookUrl) => postSigned(house, body, url),
    /** A worker in this process, until the end of the file. */
    async worker() {
      const worker = await house.worker()
      atFileEnd(worker.stop)
    },
    workerProcess: (changes: Partial<Config> = {}) => startWorkerProcess(house, changes),
  }
}

/** Phone numbers of customers that no other test of the file uses. */
export function phones(prefix: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, at) => `49${prefix}${String(at).padStart(12 - prefix.length, '0')}`,
  )
}

async function migrated(url: string): Promise<string> {
  await migrate(url)
  return url
}

/** A POST as Meta signs it, straight to the product. */
async function postSigned(house: House, body: object, url: string): Promise<number> {
  const bytes = JSON.stringify(body)
  const signature = createHmac('sha256', house.access.appSecret).update(bytes).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
  const response = await fetch(url, { method: 'POST', headers, body: bytes })
  await response.arrayBuffer()
  return response.status
}

/** src/worker.ts as production runs it, on the house's places and keys; back when it polls. */
async function startWorkerProcess(house: House, changes: Partial<Config>): Promise<TestProcess> {
  const settings = Object.entries({ ...house.deps.config, LOG_LEVEL: 'info', ...changes })
  const present = settings.filter(([, value]) => value !== undefined)
  const worker = startProcess(
    'src/worker.ts',
    Object.fromEntries(present.map(([key, value]) => [key, String(value)])),
  )
  await worker.waitForLine(/is polling/, 90_000)
  return worker
}

/** A webhook body of one change of this number. */
export function webhookBody(house: Pick<House, 'access'>, value: object): object {
  const { wabaId, phoneNumberId, displayNumber } = house.access
  const metadata = { display_phone_number: displayNumber, phone_number_id: phoneNumberId }
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } }
  return { object: 'whatsapp_business_account', entry: [{ id: wabaId, changes: [change] }] }
}

/** A customer's text as WhatsApp tells it. */
export function textFrom(from: string, id: string, body = 'hello'): object {
  return { from, id, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body } }
}

export const pause = (ms: number) => sleep(ms)
