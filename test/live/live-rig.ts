import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import WebSocket from 'ws'
import { compose, dispose, type Composed } from '../../src/compose.ts'
import { serveLive } from '../../src/live/serve-live.ts'
import { createAuthenticate } from '../../src/people/authenticate.ts'
import { eventually } from '../support/eventually.ts'

export interface Frame {
  type: string
  seq?: number
  kind?: string
  cursor?: string
  conversationId?: string
  data?: Record<string, unknown>
  message?: { id: string; text: string; ledger: { state: string; status: string | null } | null }
  conversation?: { id: string; assignee: { user: { id: string } | null }; status: string }
  user?: { id: string; name: string } | null
}
export type LiveClient = ReturnType<typeof connectLive>

/** An API process' side of the sockets, with connections of its own to the database. */
export async function startLiveProcess(like: Composed) {
  const deps = await compose(like.config, 'test')
  const server = createServer((_request, response) => response.end())
  const live = serveLive(deps, server, createAuthenticate(deps))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/platform/v1/live`,
    origin: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      await live.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await dispose(deps)
    },
  }
}

/** A client that keeps what it hears. */
export function connectLive(
  url: string,
  { token, headers = {}, first }: { token?: string; headers?: Record<string, string>; first?: unknown } = {},
) {
  const frames: Frame[] = []
  const socket = new WebSocket(url, {
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  })
  const ended: { code?: number; status?: number } = {}
  socket.on('open', () => first !== undefined && socket.send(JSON.stringify(first)))
  socket.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
  socket.on('close', (code) => (ended.code ??= code))
  socket.on('unexpected-response', (_request, response) => {
    ended.status = response.statusCode ?? 0
    ended.code = 0
    socket.terminate()
  })
  socket.on('error', () => undefined)
  const of = (kind: string, conversationId?: string) =>
    frames.filter(
      (frame) =>
        frame.kind === kind && (conversationId === undefined || frame.conversationId === conversationId),
    )
  return {
    socket,
    frames,
    of,
    say: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    /** The newest cursor that it was given. */
    cursor: () => frames.findLast(({ cursor }) => cursor !== undefined)?.cursor,
    async isOpen() {
      await eventually(() => expect(frames.map(({ type }) => type)).toContain('hello'))
    },
    async hears(kind: string, conversationId: string, times = 1) {
      await eventually(() => expect(of(kind, conversationId)).toHaveLength(times))
      return of(kind, conversationId).at(-1)
    },
    async isEnded() {
      return eventually(() => {
        expect(ended.code).toBeDefined()
        return ended
      })
    },
    async close() {
      socket.close()
      await eventually(() => expect(socket.readyState).toBe(WebSocket.CLOSED))
    },
  }
}
