import { condition, patched } from '@temporalio/workflow'
import { act } from './act.ts'
import { Interrupted, interrupted, LeaveBy } from './cards/card.ts'
import type { JourneyDriver } from './cards/journey-state.ts'
import type { JourneyInput } from './contract.ts'
import type { JourneyHolds } from './journey-holds.ts'
import type { JourneyMailbox } from './journey-mailbox.ts'
import type { JourneyStanding } from './journey-standing.ts'

type Waits = Pick<JourneyDriver, 'waitForReply' | 'waitForEvent' | 'sleepUntil'>
interface Leaving {
  /** The run goes away from what it waits for. False: the answer, or the event, is here or on its way. */
  leaveWait(): Promise<boolean>
}

/** A wait that a row in the database decides. */
interface OpenWait {
  came(): boolean
  /** Anything but `released`: it came first. */
  release(): Promise<string>
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
export function createWaits(input: JourneyInput, workflowId: string, around: Surroundings): Waits & Leaving {
  const { mailbox, standing, holds } = around
  const { workspaceId, runId, conversationId = '' } = input.run
  const begin = (words: string, untilMs: number) => {
    holds.fallAsleep()
    standing.show('waiting', `${words} until ${new Date(untilMs).toISOString()}`)
    standing.index('waiting')
  }
  const ring = (untilMs: number, came: () => boolean = () => false) =>
    awaitTime(untilMs, came, holds, `card ${standing.cardId()}: until ${new Date(untilMs).toISOString()}`)
  const { within, leaveWait } = openWaits(holds)
  return {
    leaveWait,

    async waitForReply(key, untilMs) {
      const askKey = `${runId}:${key}`
      const question = {
        came: () => mailbox.hasReply(askKey),
        release: () => act.releaseFloor({ workspaceId, conversationId, askKey }),
      }
      await within(question, () => hear(input, around, { begin, ring }, { ...question, askKey, untilMs }))
      return mailbox.takeReply(askKey)
    },

    async waitForEvent(waitKey, event, check, untilMs, sinceMessage) {
      const came = () => mailbox.hasEvent(waitKey)
      const release = () => act.releaseEventWait({ workspaceId, runId, waitKey })
      await within({ came, release }, async () => {
        begin(`waiting for the event ${event}`, untilMs)
        const progress = standing.takeProgress('waiting')
        await act.awaitEvent({ waitKey, event, condition: check, workflowId, progress, sinceMessage })
        if (await ring(untilMs, came)) return
        await afterTimer(around)
        if ((await release()) !== 'released') await condition(came)
      })
      return mailbox.takeEvent(waitKey)
    },

    async sleepUntil(untilMs) {
      if (untilMs <= Date.now()) return
      begin('sleeping', untilMs)
      await standing.flush('waiting')
      await ring(untilMs)
      await afterTimer(around)
    },
  }
}

/** Which wait is open: it stays so where a boundary interrupts it. */
function openWaits(holds: JourneyHolds) {
  let open: OpenWait | undefined
  return {
    async within(wait: OpenWait, listen: () => Promise<void>): Promise<void> {
      open = wait
      try {
        await listen()
      } catch (error) {
        if (!(error instanceof Interrupted)) open = undefined
        throw error
      }
      open = undefined
      holds.wakeUp()
    },
    async leaveWait(): Promise<boolean> {
      if (open === undefined) return true
      const { came, release } = open
      if (!came() && (await release()) === 'released') {
        open = undefined
        return true
      }
      await condition(came)
      return false
    },
  }
}

/** Listens until the answer is in the mailbox, or the question's time is up. */
async function hear(
  input: JourneyInput,
  around: Surroundings,
  { begin, ring }: Timing,
  { askKey, untilMs, came, release }: OpenWait & { askKey: string; untilMs: number },
): Promise<void> {
  const { mailbox, standing } = around
  begin('waiting for the answer', untilMs)
  // The question said so as it was sent; a run that stood still since then says so again.
  if (standing.savedState() !== 'waiting') await standing.flush('waiting')
  const isOut = () => leavesWhenInterrupted(input) && mailbox.hasLostFloor(askKey)
  const isOver = await ring(untilMs, () => came() || isOut())
  if (came()) return
  if (!isOver) await afterTimer(around)
  const outcome = await release()
  if (outcome === 'released' && isOver) throw new LeaveBy(interrupted.id)
  if (outcome !== 'released') await condition(came)
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
async function afterTimer({ standing, holds }: Surroundings): Promise<void> {
  const sinceMs = holds.asleepSinceMs()
  holds.wakeUp()
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
