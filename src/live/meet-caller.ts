import type { WebSocket } from 'ws'
import type { Deps } from '../deps.ts'
import type { Authenticate } from '../kit/auth.ts'
import type { Beside } from './beside.ts'
import type { Guarded } from './guard-socket.ts'
import type { Hub } from './hub.ts'
import type { Admitted, keepRights } from './keep-rights.ts'
import type { keepSeen } from './keep-seen.ts'
import { openLiveSocket } from './live-socket.ts'
import { whoCalls, type Caller } from './who-calls.ts'

/** What all sockets of a process share. */
export interface LiveHouse {
  deps: Deps
  authenticate: Authenticate
  admitted: Set<Admitted>
  hub: Hub
  beside: Beside
  rights: ReturnType<typeof keepRights>
  seen: ReturnType<typeof keepSeen>
}

const maximumSocketsOfUser = 20

/** What `ws` and browsers know, and from 4000 on our own. */
export const closeCodes = { restart: 1012, failed: 1011, unknown: 4001, changed: 4003, tooMany: 4029 }

/** Until it is known who calls, nothing is told and one message is heard. */
export async function meetCaller(
  house: LiveHouse,
  { socket, guarded }: { socket: WebSocket; guarded: Guarded },
  { token: shown, resumeFrom }: { token: string | undefined; resumeFrom: string | undefined },
): Promise<void> {
  const token = shown ?? readToken(await nextMessage(guarded))
  const caller = token === undefined ? undefined : await whoCalls(house.deps, house.authenticate, token)
  if (!caller) return socket.close(closeCodes.unknown, 'this token or session is not valid (any more)')
  if (!(await admit(house, socket, caller))) return
  const line = { socket, caller, send: guarded.send }
  guarded.onMessage(await openLiveSocket(house.deps, house, line, resumeFrom))
}

/** False of a socket that was closed again. */
export async function admit(house: LiveHouse, socket: WebSocket, caller: Caller): Promise<boolean> {
  const own = [...house.admitted].filter((each) => each.caller.actor.id === caller.actor.id)
  if (own.length >= maximumSocketsOfUser) {
    socket.close(closeCodes.tooMany, 'too many open sockets')
    return false
  }
  const dismiss = () => socket.close(closeCodes.changed, 'signed out, or allowed something else: come again')
  const each = { caller, dismiss }
  house.admitted.add(each)
  socket.once('close', () => house.admitted.delete(each))
  house.seen.note(caller)
  // Between the look at its rights and this moment they may have been taken.
  await house.rights.check(each)
  return socket.readyState === socket.OPEN
}

/** Undefined when the other end went instead. */
export function nextMessage(guarded: Guarded): Promise<string | undefined> {
  return new Promise((resolve) => {
    guarded.onMessage(resolve)
    guarded.onClose(() => resolve(undefined))
  })
}

/** Undefined of a message that brings none. */
export function readToken(text: string | undefined): string | undefined {
  try {
    const said = JSON.parse(text ?? '') as unknown
    const token = said !== null && typeof said === 'object' && 'token' in said ? said.token : undefined
    return typeof token === 'string' && token.length <= 200 ? token : undefined
  } catch {
    return undefined
  }
}
