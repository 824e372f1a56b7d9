import { readFrame, type Frame } from './live-frames.ts'

interface Handlers {
  onFrame(frame: Frame): void
  /** `refused`: nobody is signed in any more. */
  onState(state: 'open' | 'lost' | 'refused'): void
}
export interface LiveSocket {
  send(frame: object): void
  close(): void
}

const firstWaitMs = 500
const longestWaitMs = 15_000
/** What the server closes with where it knows no session. */
const signedOut = 4001
/** An event may come twice after a reconnect; so many are remembered. */
const remembered = 5_000

/** Keeps one socket open for as long as the app is, and resumes where it was lost. */
export function openLiveSocket({ onFrame, onState }: Handlers): LiveSocket {
  let socket: WebSocket | undefined
  let cursor: string | undefined
  let tries = 0
  let isClosed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const seen = new Set<string>()
  const isNew = (frame: Frame): boolean => {
    if (frame.type !== 'event') return true
    const seq = String(frame.seq)
    if (seen.has(seq)) return false
    seen.add(seq)
    if (seen.size > remembered) seen.delete(seen.values().next().value ?? '')
    return true
  }
  const connect = () => {
    const since = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
    socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/platform/v1/live${since}`)
    socket.onmessage = ({ data }) => {
      const frame = readFrame(data)
      if (!frame) return
      if (frame.type === 'hello') {
        tries = 0
        onState('open')
      }
      if (frame.type === 'hello' || frame.type === 'cursor') cursor = frame.cursor
      if (frame.type === 'reset') cursor = undefined
      if (isNew(frame)) onFrame(frame)
    }
    socket.onclose = ({ code }) => {
      if (isClosed) return
      onState(code === signedOut ? 'refused' : 'lost')
      // Not all at once when a server comes back.
      const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** tries++) * (0.5 + Math.random() / 2)
      timer = setTimeout(connect, waitMs)
    }
  }
  const connectNow = () => {
    if (isClosed || socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING)
      return
    clearTimeout(timer)
    connect()
  }
  addEventListener('online', connectNow)
  connect()
  return {
    send: (frame) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
      removeEventListener('online', connectNow)
      socket?.close()
    },
  }
}
