import { readFileSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { contactsCsv } from '../../bench/support/contacts-csv.ts'
import { startProcess, type TestProcess } from '../support/processes.ts'
import { openImportRig, type ImportView } from './import-rig.ts'

/** What a large file may add to a process, however large it is: some pieces, and the garbage between two collections. */
const maximumGrowthMb = 150
const bytesARow = 1_000

/**
 * A large file through the real API and worker processes: neither may hold more of it than a piece, and the API answers
 * others meanwhile.
 */
export async function importMemory(scale: {
  megabytes: number
  timeoutMs: number
  /** Of each process, with all that Node and Temporal need: which alone varies by 70 MB from one start to the next. */
  limitMb?: number
}): Promise<void> {
  const contacts = Math.ceil((scale.megabytes * 1_000_000) / bytesARow)
  const rig = await openImportRig({}, { worker: false })
  const settings = Object.entries({
    ...rig.deps.config,
    LOG_LEVEL: 'info',
    PORT: 0,
  })
  const env = Object.fromEntries(
    settings.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
  const [api, worker] = [startProcess('src/server.ts', env), startProcess('src/worker.ts', env)]
  const [, url = ''] = await api.waitForLine(/listens on (http:\S+?)"/)
  await worker.waitForLine(/is polling/)
  await sleep(1_000)
  for (const { pid } of [api, worker]) writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const base = { api: peakMb(api), worker: peakMb(worker) }
  const pings = pingUntil(url)
  const headers = { authorization: `Bearer ${rig.key}`, 'content-type': 'text/csv' }
  const response = await fetch(`${url}/platform/v1/imports`, {
    method: 'POST',
    headers,
    body: Readable.toWeb(Readable.from(contactsCsv(contacts, 'x'.repeat(bytesARow - 90)))),
    duplex: 'half',
  })
  expect(response.status).toBe(201)
  const { id } = (await response.json()) as ImportView
  const slowestMs = await pings.stop()
  const columns = [
    { column: 'phone', to: 'phone_number' },
    { column: 'first_name', to: 'attribute', name: 'first_name' },
    { column: 'note', to: 'attribute', name: 'note', create: { type: 'string' } },
  ]
  expect(await rig.call('PUT', `/imports/${id}/mapping`, { columns })).toMatchObject({ status: 200 })
  expect(await rig.call('POST', `/imports/${id}/start`, {})).toMatchObject({ status: 200 })
  const done = await rig.settled(id, ['completed', 'failed'], scale.timeoutMs)
  expect(done).toMatchObject({ state: 'completed', progress: { created: contacts } })
  const peak = { api: peakMb(api), worker: peakMb(worker) }
  console.log(`${scale.megabytes} MB: peak RSS ${JSON.stringify(peak)} MB, before ${JSON.stringify(base)} MB`)
  expect(Math.max(peak.api - base.api, peak.worker - base.worker)).toBeLessThan(maximumGrowthMb)
  if (scale.limitMb) expect(Math.max(peak.api, peak.worker)).toBeLessThan(scale.limitMb)
  // The machine is shared with the servers; a file held in memory or parsed at once would cost seconds.
  expect(slowestMs).toBeLessThan(2_000)
  await Promise.all([api.stop(), worker.stop()])
}

function peakMb({ pid }: TestProcess): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1_024)
}

/** Asks for a sign of life all the time; the slowest answer is what others would have noticed. */
function pingUntil(url: string) {
  const stopped = new AbortController()
  let slowestMs = 0
  const pinging = (async () => {
    while (!stopped.signal.aborted) {
      const startedAtMs = performance.now()
      await (await fetch(`${url}/healthz`)).arrayBuffer()
      slowestMs = Math.max(slowestMs, performance.now() - startedAtMs)
      await sleep(20)
    }
    return slowestMs
  })()
  return {
    stop() {
      stopped.abort()
      return pinging
    },
  }
}
