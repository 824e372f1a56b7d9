import type { Response } from 'express'

const HEARTBEAT_MS = 15_000

export type SandboxEvent = { type: 'chat' | 'typing'; phone: string; phoneNumberId: string }
export type Events = ReturnType<typeof createEvents>

/**
 * Server-sent events for the page: which chat changed, not how, so that the page reads the chat itself.
 * Nobody listening costs nothing; a burst is folded to one event a chat and 50 ms.
 */
export function createEvents() {
  const listeners = new Set<Response>()
  const waiting = new Map<string, SandboxEvent>()
  let timer: NodeJS.Timeout | undefined

  function flush() {
    timer = undefined
    const text = [...waiting.values()].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
    waiting.clear()
    for (const listener of listeners) listener.write(text)
  }

  return {
    emit(event: SandboxEvent) {
      if (listeners.size === 0) return
      waiting.set(`${event.type} ${event.phone} ${event.phoneNumberId}`, event)
      timer ??= setTimeout(flush, 50)
    },
    listen(response: Response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(': hello\n\n')
      const beat = setInterval(() => response.write(': beat\n\n'), HEARTBEAT_MS)
      listeners.add(response)
      response.on('close', () => {
        clearInterval(beat)
        listeners.delete(response)
      })
    },
    close() {
      clearTimeout(timer)
      for (const listener of listeners) listener.end()
    },
  }
}
