import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { applyEvent } from './apply-event.ts'
import { LiveProvider, type Live } from './live-context.ts'
import type { EventFrame } from './live-frames.ts'
import { openLiveSocket, type LiveSocket } from './live-socket.ts'
import { useColleagues } from './use-colleagues.ts'
import { useNotify } from './use-notify.ts'

/** Many events at once are looked at once. */
const gatherMs = 400

/** The app's one socket: what others do is on the screen without asking for it. */
export function LiveConnection({ me, children }: { me: string; children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<Live['state']>('connecting')
  const { colleagues, note } = useColleagues(me)
  const socket = useRef<LiveSocket>(undefined)
  const watched = useRef<string>(undefined)
  const notify = useNotify(me)
  const heard = useRef({ note, notify })
  useEffect(() => {
    heard.current = { note, notify }
  })
  useEffect(() => {
    const refresh = gather(() => void client.invalidateQueries({ queryKey: ['inbox'] }))
    const onEvent = (frame: EventFrame) => {
      applyEvent(client, frame, refresh)
      heard.current.notify(frame)
    }
    const opened = openLiveSocket({
      onState: (next) => {
        if (next === 'refused') void client.invalidateQueries({ queryKey: ['session'] })
        setState((before) => stateAfter(before, next))
        if (next !== 'open') return
        lookAnew(client)
        if (watched.current) opened.send({ type: 'watch', conversationId: watched.current })
      },
      onFrame: (frame) => {
        if (frame.type === 'event') onEvent(frame)
        else if (frame.type === 'reset') lookAnew(client)
        else if ('user' in frame) heard.current.note(frame)
      },
    })
    socket.current = opened
    return () => opened.close()
  }, [client])
  const watch = useCallback((conversationId: string | undefined) => {
    watched.current = conversationId
    socket.current?.send({ type: 'watch', conversationId: conversationId ?? null })
  }, [])
  const tellTyping = useCallback(
    (conversationId: string) => socket.current?.send({ type: 'typing', conversationId }),
    [],
  )
  return <LiveProvider value={{ state, colleagues, watch, tellTyping }}>{children}</LiveProvider>
}

/** Only what was there can be lost. */
function stateAfter(before: Live['state'], next: 'open' | 'lost' | 'refused'): Live['state'] {
  return next === 'open' ? 'open' : before === 'connecting' ? 'connecting' : 'lost'
}

function lookAnew(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['inbox'] })
  void client.invalidateQueries({ queryKey: ['timeline'] })
}

function gather(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined
      act()
    }, gatherMs)
  }
}
