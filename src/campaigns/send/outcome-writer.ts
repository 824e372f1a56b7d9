import { setTimeout as sleep } from 'node:timers/promises'
import type { SendDeps } from '../../inbox/send-message.ts'
import type { Lane } from './lane.ts'
import type { Outcome } from './post-message.ts'
import { writeBack } from './write-back.ts'

/** Outcomes are written together: as many as come while the last ones are being written, and where they are few, after this. */
const gatherMs = 20
const few = 64
/** So long they outlive a database that is away; what is never written is settled by statuses. */
const patienceMs = 60_000

/** Writes down what became of messages, one batch after the other. @param changed whenever a batch is over */
export function createOutcomeWriter(deps: SendDeps, lane: Lane, changed: () => void) {
  let outcomes: Outcome[] = []
  let writing: Promise<void> | undefined
  let failure: Error | undefined

  function start(): void {
    writing ??= writeAll().finally(() => {
      writing = undefined
      if (outcomes.length > 0) start()
      changed()
    })
  }

  async function writeAll(): Promise<void> {
    while (outcomes.length > 0) {
      if (outcomes.length < few) await sleep(gatherMs)
      const batch = outcomes
      outcomes = []
      await writePatiently(batch)
      changed()
    }
  }

  async function writePatiently(batch: Outcome[]): Promise<void> {
    const untilMs = Date.now() + patienceMs
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
      try {
        return await writeBack(deps, lane, batch)
      } catch (error) {
        if (Date.now() > untilMs) {
          failure ??= new Error('what became of messages could not be written', { cause: error })
          return
        }
        deps.log.warn({ err: error, runId: lane.runId }, 'what became of messages is to be written again')
        await sleep(delayMs)
      }
    }
  }

  return {
    add(outcome: Outcome) {
      outcomes.push(outcome)
      start()
    },
    get waiting() {
      return outcomes.length
    },
    get isIdle() {
      return writing === undefined
    },
    get failure() {
      return failure
    },
  }
}
