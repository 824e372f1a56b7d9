import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow'
import type { BareActivities } from './bare-worker.ts'

const { nothing } = proxyActivities<BareActivities>({ startToCloseTimeout: '15s' })
const local = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '15s' })
const dayMs = 24 * 60 * 60_000

export const said = defineSignal('said')

/** The yardstick of latency: one workflow, one activity. */
export async function oneActivity(): Promise<void> {
  await nothing()
}

/** As many tasks, timers and local activities as `chat` has for a message that starts a journey. */
export async function bareChat(): Promise<void> {
  let signals = 0
  setHandler(said, () => void (signals += 1))
  for (;;) {
    await condition(() => signals > 0, dayMs)
    signals = 0
    await local.nothing()
  }
}

/** As many as `journey` has for a question, an answer and a closing text. */
export async function bareJourney(contact: string): Promise<void> {
  let replies = 0
  setHandler(said, () => void (replies += 1))
  await local.report(contact, 'asked')
  await condition(() => replies > 0, dayMs)
  await local.nothing()
  await local.report(contact, 'ended')
}

/** As many as `journey` has when it begins with a long sleep: it says so, and sleeps. */
export async function bareSleeper(contact: string): Promise<void> {
  await local.report(contact, 'asleep')
  await condition(() => false, dayMs)
}
