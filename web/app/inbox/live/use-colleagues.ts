import { useCallback, useEffect, useRef, useState } from 'react'
import type { Colleague } from './live-context.ts'
import type { BesideFrame } from './live-frames.ts'

/** Whoever is silent so long types no more, or is gone. */
const typingEndsMs = 8_000
const lookingEndsMs = 50_000

/** Who else is in which conversation, as far as was heard of it lately. */
export function useColleagues(me: string) {
  const [colleagues, setColleagues] = useState<ReadonlyMap<string, Colleague[]>>(new Map())
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  const change = useCallback(
    (conversationId: string, edit: (known: Colleague[]) => Colleague[]) =>
      setColleagues((all) => new Map(all).set(conversationId, edit(all.get(conversationId) ?? []))),
    [],
  )
  const later = useCallback((key: string, afterMs: number, act: () => void) => {
    clearTimeout(timers.current.get(key))
    timers.current.set(key, setTimeout(act, afterMs))
  }, [])
  useEffect(() => {
    const running = timers.current
    return () => running.forEach((timer) => clearTimeout(timer))
  }, [])
  const note = useCallback(
    ({ type, conversationId, user }: BesideFrame) => {
      if (user.id === me) return
      const key = `${conversationId} ${user.id}`
      const put = (isTyping: boolean | undefined) =>
        change(conversationId, (known) => {
          const before = known.find(({ id }) => id === user.id)
          const others = known.filter(({ id }) => id !== user.id)
          return [...others, { ...user, isTyping: isTyping ?? before?.isTyping ?? false }]
        })
      const drop = () => change(conversationId, (known) => known.filter(({ id }) => id !== user.id))
      if (type === 'left') return drop()
      put(type === 'typing' ? true : undefined)
      later(key, lookingEndsMs, drop)
      if (type === 'typing') later(`${key} typing`, typingEndsMs, () => put(false))
    },
    [me, change, later],
  )
  return { colleagues, note }
}
