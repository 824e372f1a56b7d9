import { condition, patched } from '@temporalio/workflow'
import { act } from './act.ts'
import { Interrupted, interrupted, LeaveBy } from './cards/card.ts'
import type { JourneyDriver } from './cards/journey-state.ts'
import type { JourneyInput } from './contract.ts'
import type { JourneyHolds } from './journey-holds.ts'
import type { JourneyMailbox } from './journey-mailbox.ts'
import type { JourneyStanding } from './journey-standing.ts'

type Waits = Pick<JourneyDriver, 'waitForReply' | 'waitForEvent' | 'sleepUntil'>
interface Question {
  waitForReply: Waits['waitForReply']
  /** The run goes away from its question, if one is open. False: its answer is here, or on its way. */
  leaveQuestion(): Promise<boolean>
}

/** What a run's waits and sends look at. */
export interface Surroundings {
  mailbox: JourneyMailbox
  standing: JourneyStanding
  holds: JourneyHolds
}

interface Timing {
  begin(words: string, untilMs: number): void
  /** True when it came about in time. */
  ring(untilMs: number, came?: () => boolean): Promise<boolean>
}

/**
 * The waits of a journey: durable timers against signals. A row in the database decides every race between the two. A hold
 * or an order ends a wait before its time; the card is run again and comes back to it.
 */
export function createWaits(input: JourneyInput, workflowId: string, around: Surroundings): Waits & Question {
  const { mailbox, standing, holds } = around
  const { workspaceId, runId } = input.run
  const begin = (words: string, untilMs: number) => {
    standing.show('waiting', `${words} until ${new Date(untilMs).toISOString()}`)
    standing.index('waiting')
  }
  const ring = (untilMs: number, came: () => boolean = () => false) =>
    awaitTime(untilMs, came, holds, `card ${standing.cardId()}: until ${new Date(untilMs).toISOString()}`)
  return {
    ...createQuestion(input, around, { begin, ring }),

    async waitForEvent(waitKey, event, check, untilMs) {
      const came = () => mailbox.hasEvent(waitKey)
      const sinceMs = Date.now()
      begin(`waiting for the event ${event}`, untilMs)
      const progress = standing.takeProgress('waiting')
      await act.awaitEvent({ waitKey, event, condition: check, workflowId, progress })
      if (!(await ring(untilMs, came))) {
        await afterTimer(around, sinceMs)
        const outcome = await act.releaseEventWait({ workspaceId, runId, waitKey })
        if (outcome === 'released') return undefined
        await condition(came)
      }
      return mailbox.takeEvent(waitKey)
    },

    async sleepUntil(untilMs) {
      const sinceMs = Date.now()
      if (untilMs <= sinceMs) return
      begin('sleeping', untilMs)
      await standing.flush('waiting')
      await ring(untilMs)
      await afterTimer(around, sinceMs)
    },
  }
}

function createQuestion(input: JourneyInput, around: Surroundings, { begin, ring }: Timing): Question {
  const { mailbox, standing } = around
  const { workspaceId, runId, conversationId = '' } = input.run
  const release = (askKey: string) => act.releaseFloor({ workspaceId, conversationId, askKey })
  let openKey: string | undefined

  async function hear(askKey: string, untilMs: number) {
    const came = () => mailbox.hasReply(askKey)
    const sinceMs = Date.now()
    begin('waiting for the answer', untilMs)
    // The question said so as it was sent; a run that stood still since then says so again.
    if (standing.savedState() !== 'waiting') await standing.flush('waiting')
    const isOut = () => leavesWhenInterrupted(input) && mailbox.hasLostFloor(askKey)
    const isOver = await ring(untilMs, () => came() || isOut())
    if (came()) return mailbox.takeReply(askKey)
    if (!isOver) await afterTimer(around, sinceMs)
    const outcome = await release(askKey)
    if (outcome === 'released' && isOver) throw new LeaveBy(interrupted.id)
    if (outcome === 'released') return undefined
    await condition(came)
    return mailbox.takeReply(askKey)
  }

  return {
    async waitForReply(key, untilMs) {
      openKey = `${runId}:${key}`
      const reply = await hear(openKey, untilMs)
      openKey = undefined
      return reply
    },
    async leaveQuestion() {
      const askKey = openKey
      if (askKey === undefined) return true
      const came = () => mailbox.hasReply(askKey)
      if (!came() && (await release(askKey)) === 'released') {
        openKey = undefined
        return true
      }
      await condition(came)
      return false
    },
  }
}

/** True when it came about in time; an instant that has passed does not wait at all. Throws when a boundary is due. */
async function awaitTime(
  untilMs: number,
  came: () => boolean,
  holds: JourneyHolds,
  summary: string,
): Promise<boolean> {
  const waitMs = untilMs - Date.now()
  if (waitMs > 0) await condition(() => came() || holds.isDue(), waitMs, { summary })
  if (!came() && holds.isDue()) throw new Interrupted()
  return came()
}

/**
 * Nobody tells 100,000 sleeping runs that their journey was paused: they ask when they wake up. What was frozen in the
 * meantime is slept after that.
 */
async function afterTimer({ standing, holds }: Surroundings, sinceMs: number): Promise<void> {
  // Runs from before holds (November 2026) end within a year; then this is unconditional.
  if (!patched('asks-for-holds')) return
  const { hold, frozenMs } = await act.askForHolds({ progress: standing.takeProgress('waiting'), sinceMs })
  if (!hold && frozenMs === 0) return
  if (hold) holds.add(hold)
  holds.freeze(frozenMs)
  throw new Interrupted()
}

function leavesWhenInterrupted({ definition }: JourneyInput): boolean {
  return definition.whenInterrupted === 'leave'
}
