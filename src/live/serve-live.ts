import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Deps } from '../deps.ts'
import { readBearer, readSessionCookie, type Authenticate } from '../kit/auth.ts'
import { liveSockets } from '../kit/metrics.ts'
import { createBeside } from './beside.ts'
import { guardSocket, type Guarded } from './guard-socket.ts'
import { createHub } from './hub.ts'
import { keepRights, type Admitted } from './keep-rights.ts'
import { keepSeen } from './keep-seen.ts'
import { closeCodes, meetCaller, type LiveHouse } from './meet-caller.ts'
import { meetWabbitCaller } from './wabbit-door.ts'
import { isOwnOrigin } from './who-calls.ts'

export interface Live {
  /** Clients are asked to come again, elsewhere or later, and then the connections end. */
  stop(): Promise<void>
}

/** A frame of a client's is short; its cursor may name some hundred transactions. */
const maximumFrameBytes = 64 * 1_024
const maximumStrangers = 1_000
const introductionMs = 10_000
/** Time for clients to say good-bye. */
const farewellMs = 1_000

type Meet = (line: { socket: WebSocket; guarded: Guarded }) => Promise<void>

/** Sockets that tell what happens in the inbox as it happens. */
export function serveLive(deps: Deps, server: Server, authenticate: Authenticate): Live {
  const house = openHouse(deps, authenticate)
  const open = new Set<Guarded>()
  const sockets = new WebSocketServer({
    ...{ noServer: true, maxPayload: maximumFrameBytes, perMessageDeflate: false, clientTracking: false },
  })
  let strangers = 0

  async function welcome(socket: WebSocket, meet: Meet): Promise<void> {
    const guarded = guardSocket(deps, socket)
    open.add(guarded)
    liveSockets.inc()
    guarded.onClose(() => {
      open.delete(guarded)
      liveSockets.dec()
    })
    strangers++
    const patience = setTimeout(() => socket.close(closeCodes.unknown, 'no token came'), introductionMs)
    try {
      await meet({ socket, guarded })
    } catch (error) {
      deps.log.warn({ err: error }, 'a socket could not be opened')
      socket.close(closeCodes.failed, 'come again')
    } finally {
      strangers--
      clearTimeout(patience)
    }
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy())
    const meet = findDoor(house, request)
    if (typeof meet === 'number') return refuse(stream, meet)
    if (strangers >= maximumStrangers) return refuse(stream, 503)
    sockets.handleUpgrade(request, stream, head, (socket) => void welcome(socket, meet))
  }

  server.on('upgrade', upgrade)
  return {
    async stop() {
      server.off('upgrade', upgrade)
      const closed = [...open].map((guarded) => guarded.end(closeCodes.restart, 'come again', farewellMs))
      await Promise.all(closed)
      await Promise.all([house.hub, house.beside, house.rights, house.seen].map((each) => each.stop()))
    },
  }
}

function openHouse(deps: Deps, authenticate: Authenticate): LiveHouse {
  const admitted = new Set<Admitted>()
  return {
    ...{ deps, authenticate, admitted, hub: createHub(deps), beside: createBeside(deps) },
    ...{ rights: keepRights(deps, admitted), seen: keepSeen(deps, admitted) },
  }
}

/** How callers are met at an address, or the status that says that they are not. */
function findDoor(house: LiveHouse, request: IncomingMessage): Meet | number {
  const { url = '' } = request
  if (!URL.canParse(url, 'http://host')) return 400
  const { pathname, searchParams } = new URL(url, 'http://host')
  if (/^\/ws\/?$/.test(pathname)) return (line) => meetWabbitCaller(house, line)
  if (pathname !== '/platform/v1/live') return 404
  const token = readCredential(request, house.deps)
  if (token === null) return 403
  return (line) => meetCaller(house, line, { token, resumeFrom: searchParams.get('cursor') ?? undefined })
}

/** From the header, or from the cookie when one of our own pages brings it: null of another's. */
function readCredential(request: IncomingMessage, { config }: Deps): string | null | undefined {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) return readBearer(authorization) ?? ''
  const token = readSessionCookie({ get: () => cookie }, config)
  if (token === undefined) return undefined
  return isOwnOrigin(request, config) ? token : null
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
