import { proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import type { MediaInput } from './contract.ts'

const act = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  // A killed worker is noticed by its silence.
  heartbeatTimeout: '15s',
  retry: { initialInterval: '1s', maximumInterval: '5 minutes' },
})

const minuteMs = 60_000
/** How long it waits after each try that came to nothing; the last one goes on until the file is given up. */
const patienceMs = [5_000, 30_000, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs, 60 * minuteMs, 180 * minuteMs]

/** Fetches a file that a customer sent, for as many days as WhatsApp keeps it. */
export async function fetchMedia(input: MediaInput): Promise<{ outcome: string }> {
  for (let tries = 0; ; tries++) {
    const result = await act.fetchReceived(input)
    if (result.state === 'ready') return { outcome: 'ready' }
    if (result.state === 'failed') return { outcome: `failed: ${result.reason}` }
    setCurrentDetails(`The file could not be had yet (${tries + 1} tries): ${result.reason}`)
    const waitMs = patienceMs[Math.min(tries, patienceMs.length - 1)] ?? minuteMs
    await sleep(Math.max(waitMs, result.retryAfterMs ?? 0))
  }
}
