import type { WebSocket } from 'ws'
import { demandChat } from '../conversations/access.ts'
import { listen } from '../db/listen.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { findHolders, mayRead, type ChatHolder } from './chat-holders.ts'
import type { Caller } from './who-calls.ts'

/** What is true for a moment only and is written nowhere: who types into a chat, and who looks at it. */
export interface Beside {
  join(caller: Caller, socket: WebSocket, send: (frame: string) => void): void
  leave(socket: WebSocket): void
  say(socket: WebSocket, said: Said): Promise<void>
  stop(): Promise<void>
}
type Said = { type: 'watch'; conversationId: string | null } | { type: 'typing'; conversationId: string }

interface Seat {
  caller: Caller
  send: (frame: string) => void
  watches: { conversationId: string; holder: ChatHolder } | undefined
  /** When it was last told that this one types, and that it looks. */
  typedAtMs: number
  lookedAtMs: number
}

/** As it goes from process to process. */
interface Notice {
  type: 'typing' | 'looking' | 'left'
  workspaceId: string
  conversationId: string
  holder: ChatHolder
  user: { id: string; name: string }
}

const channel = 'dripline_beside'
/** A screen that shows who types forgets it after some seconds: once in so long is enough. */
const typingEveryMs = 2_000
/** Who looks says so again: of a process that died nobody looks for ever. */
const lookingEveryMs = 20_000
/** Whoever looks already answers whoever comes, once in so long. */
const answerEveryMs = 2_000

/** Passes on between all sockets of all processes who types and who looks. Of users only: a key is nobody. */
export function createBeside(deps: Deps): Beside {
  const seats = new Map<WebSocket, Seat>()
  const listener = listen(deps.config.DATABASE_URL ?? '', channel, deps.log, (said) => {
    if (said) pass(deps, seats.values(), JSON.parse(said) as Notice)
  })
  const rounds = setInterval(
    () => deps.background.run('who looks at chats', () => goRound(deps, [...seats.values()])),
    lookingEveryMs,
  ).unref()
  return {
    join(caller, socket, send) {
      seats.set(socket, { caller, send, watches: undefined, typedAtMs: 0, lookedAtMs: 0 })
    },
    leave(socket) {
      const seat = seats.get(socket)
      seats.delete(socket)
      if (seat?.watches) deps.background.run('who looks at chats', () => tellOf(deps, seat, 'left'))
    },
    async say(socket, said) {
      const seat = seats.get(socket)
      if (!seat) return
      if (said.type === 'watch') await watch(deps, seat, said.conversationId)
      else await type(deps, seat, said.conversationId)
    },
    async stop() {
      clearInterval(rounds)
      await listener.stop()
    },
  }
}

async function tellOf(deps: Deps, seat: Seat, type: Notice['type']): Promise<void> {
  const { watches, caller } = seat
  if (!watches || !caller.user) return
  if (type === 'looking') seat.lookedAtMs = Date.now()
  const { workspaceId } = caller.access
  const notice: Notice = { type, workspaceId, ...watches, user: caller.user }
  await deps.orm.em.fork().execute('select pg_notify(?, ?)', [channel, JSON.stringify(notice)])
}

function pass(deps: Deps, seats: Iterable<Seat>, notice: Notice): void {
  const { type, workspaceId, conversationId, holder, user } = notice
  const frame = JSON.stringify({ type, conversationId, user })
  for (const seat of seats) {
    const { access } = seat.caller
    if (access.workspaceId !== workspaceId || access.userId === user.id || !mayRead(access, holder)) continue
    seat.send(frame)
    const isBesides = seat.watches?.conversationId === conversationId && type === 'looking'
    if (isBesides && Date.now() - seat.lookedAtMs > answerEveryMs)
      deps.background.run('who looks at a chat', () => tellOf(deps, seat, 'looking'))
  }
}

/** Whoever may not read a chat any more looks at it no longer, and is not told of it. */
async function goRound(deps: Deps, seats: Seat[]): Promise<void> {
  const watching = seats.filter(({ watches }) => watches)
  for (const [workspaceId, own] of Map.groupBy(watching, ({ caller }) => caller.access.workspaceId)) {
    const ids = own.map(({ watches }) => watches?.conversationId ?? '')
    const holders = await findHolders(forkFor(deps.orm, workspaceId), workspaceId, [...new Set(ids)])
    for (const seat of own) {
      const holder = holders.get(seat.watches?.conversationId ?? '')
      const stays = holder && mayRead(seat.caller.access, holder)
      seat.watches = seat.watches && stays ? { ...seat.watches, holder } : undefined
      await tellOf(deps, seat, 'looking')
    }
  }
}

async function watch(deps: Deps, seat: Seat, conversationId: string | null): Promise<void> {
  if (seat.watches && seat.watches.conversationId !== conversationId) await tellOf(deps, seat, 'left')
  const holder = conversationId === null ? undefined : await holderFor(deps, seat.caller, conversationId)
  seat.watches = conversationId !== null && holder ? { conversationId, holder } : undefined
  await tellOf(deps, seat, 'looking')
}

async function type(deps: Deps, seat: Seat, conversationId: string): Promise<void> {
  if (Date.now() - seat.typedAtMs < typingEveryMs) return
  seat.typedAtMs = Date.now()
  if (seat.watches?.conversationId !== conversationId) await watch(deps, seat, conversationId)
  await tellOf(deps, seat, 'typing')
}

/** Undefined of a chat that it may not read, as of one that is not there. */
async function holderFor(
  deps: Deps,
  { access }: Caller,
  conversationId: string,
): Promise<ChatHolder | undefined> {
  try {
    const em = forkFor(deps.orm, access.workspaceId)
    const { assignedUserId, assignedGroupId } = await demandChat(em, access, conversationId, 'read')
    return { userId: assignedUserId, groupId: assignedGroupId }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
