import { setTimeout as sleep } from 'node:timers/promises'
import { forkFor } from '../../db/orm.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import type { Claim } from './claim-chunk.ts'
import { createSafeClaims } from './claim-safely.ts'
import { openLane, type Lane, type LaneRef } from './lane.ts'
import { createLaneMedia, type LaneMedia } from './lane-media.ts'
import { createLaneSlots, type LaneSlots } from './lane-slots.ts'
import { createPosting, type Posting } from './posting.ts'
import { waitForCanary } from './wait-for-canary.ts'
import { sweepInflight } from './sweep-inflight.ts'

export interface LaneDeps extends SendDeps {
  /** A sign of life with words of where it stands. */
  beat(words: string): void
  /** The one who called has gone, or is to end. */
  isOver(): boolean
}
export interface LaneSlice {
  state: string
  /** Nobody is left to be written to. */
  isThrough: boolean
  /** Where it stands, for people. */
  words: string
  /** How long to wait before the next slice. */
  waitMs?: number
}

/** A slice ends after this; what was told to the run meanwhile is heard at each chunk. */
const sliceMs = 15_000
/** People that are claimed at once, at most: together with those being posted all that a kill leaves in doubt. */
const chunkSize = 200
/** Templates, prices and stops are looked up again after this. */
const freshMs = 2_000
const maximumNapMs = 1_000
const refusedNapMs = 20
/** Who waits for a person or another lane looks again after this; a signal is faster. */
const haltedMs = 15_000
const maximumWaitMs = 10 * 60_000

type Pass = { sent?: number } & ({ napMs: number } | { end: LaneSlice })

interface Works {
  deps: LaneDeps
  lane: Lane
  media: LaneMedia
  posting: Posting
  slots: LaneSlots
  claim: ReturnType<typeof createSafeClaims>
}

/** Sends from one number for some seconds: from the rows, whoever did what before. */
export async function runLaneSlice(deps: LaneDeps, ref: LaneRef): Promise<LaneSlice> {
  const untilMs = Date.now() + sliceMs
  const lane = await openLane(deps, ref)
  const media = createLaneMedia(deps, lane)
  const posting = createPosting(deps, lane, media)
  const slots = createLaneSlots(deps.rate, lane.number.id)
  const claim = createSafeClaims(deps, lane)
  let freshUntilMs = Date.now() + freshMs
  let sent = 0
  try {
    while (Date.now() < untilMs && !deps.isOver()) {
      const refusal = posting.takeRefusal()
      if (refusal === 'pending') {
        await sleep(refusedNapMs)
        continue
      }
      if (refusal === 'heard' || Date.now() > freshUntilMs) {
        Object.assign(lane, await openLane(deps, ref))
        await sweep(deps, lane)
        freshUntilMs = Date.now() + freshMs
      }
      await posting.room()
      deps.beat(`${sent} sent in this slice`)
      const pass = await passOnce({ deps, lane, media, posting, slots, claim })
      sent += pass.sent ?? 0
      if ('end' in pass) return pass.end
      if (pass.napMs > 0) await sleep(Math.min(pass.napMs, maximumNapMs))
    }
  } finally {
    await posting.drain()
  }
  return { state: 'sending', isThrough: false, words: `${sent} sent in this slice` }
}

/** One look: somebody is claimed and handed on, or it says how long there is nothing to do. */
async function passOnce({ deps, lane, media, posting, slots, claim }: Works): Promise<Pass> {
  const upload = await media.prepare()
  if (upload !== undefined) return halt('sending', upload)
  const speed = lane.messagesPerSecond
  const free = await slots.take(chunkSize, speed)
  if (free.slots.length === 0) return { napMs: free.againMs }
  const limit = Math.max(1, Math.floor(free.slots.length / lane.width))
  const claimed = await claim({ limit, media: media.sources })
  if (claimed.kind !== 'claimed') return rest(deps, lane, claimed, posting)
  lane.messagesPerSecond = claimed.messagesPerSecond
  const { people } = claimed
  slots.use(
    people.reduce((sum, { messages }) => sum + messages.length, 0),
    speed,
  )
  posting.add(people, free)
  return { sent: people.length, napMs: 0 }
}

/** Nobody can be claimed now. What is being posted may come back to be tried again, so its end is waited for. */
async function rest(
  deps: LaneDeps,
  lane: Lane,
  claim: Exclude<Claim, { kind: 'claimed' }>,
  posting: Posting,
): Promise<Pass> {
  if (claim.kind === 'halted' && !claim.isCanary) return halt(claim.state, claim.why, claim.waitMs)
  if (!posting.isIdle()) return { napMs: 20 }
  if (claim.kind === 'halted') {
    const leftMs = await waitForCanary(deps, lane)
    return leftMs > maximumNapMs ? halt(claim.state, claim.why, leftMs) : { napMs: Math.max(leftMs, 20) }
  }
  const { nextInMs, isThrough } = claim
  if (nextInMs === undefined)
    return { end: { state: 'sending', isThrough, words: isThrough ? 'through' : 'nobody is due' } }
  if (nextInMs < maximumNapMs) return { napMs: Math.max(nextInMs, 1) }
  const waitMs = Math.min(Math.ceil(nextInMs), maximumWaitMs)
  const words = `the next is due ${new Date(Date.now() + nextInMs).toISOString()}`
  return { end: { state: 'sending', isThrough: false, words, waitMs } }
}

function halt(state: string, why: string, waitMs = haltedMs): Pass {
  return { end: { state, isThrough: false, words: why, waitMs: Math.min(waitMs, maximumWaitMs) } }
}

async function sweep({ orm, config }: LaneDeps, { workspaceId, runId }: Lane): Promise<void> {
  const reconcileMs = config.SEND_RECONCILE_MS
  await sweepInflight(forkFor(orm, workspaceId), { workspaceId, runId, reconcileMs })
}
