import { condition, patched, setHandler } from '@temporalio/workflow'
import { shiftVisit, type JourneyState, type Order } from './cards/journey-state.ts'
import { held, paused, released, resumed, zoneChanged, type HeldRun, type JourneyInput } from './contract.ts'
import type { JourneyStanding } from './journey-standing.ts'

/** Why a run stands still, and what it was told to do instead. */
export interface JourneyHolds {
  /** A wait must end: there is a hold or an order to come to a boundary for, or its time is another one now. */
  isDue(): boolean
  add(hold: HeldRun): void
  /** The run was held while it slept, and nobody told it. */
  freeze(forMs: number): void
  /** A wait begins, or goes on after an interruption. */
  fallAsleep(): void
  /** Whether it was held until now has been asked, or does not matter any more. */
  wakeUp(): void
  /** Since when nobody has asked whether it was held. */
  asleepSinceMs(): number
  order(order: Order): void
  /** The next one, as it was given. */
  takeOrder(): Order | undefined
  /** For an order that the run cannot follow yet. */
  putBack(order: Order): void
  /** Forgets a migration's order, where it was not taken. */
  revoke(migration: string): boolean
  /** Migrations whose orders wait to be followed. Their ids tell their age. */
  pendingMigrations(): string[]
  isStanding(): boolean
  /** It does, or will at its next boundary. */
  isHeld(): boolean
  /** Returns when nothing holds the run any more; its clock was stopped where a hold says so. */
  standStill(state: JourneyState): Promise<void>
  /** For continue-as-new. */
  carried(): Pick<JourneyInput, 'paused' | 'holds' | 'orders'>
}

const byHand = 'by-hand'
/** A release may be told before its hold. */
const rememberedReleases = 50

export function openHolds(input: JourneyInput, standing: JourneyStanding): JourneyHolds {
  const holds = new Map((input.holds ?? []).map((hold) => [hold.holdId, hold]))
  const orders = [...(input.orders ?? [])]
  let frozenMs = 0
  let isStanding = false
  let asleepSinceMs: number | undefined
  const add = listen(holds, orders, input.paused)
  const zone = watchZone()
  return {
    // Who pauses a run by hand lets it finish its card.
    isDue: () => zone.isNew() || orders.length > 0 || [...holds.keys()].some((id) => id !== byHand),
    add,
    freeze: (forMs) => void (frozenMs += forMs),
    fallAsleep: () => void (asleepSinceMs ??= Date.now()),
    wakeUp: () => void (asleepSinceMs = undefined),
    asleepSinceMs: () => asleepSinceMs ?? Date.now(),
    order: (order) => void orders.push(order),
    takeOrder: () => orders.shift(),
    putBack: (order) => void orders.unshift(order),
    revoke(migration) {
      const at = orders.findIndex((order) => isOf(order, migration))
      if (at >= 0) orders.splice(at, 1)
      return at >= 0
    },
    pendingMigrations: () =>
      orders.flatMap((order) => (order.action === 'migrate' ? (order.migration ?? []) : [])),
    isStanding: () => isStanding,
    isHeld: () => holds.size > 0,
    async standStill(state) {
      zone.forget()
      shiftVisit(state, frozenMs)
      frozenMs = 0
      while (holds.size > 0) {
        const now = [...holds.values()]
        const words = now.map(({ reason }) => reason).join('; ')
        standing.show('paused', words)
        standing.index('paused')
        const unsaved = now.find(({ isSaved }) => !isSaved)
        if (unsaved)
          await standing.flush('paused', unsaved.holdId === byHand ? {} : { heldBy: unsaved.holdId })
        const freezing = now.filter(({ timers }) => timers === 'freeze')
        const known = now.map(({ holdId }) => holdId).join()
        isStanding = true
        await condition(() => [...holds.keys()].join() !== known)
        isStanding = false
        const frozenSince = Math.min(...freezing.map(({ sinceMs }) => sinceMs))
        if (freezing.length > 0) thaw(state, holds, frozenSince)
        // What was frozen until now is reckoned with.
        asleepSinceMs = undefined
        standing.show('running', 'resumed')
        standing.index('running')
      }
    },
    carried: () => ({
      paused: holds.has(byHand),
      holds: [...holds.values()].filter(({ holdId }) => holdId !== byHand),
      orders,
    }),
  }
}

const hand: HeldRun = { holdId: byHand, reason: 'paused by hand', timers: 'run', sinceMs: 0, isSaved: false }

/**
 * A card that is run again reckons with the contact's zone of then: a change is forgotten before that, never after, so that
 * none is missed.
 */
function watchZone() {
  let isNew = false
  setHandler(zoneChanged, () => {
    // Workers from before 21 November 2026 let the signal lie; remove with runs of then, at the end of 2027.
    if (patched('follows-the-zone')) isNew = true
  })
  return { isNew: () => isNew, forget: () => void (isNew = false) }
}

/** Signals bring holds, releases and orders. Returns how a run adds a hold that it has found by itself. */
function listen(holds: Map<string, HeldRun>, orders: Order[], isPaused: boolean): JourneyHolds['add'] {
  const gone = new Set<string>()
  const add = (hold: HeldRun) => {
    if (!gone.has(hold.holdId)) holds.set(hold.holdId, hold)
  }
  if (isPaused) add(hand)
  setHandler(paused, () => add(hand))
  setHandler(resumed, () => void holds.delete(byHand))
  setHandler(held, add)
  setHandler(released, ({ holdId, order }) => {
    const isRepeated = gone.has(holdId)
    holds.delete(holdId)
    gone.add(holdId)
    if (gone.size > rememberedReleases) gone.delete(gone.values().next().value ?? '')
    // A release may be told again: the run goes there once.
    if (order && !isRepeated) orders.push(order)
  })
  return add
}

function isOf(order: Order, migration: string): boolean {
  return order.action === 'migrate' && order.migration === migration
}

/** The time until now counts as frozen; what goes on holding freezes from now on. */
function thaw(state: JourneyState, holds: Map<string, HeldRun>, sinceMs: number): void {
  const nowMs = Date.now()
  shiftVisit(state, nowMs - Math.max(sinceMs, state.within?.enteredAtMs ?? nowMs))
  for (const [id, hold] of holds) holds.set(id, { ...hold, sinceMs: nowMs })
}
