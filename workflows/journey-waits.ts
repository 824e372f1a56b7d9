import { condition, sleep } from '@temporalio/workflow'
import { act } from './act.ts'
import type { JourneyDriver } from './cards/run-journey.ts'
import type { RunRef } from './contract.ts'
import type { JourneyMailbox } from './journey-mailbox.ts'
import type { JourneyStanding } from './journey-standing.ts'

type Waits = Pick<JourneyDriver, 'waitForReply' | 'waitForEvent' | 'sleepUntil'>

/** The waits of a journey: durable timers against signals. A row in the database decides every race between the two. */
export function createWaits(
  run: RunRef,
  workflowId: string,
  mailbox: JourneyMailbox,
  standing: JourneyStanding,
): Waits {
  const { workspaceId, runId, conversationId } = run
  const begin = (words: string, untilMs: number) => {
    standing.show('waiting', `${words} until ${new Date(untilMs).toISOString()}`)
    standing.index('waiting')
  }
  return {
    async waitForReply(key, untilMs) {
      const askKey = `${runId}:${key}`
      const came = () => mailbox.hasReply(askKey)
      begin('waiting for the answer', untilMs)
      if (await within(came, untilMs)) return mailbox.takeReply(askKey)
      const outcome = await act.releaseFloor({ workspaceId, conversationId, askKey })
      if (outcome === 'released') return undefined
      await condition(came)
      return mailbox.takeReply(askKey)
    },

    async waitForEvent(waitKey, event, check, untilMs) {
      const came = () => mailbox.hasEvent(waitKey)
      begin(`waiting for the event ${event}`, untilMs)
      const progress = standing.takeProgress('waiting')
      await act.awaitEvent({ waitKey, event, condition: check, workflowId, progress })
      if (!(await within(came, untilMs))) {
        const outcome = await act.releaseEventWait({ workspaceId, runId, waitKey })
        if (outcome === 'released') return undefined
        await condition(came)
      }
      return mailbox.takeEvent(waitKey)
    },

    async sleepUntil(untilMs) {
      const waitMs = untilMs - Date.now()
      if (waitMs <= 0) return
      begin('sleeping', untilMs)
      await standing.flush('waiting')
      await sleep(waitMs, { summary: `card ${standing.cardId()}: until ${new Date(untilMs).toISOString()}` })
    },
  }
}

/** True when it came about in time; an instant that has passed does not wait at all. */
async function within(came: () => boolean, untilMs: number): Promise<boolean> {
  const waitMs = untilMs - Date.now()
  return came() || (waitMs > 0 && (await condition(came, waitMs)))
}
