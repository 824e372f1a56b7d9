import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Em } from '../db/orm.ts'
import type { RunState } from '../journeys/entities.ts'
import type { findRun } from '../journeys/find-runs.ts'
import type { JsonObject } from '../model/json.ts'
import { always, type Fragment } from '../segments/fragment.ts'

/** One run (of `release` also one entrant who waits at the door) that an operation is to deal with. */
export interface BulkItem {
  id: string
  subject: 'run' | 'entrant'
  workspaceId: string
  /** Makes what is done for this item one thing, however often it is tried: the operation that orders it. */
  operationId: string
  /** A try before this one may have done it already: whoever made it died. */
  isRepeat: boolean
  /** Another item of the same contact is newer: what that means, the order says. */
  isSuperseded: boolean
  by: string
  /** The fact of the operation. */
  causeId: string
}

/** Where a run goes on; a null card ends it. */
export interface BulkWay {
  cardId: string | null
  versionId?: string | undefined
  vars?: JsonObject | undefined
}
export type BulkRun = Awaited<ReturnType<typeof findRun>>

export type BulkOutcome = { state: 'done' } | { state: 'skipped' | 'failed'; reason: string }

/**
 * What an operation does to each of its items. `act` may be called again for an item that it has done: it must then do
 * nothing and say the same. An `AppError` that it throws is the outcome: `conflict` skips the item, what may succeed later
 * is tried again, the rest fails.
 */
export interface BulkKind<Order = unknown> {
  order: z.ZodType<Order>
  /** Which runs it is for, where the selection does not say. */
  states: readonly RunState[]
  /** Whether it may be ordered as it is, over `POST /bulk-operations`; others belong to a plan of another room. */
  isDirect: boolean
  /** Of the runs `r` that are selected it is only for these. */
  fits?(order: Order): Fragment
  act(deps: Deps, item: BulkItem, order: Order): Promise<BulkOutcome>
  /** Adds to the list what is no run, once all runs are on it, or says which items are superseded. */
  alsoGather?(em: Em, operation: { workspaceId: string; operationId: string }, order: Order): Promise<void>
  /** For previews: where the order would take a run. Without it nothing is sent. */
  goesOn?(em: Em, run: BulkRun, order: Order): Promise<BulkWay | undefined>
}

/** Erases the order's type so that kinds stand in one registry; each parses what it is given. */
export function defineBulkKind<Order>(kind: BulkKind<Order>): BulkKind {
  return {
    ...kind,
    act: (deps, item, order) => kind.act(deps, item, kind.order.parse(order)),
    ...(kind.fits && { fits: (order) => kind.fits?.(kind.order.parse(order)) ?? always }),
    ...(kind.alsoGather && {
      alsoGather: async (em, operation, order) => kind.alsoGather?.(em, operation, kind.order.parse(order)),
    }),
    ...(kind.goesOn && { goesOn: async (em, run, order) => kind.goesOn?.(em, run, kind.order.parse(order)) }),
  }
}
