import type { ChatAccess } from '../conversations/access.ts'
import { listen } from '../db/listen.ts'
import { liveChannel } from '../db/tell-of-announcements.ts'
import type { Deps } from '../deps.ts'
import { writeCursor, type Cursor } from './cursor.ts'
import { readEvents } from './read-events.ts'
import { frameFor, showEvents, type ShownEvent } from './show-events.ts'

/** One that hears what happens in a workspace: an open socket. */
export interface Hearer {
  access: ChatAccess
  /** Gets what it may see, in order. */
  hear(frames: Buffer[]): void
  /** Instead of `hear`, for whoever tells it in words of its own. */
  hearEvents?(shown: ShownEvent[]): void
  /** Everything up to here was heard. */
  reach(cursor: string): void
}

/** The sockets of one workspace in this process. */
interface Room {
  hearers: Set<Hearer>
  cursor: Cursor | undefined
}

export interface Hub {
  /** From the returned cursor on it hears everything. */
  join(hearer: Hearer): Promise<Cursor>
  leave(hearer: Hearer): void
  stop(): Promise<void>
}

/** The net under the notifications: of a process that died between its commit and its notification. */
const roundMs = 1_000
const pieceLength = 100

/** Tells the sockets of this process what happens: one read and one look-up for all of them. */
export function createHub(deps: Deps): Hub {
  const rooms = new Map<string, Room>()
  let running: Promise<void> | undefined
  let again = false

  async function read(): Promise<void> {
    do {
      again = false
      await readRooms(deps, rooms)
    } while (again)
  }
  function wake(): void {
    if (rooms.size === 0) return
    again = true
    running ??= read()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'nobody hears what happens; trying again'))
      .finally(() => {
        running = undefined
      })
  }
  const listener = listen(deps.config.DATABASE_URL ?? '', liveChannel, deps.log, wake)
  const rounds = setInterval(wake, roundMs).unref()

  return {
    async join(hearer) {
      const { workspaceId } = hearer.access
      const room = rooms.get(workspaceId) ?? { hearers: new Set(), cursor: undefined }
      rooms.set(workspaceId, room)
      room.hearers.add(hearer)
      return (room.cursor ??= await takeCursor(deps, room))
    },
    leave(hearer) {
      const room = rooms.get(hearer.access.workspaceId)
      if (!room?.hearers.delete(hearer) || room.hearers.size > 0) return
      rooms.delete(hearer.access.workspaceId)
    },
    async stop() {
      clearInterval(rounds)
      await listener.stop()
      await running
    },
  }
}

async function readRooms(deps: Deps, rooms: ReadonlyMap<string, Room>): Promise<void> {
  // Who joins meanwhile, in a room that is not there yet, is of the next round: its cursor stays.
  const open = [...rooms].flatMap(([workspaceId, room]) =>
    room.cursor ? [{ workspaceId, room, since: room.cursor }] : [],
  )
  const { events, cursor } = await readEvents(
    deps.orm.em.fork(),
    open.map(({ workspaceId, since }) => ({ workspaceId, since })),
  )
  const byWorkspace = Map.groupBy(events, (event) => event.workspaceId)
  for (const { workspaceId, room } of open) {
    const shown = await showEvents(deps, workspaceId, byWorkspace.get(workspaceId) ?? [])
    room.cursor = cursor
    await tell(room, shown, writeCursor(cursor))
  }
}

/** Two that open a room at once have one cursor. */
async function takeCursor(deps: Deps, room: Room): Promise<Cursor> {
  const { cursor } = await readEvents(deps.orm.em.fork(), [])
  return room.cursor ?? cursor
}

/** A burst goes out in pieces, so that those who listen can take one before the next one comes. */
async function tell({ hearers }: Room, shown: ShownEvent[], reached: string): Promise<void> {
  for (let from = 0; from < shown.length; from += pieceLength) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve))
    const piece = shown.slice(from, from + pieceLength)
    for (const hearer of hearers) {
      if (hearer.hearEvents) hearer.hearEvents(piece)
      else hearer.hear(piece.flatMap((each) => frameFor(hearer.access, each) ?? []))
    }
  }
  for (const hearer of hearers) hearer.reach(reached)
}
