import { Context } from '@temporalio/activity'
import { planRun } from '../src/campaigns/plan-run.ts'
import { runLaneSlice, type LaneSlice } from '../src/campaigns/send/run-lane.ts'
import { lookAtRun, settleRun, type RunLook, type Settling } from '../src/campaigns/send/settle-run.ts'
import { stopOnRefusal } from '../src/campaigns/send/stop-on-refusal.ts'
import type { LaneRef } from '../src/campaigns/send/lane.ts'
import type { SendDeps } from '../src/inbox/send-message.ts'
import type { CampaignInput } from '../workflows/contract.ts'

/** WhatsApp or PostgreSQL may take long to answer: meanwhile the process says that it lives. */
const beatEveryMs = 2_000

export function createCampaignActivities(deps: SendDeps) {
  return {
    lookAtCampaignRun: async (input: CampaignInput): Promise<RunLook> => lookAtRun(deps, input),
    planCampaignRun: async (input: CampaignInput): Promise<void> =>
      beating(async () => void (await stopOnRefusal(deps, input, 'plan', () => planRun(deps, input)))),
    sendCampaignSlice: async (input: LaneRef): Promise<LaneSlice> =>
      beating(async (beat, isOver) => {
        const send = () => runLaneSlice({ ...deps, beat, isOver }, input)
        const stopped = { state: 'stopped', isThrough: false, words: 'stopped' }
        return (await stopOnRefusal(deps, input, 'sending', send)) ?? stopped
      }),
    settleCampaignRun: async (input: CampaignInput): Promise<Settling> => settleRun(deps, input),
  }
}

async function beating<T>(
  work: (beat: (words: string) => void, isOver: () => boolean) => Promise<T>,
): Promise<T> {
  const context = Context.current()
  let place = ''
  const beat = (words: string) => void (place = words)
  const timer = setInterval(() => context.heartbeat(place), beatEveryMs)
  try {
    return await work(beat, () => context.cancellationSignal.aborted)
  } finally {
    clearInterval(timer)
  }
}
