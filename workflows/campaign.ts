import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import {
  campaignProgress,
  campaignsTaskQueue,
  searchAttribute,
  woken,
  type CampaignInput,
  type CampaignProgress,
} from './contract.ts'

const retry = { initialInterval: '500ms', maximumInterval: '20s' } as const

/** Activities that look at the run's rows: whoever runs them again goes on where the last one was. */
const act = proxyActivities<Activities>({
  taskQueue: campaignsTaskQueue,
  startToCloseTimeout: '15 minutes',
  // A killed worker is noticed by its silence.
  heartbeatTimeout: '10s',
  retry,
})
const look = proxyActivities<Activities>({
  taskQueue: campaignsTaskQueue,
  startToCloseTimeout: '1 minute',
  retry,
})

const maximumHistoryEvents = 4_000

/**
 * One run of a campaign, in slices of some seconds on each of its numbers. Whom it goes to, who has got it and whether it is
 * held stands in PostgreSQL: this only comes back until nothing is left, and sleeps while there is nothing to do.
 */
export async function campaign(input: CampaignInput): Promise<{ outcome: string }> {
  let wakes = 0
  const last: CampaignProgress = { state: '', lanes: {} }
  setHandler(woken, () => void (wakes += 1))
  setHandler(campaignProgress, () => last)
  const sleepUntilWoken = async (since: number, ms?: number) => {
    if (ms === undefined) await condition(() => wakes !== since)
    else await condition(() => wakes !== since, ms)
  }
  for (;;) {
    const since = wakes
    const run = await look.lookAtCampaignRun(input)
    tell(last, run.state)
    if (run.state === 'scheduled' && run.startsInMs > 0) await sleepUntilWoken(since, run.startsInMs)
    else if (run.state === 'scheduled' || run.state === 'planning') await act.planCampaignRun(input)
    else if (run.state === 'sending' || run.state === 'settling') {
      if (await sendLanes(input, run.lanes, last, () => wakes)) {
        const settled = await look.settleCampaignRun(input)
        setCurrentDetails(settled.words)
        if (settled.waitMs !== undefined) await sleepUntilWoken(since, settled.waitMs)
      }
    } else if (run.state === 'paused' || run.state === 'stopped') await sleepUntilWoken(since)
    else return { outcome: run.state }
    if (isLong()) await continueAsNew<typeof campaign>(input)
  }
}

/** All numbers side by side, until nobody is left, the run stands still, or the history is long. Says whether nobody is left. */
async function sendLanes(
  input: CampaignInput,
  lanes: number[],
  last: CampaignProgress,
  wakes: () => number,
): Promise<boolean> {
  const through = new Set<number>()
  const areThrough = () => through.size === lanes.length
  // Whoever is through does not wait for a number that has stopped looking.
  let isLeft = false
  const sendLane = async (lane: number): Promise<void> => {
    for (;;) {
      const since = wakes()
      const slice = await act.sendCampaignSlice({ ...input, lane })
      last.lanes[lane] = slice.words
      setCurrentDetails(lanes.map((each) => `number ${each + 1}: ${last.lanes[each] ?? ''}`).join('\n'))
      if (slice.state !== 'sending' || isLong()) isLeft = true
      if (isLeft) return
      if (slice.isThrough) through.add(lane)
      // What WhatsApp takes back later comes to a number that was through before.
      if (slice.isThrough) await condition(() => wakes() !== since || areThrough() || isLeft)
      else if (slice.waitMs !== undefined) await condition(() => wakes() !== since || isLeft, slice.waitMs)
      if (areThrough() || isLeft) return
      through.delete(lane)
    }
  }
  await Promise.all(lanes.map(sendLane))
  return areThrough()
}

function tell(last: CampaignProgress, state: string): void {
  if (state !== last.state) upsertSearchAttributes([{ key: searchAttribute.state, value: state }])
  last.state = state
}

function isLong(): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo()
  return historyLength > maximumHistoryEvents || continueAsNewSuggested
}
