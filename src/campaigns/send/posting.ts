import { setTimeout as sleep } from 'node:timers/promises'
import type { SendDeps } from '../../inbox/send-message.ts'
import type { Lane } from './lane.ts'
import type { LaneMedia } from './lane-media.ts'
import { postToPerson, type Outcome } from './post-message.ts'
import { writeBack } from './write-back.ts'
import type { ClaimedPerson } from './write-claim.ts'

/** Posts of one lane at the same time. */
const width = 64
/** Outcomes are written together: as many as come while the last ones are being written, at least after this. */
const gatherMs = 20
/** What could not be posted so long after it was claimed goes back: somebody might take it for lost. */
const staleShare = 0.5
/** So long the outcomes outlive a database that is away; what is never written is settled by statuses. */
const patienceMs = 60_000
/** After a refusal that may be about the number or the template, nobody new is taken until it is written down and heard. */
const blockMs = 200

export type Posting = ReturnType<typeof createPosting>

interface Waiting {
  person: ClaimedPerson
  /** Its slot of the number's rate. */
  atMs: number
  claimedMs: number
}

/** Takes what was claimed to WhatsApp with bounded concurrency, while the next people are being claimed. */
export function createPosting(deps: SendDeps, lane: Lane, media: LaneMedia) {
  const waiting: Waiting[] = []
  let outcomes: Outcome[] = []
  let active = 0
  let writing: Promise<void> | undefined
  let failure: unknown
  let blockedUntilMs = 0
  let isChanged = () => {}

  const changed = () => isChanged()
  function pump(): void {
    while (active < width) {
      const next = waiting.shift()
      if (!next) return
      active += 1
      void take(next).finally(() => {
        active -= 1
        pump()
        changed()
      })
    }
  }

  async function take({ person, atMs, claimedMs }: Waiting): Promise<void> {
    try {
      const waitMs = atMs - Date.now()
      if (waitMs > 1) await sleep(waitMs)
      if (Date.now() - claimedMs > deps.config.SEND_RECONCILE_MS * staleShare) return giveBack(person)
      await postToPerson(deps, lane, media, person, tell)
    } catch (error) {
      failure ??= error
    }
  }

  /** Nobody has called WhatsApp with it. */
  function giveBack(person: ClaimedPerson): void {
    const reason = 'it could not be posted in time'
    for (const message of person.messages)
      tell({ message, person, kind: 'again', afterMs: 0, code: null, reason, said: reason })
  }

  function tell(outcome: Outcome): void {
    outcomes.push(outcome)
    if (outcome.kind === 'again' && outcome.code !== null) blockedUntilMs = Date.now() + blockMs
    startWriting()
  }

  function startWriting(): void {
    writing ??= write().finally(() => {
      writing = undefined
      if (outcomes.length > 0) startWriting()
      changed()
    })
  }

  async function write(): Promise<void> {
    while (outcomes.length > 0) {
      if (outcomes.length < width) await sleep(gatherMs)
      const batch = outcomes
      outcomes = []
      await writePatiently(batch)
    }
  }

  async function writePatiently(batch: Outcome[]): Promise<void> {
    const untilMs = Date.now() + patienceMs
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
      try {
        return await writeBack(deps, lane, batch)
      } catch (error) {
        if (Date.now() > untilMs) {
          failure ??= error
          return
        }
        deps.log.warn({ err: error, runId: lane.runId }, 'what became of messages is to be written again')
        await sleep(delayMs)
      }
    }
  }

  const until = async (is: () => boolean) => {
    while (!is()) await new Promise<void>((resolve) => (isChanged = resolve))
  }
  return {
    add(people: ClaimedPerson[], slots: number[]) {
      const claimedMs = Date.now()
      people.forEach((person, at) => waiting.push({ person, claimedMs, atMs: slots[at] ?? claimedMs }))
      pump()
    },
    /** Until there is room for more; throws what went wrong meanwhile. */
    async room() {
      await until(() => waiting.length < width && outcomes.length < 4 * width)
      if (failure) throw failure
    },
    /** When it may take somebody again after a refusal. */
    get blockedUntilMs() {
      return blockedUntilMs
    },
    get isIdle() {
      return active === 0 && waiting.length === 0 && writing === undefined
    },
    /** Until everything is posted and written down. */
    async drain() {
      await until(() => active === 0 && waiting.length === 0 && writing === undefined)
      if (failure) throw failure
    },
  }
}
