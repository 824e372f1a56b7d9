import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { handBack, type AfterTakeover, type HandedBack } from './hand-back.ts'
import { getTakeover, type TakeoverDetail } from './list-takeovers.ts'
import { takeOver } from './take-over.ts'
import { takeOverByDeed } from './take-over-by-deed.ts'

interface ChatOrder {
  workspaceId: string
  conversationId: string
  by: string
}

/** An agent takes a chat, for good or for so many minutes. */
export async function orderTakeOver(
  deps: Deps,
  { minutes, ...order }: ChatOrder & { reason: string | undefined; minutes: number | undefined },
): Promise<TakeoverDetail> {
  const endsAtMs = minutes === undefined ? null : Date.now() + minutes * 60_000
  const { holdId, outbox } = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    takeOver(em, { ...order, kind: 'taken', endsAtMs }),
  )
  relaySoon(deps, outbox)
  return getTakeover(deps, order.workspaceId, holdId)
}

export async function noteTyping(deps: Deps, order: ChatOrder): Promise<void> {
  const outbox = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    takeOverByDeed(em, { ...order, kind: 'typing' }),
  )
  relaySoon(deps, outbox)
}

export async function orderHandBack(
  deps: Deps,
  order: ChatOrder & { choice: AfterTakeover | undefined },
): Promise<HandedBack['runs']> {
  const handed = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    handBack(em, { ...order, outcome: 'handed-back' }),
  )
  if (!handed) throw new AppError('conflict', 'no agent has this chat')
  relaySoon(deps, handed.outbox)
  return handed.runs
}
