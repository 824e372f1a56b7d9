import { setTimeout as sleep } from 'node:timers/promises'
import type { SendDeps } from '../../inbox/send-message.ts'
import type { BulkSlots } from '../../inbox/send-rate.ts'
import type { Lane } from './lane.ts'
import type { LaneMedia } from './lane-media.ts'
import { createOutcomeWriter } from './outcome-writer.ts'
import { postToPerson, type Outcome } from './post-message.ts'
import type { ClaimedPerson } from './write-claim.ts'

/** Posts of one lane at the same time. */
const width = 64
/** What could not be posted so long after it was claimed goes back: somebody might take it for lost. */
const staleShare = 0.5

/** `drain` waits until everything is posted and written down. */
export type Posting = ReturnType<typeof createPosting>

/** What is late, because WhatsApp was slow, leaves at the number's speed and not all at once; so much of it may be made up. */
const catchUpMs = 100

interface Waiting {
  person: ClaimedPerson
  /** Its slot of the number's rate. */
  atMs: number
  /** Until the next message of the number. */
  stepMs: number
  claimedMs: number
}

/** Takes what was claimed to WhatsApp with bounded concurrency, while the next people are being claimed. */
export function createPosting(deps: SendDeps, lane: Lane, media: LaneMedia) {
  const waiting: Waiting[] = []
  let active = 0
  let gateMs = 0
  let failure: Error | undefined
  let isRefused = false
  let tellChange = () => {}
  const changed = () => tellChange()
  const writer = createOutcomeWriter(deps, lane, changed)
  const tell = (outcome: Outcome) => {
    if (outcome.kind === 'again' && outcome.code !== null) isRefused = true
    writer.add(outcome)
  }

  function pump(): void {
    for (let next = active < width ? waiting.shift() : undefined; next; ) {
      active += 1
      const atMs = Math.max(next.atMs, gateMs)
      gateMs = Math.max(gateMs, Date.now() - catchUpMs) + next.stepMs * next.person.messages.length
      void take(deps, lane, media, { ...next, atMs }, tell)
        .catch((error: unknown) => (failure ??= new Error('a post failed', { cause: error })))
        .finally(() => {
          active -= 1
          pump()
          changed()
        })
      next = active < width ? waiting.shift() : undefined
    }
  }

  const isIdle = () => active === 0 && waiting.length === 0 && writer.isIdle
  const until = async (is: () => boolean) => {
    while (!is()) await new Promise<void>((resolve) => (tellChange = resolve))
    const error = failure ?? writer.failure
    if (error) throw error
  }
  return {
    add(people: ClaimedPerson[], { slots, stepMs }: BulkSlots) {
      const claimedMs = Date.now()
      people.forEach((person, at) =>
        waiting.push({ person, claimedMs, stepMs, atMs: slots[at] ?? claimedMs }),
      )
      pump()
    },
    /** Until there is room for more; throws what went wrong meanwhile. */
    room: () => until(() => waiting.length < width && writer.waiting < 4 * width),
    /**
     * WhatsApp refused something that may be about the number or the template: nobody new is to be taken until it is written
     * down and heard. Asked once everything is, it is forgotten.
     */
    takeRefusal(): 'none' | 'pending' | 'heard' {
      if (!isRefused) return 'none'
      if (!isIdle()) return 'pending'
      isRefused = false
      return 'heard'
    },
    isIdle,
    drain: () => until(isIdle),
  }
}

async function take(
  deps: SendDeps,
  lane: Lane,
  media: LaneMedia,
  { person, atMs, claimedMs }: Waiting,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const waitMs = atMs - Date.now()
  if (waitMs > 1) await sleep(waitMs)
  if (Date.now() - claimedMs <= deps.config.SEND_RECONCILE_MS * staleShare)
    return postToPerson(deps, lane, media, person, tell)
  // Nobody has called WhatsApp with it.
  const reason = 'it could not be posted in time'
  for (const message of person.messages)
    tell({ message, person, kind: 'again', afterMs: 0, code: null, reason, said: reason })
}
