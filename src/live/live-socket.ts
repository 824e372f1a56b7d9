import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { parseCursor, writeCursor } from './cursor.ts'
import type { Beside } from './beside.ts'
import type { Hearer, Hub } from './hub.ts'
import { readEvents } from './read-events.ts'
import { frameFor, showEvents } from './show-events.ts'
import type { Caller } from './who-calls.ts'

/** What a client may say. */
const frameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resume'), cursor: z.string().max(40_000) }),
  z.object({ type: z.literal('watch'), conversationId: z.uuid().nullable() }),
  z.object({ type: z.literal('typing'), conversationId: z.uuid() }),
])

/** Whoever was away longer, or missed more, fetches anew what it shows. */
const maximumAwayMs = 60 * 60_000
const maximumMissed = 2_000
/** Each client keeps its cursor: no need to move it with every event. */
const cursorEveryMs = 1_000
const idleCursorEveryMs = 25_000

interface Line {
  socket: WebSocket
  caller: Caller
  send: (frame: string | Buffer) => void
}

/** One open screen. Returns what takes its messages. */
export async function openLiveSocket(
  deps: Deps,
  { hub, beside }: { hub: Hub; beside: Beside },
  line: Line,
  resumeFrom: string | undefined,
): Promise<(text: string) => void> {
  const { socket, caller, send } = line
  const screen = createScreen(line)
  const cursor = await hub.join(screen.hearer)
  const leave = () => {
    hub.leave(screen.hearer)
    beside.leave(socket)
  }
  socket.once('close', leave)
  beside.join(caller, socket, send)
  if (socket.readyState !== socket.OPEN) leave()
  if (resumeFrom !== undefined) await screen.catchUp(() => findMissed(deps, caller, resumeFrom))
  // The cursor is from before what it hears from now on: nothing is between the two.
  send(JSON.stringify({ type: 'hello', cursor: writeCursor(cursor), user: caller.user }))
  screen.release()

  let turn = Promise.resolve()
  /** One after the other: what was asked first is answered first. */
  return (text) => {
    const frame = frameSchema.safeParse(parse(text))
    if (!frame.success)
      return send(JSON.stringify({ type: 'error', message: 'this is no frame that a client sends' }))
    const said = frame.data
    turn = turn
      .then(async () => {
        if (said.type === 'resume') await screen.catchUp(() => findMissed(deps, caller, said.cursor))
        else await beside.say(socket, said)
      })
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'a socket could not be served; it comes again')
        socket.close(1011, 'come again')
      })
  }
}

/** What one screen was told, and up to where it may go on from. */
function createScreen({ caller, send }: Line) {
  /** What happens while it catches up comes after that. */
  let held: Buffer[] | undefined = []
  let toldAtMs = Date.now()
  let isBehind = false
  const hearer: Hearer = {
    access: caller.access,
    hear(frames) {
      if (frames.length === 0) return
      if (held) held.push(...frames)
      else for (const frame of frames) send(frame)
      isBehind = true
    },
    reach(cursor) {
      const sinceMs = Date.now() - toldAtMs
      if (held || sinceMs < (isBehind ? cursorEveryMs : idleCursorEveryMs)) return
      send(JSON.stringify({ type: 'cursor', cursor }))
      toldAtMs = Date.now()
      isBehind = false
    },
  }
  function release(): void {
    const frames = held ?? []
    held = undefined
    for (const frame of frames) send(frame)
  }
  return {
    hearer,
    release,
    async catchUp(find: () => Promise<Buffer[] | undefined>) {
      held ??= []
      const missed = await find()
      for (const frame of missed ?? [JSON.stringify({ type: 'reset' })]) send(frame)
      release()
    },
  }
}

/** The frames since the cursor, or undefined when it is none or too old. */
async function findMissed(deps: Deps, { access }: Caller, text: string): Promise<Buffer[] | undefined> {
  const since = parseCursor(text)
  if (!since) return undefined
  const { workspaceId } = access
  const found = await readEvents(deps.orm.em.fork(), [{ workspaceId, since }], maximumMissed + 1)
  const awayMs = found.cursor.atMs - since.atMs
  // From a time that has not come yet: another database, or one that was set back.
  const isOfAnother = since.xmax > found.cursor.xmax || awayMs < -60_000
  if (isOfAnother || awayMs > maximumAwayMs || found.events.length > maximumMissed) return undefined
  const shown = await showEvents(deps, workspaceId, found.events)
  return shown.flatMap((each) => frameFor(access, each) ?? [])
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
