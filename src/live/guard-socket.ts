import type { WebSocket } from 'ws'
import type { Deps } from '../deps.ts'

/** A socket whose other end cannot hurt us: it is cut when it does not listen, does not answer or says too much. */
export interface Guarded {
  send: (frame: string | Buffer) => void
  /** One listener at a time: the last one. What came before there was one waits for it. */
  onMessage(listener: (text: string) => void): void
  onClose(listener: () => void): void
  /** Resolves when it has ended. */
  end(code: number, reason: string, withinMs: number): Promise<void>
}

/** What one may be behind for a while, of a screen's events some thousand, and what it may never be. */
const muchBufferedBytes = 1_000_000
const behindForMs = 5_000
const maximumBufferedBytes = 32_000_000
const heartbeatMs = 25_000
/** Somebody who types and clicks through chats stays below. */
const burst = 60
const aSecond = 15
const maximumWaiting = 10

export function guardSocket({ log }: Pick<Deps, 'log'>, socket: WebSocket): Guarded {
  const isTooFarBehind = watchBuffer(socket)
  const cut = (why: string) => {
    log.info({ why, buffered: socket.bufferedAmount }, 'a socket is cut')
    socket.terminate()
  }
  const inbox = keepMessages(socket, () => {
    log.info({ why: 'it says too much' }, 'a socket is cut')
    socket.close(1008, 'too many messages')
    // It goes on talking: nothing of that is read.
    socket.pause()
    setTimeout(() => socket.terminate(), 1_000).unref()
  })
  let isAlive = true
  const heartbeat = setInterval(() => {
    if (!isAlive || isTooFarBehind()) return cut('it does not answer')
    isAlive = false
    socket.ping()
  }, heartbeatMs).unref()
  const hearLife = () => {
    isAlive = true
  }
  socket.on('pong', hearLife)
  socket.on('message', hearLife)
  socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'))
  socket.once('close', () => clearInterval(heartbeat))
  return {
    onMessage: inbox.onMessage,
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      if (isTooFarBehind()) return cut('it does not keep up')
      socket.send(frame, { binary: false })
    },
    onClose(onClosed) {
      if (socket.readyState === socket.CLOSED) onClosed()
      else socket.once('close', onClosed)
    },
    async end(code, reason, withinMs) {
      if (socket.readyState === socket.CLOSED) return
      const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      socket.close(code, reason)
      const impatience = setTimeout(() => socket.terminate(), withinMs)
      await ended
      clearTimeout(impatience)
    },
  }
}

/** A burst is more than a line takes in a moment; one that does not read has it in front of it for long. */
function watchBuffer(socket: WebSocket): () => boolean {
  let behindSinceMs: number | undefined
  return () => {
    const { bufferedAmount } = socket
    if (bufferedAmount > maximumBufferedBytes) return true
    if (bufferedAmount <= muchBufferedBytes) behindSinceMs = undefined
    else behindSinceMs ??= Date.now()
    return behindSinceMs !== undefined && Date.now() - behindSinceMs > behindForMs
  }
}

function keepMessages(socket: WebSocket, onTooMany: () => void): Pick<Guarded, 'onMessage'> {
  let listener: ((text: string) => void) | undefined
  let waiting: string[] = []
  let credit = burst
  let creditedAtMs = Date.now()
  socket.on('message', (data) => {
    const nowMs = Date.now()
    credit = Math.min(burst, credit + ((nowMs - creditedAtMs) / 1_000) * aSecond) - 1
    creditedAtMs = nowMs
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : ''
    if (credit < 0 || waiting.length >= maximumWaiting) onTooMany()
    else if (listener) listener(text)
    else waiting.push(text)
  })
  return {
    onMessage(next) {
      listener = next
      const before = waiting
      waiting = []
      for (const text of before) next(text)
    },
  }
}
