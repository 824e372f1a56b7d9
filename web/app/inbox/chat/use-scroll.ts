import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Nearer than this to the end one is at the end. */
const nearPx = 80

interface Ends {
  /** The uppermost entry. */
  first: string | undefined
  /** The lowest. */
  last: string | undefined
  /** What a link points at. */
  pointed: string | undefined
  /** Whether the lowest was just written here: one wants to see it. */
  isOwn: boolean
}

/** Stays at the end while one is there, and where one is while earlier ones are put above. */
export function useScroll({ first, last, pointed, isOwn }: Ends) {
  const ref = useRef<HTMLDivElement>(null)
  const before = useRef({ first, last, height: 0, top: 0, isNear: true, pointed: '' })
  const [isAway, setAway] = useState(false)
  const [isNews, setNews] = useState(false)
  const toEnd = useCallback(() => {
    const box = ref.current
    if (box) box.scrollTop = box.scrollHeight
    setNews(false)
  }, [])
  const onScroll = () => {
    const box = ref.current
    if (!box) return
    const { top, isNear: wasNear } = before.current
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx
    // A picture that has just come pushes the end away: only who scrolls up leaves it.
    const isNear = isAtEnd || (wasNear && box.scrollTop >= top - 1)
    before.current = { ...before.current, top: box.scrollTop, height: box.scrollHeight, isNear }
    setAway(!isNear)
    if (isNear) setNews(false)
  }
  useLayoutEffect(() => {
    const box = ref.current
    if (!box || last === undefined) return
    const { first: oldFirst, last: oldLast, height, top, isNear, pointed: oldPointed } = before.current
    const target = pointed ? document.getElementById(`message-${pointed}`) : null
    if (target && oldPointed !== pointed) {
      target.scrollIntoView({ block: 'center' })
      before.current.pointed = pointed ?? ''
    } else if (oldFirst !== first && oldLast === last) box.scrollTop = top + box.scrollHeight - height
    else if (isNear || (isOwn && oldLast !== last)) box.scrollTop = box.scrollHeight
    else if (oldLast !== last) setNews(true)
    before.current = { ...before.current, first, last, height: box.scrollHeight, top: box.scrollTop }
  }, [first, last, pointed, isOwn])
  useEffect(() => stayAtEnd(ref.current, () => before.current.isNear), [])
  return { ref, onScroll, toEnd, isAway, isNews }
}

/** Pictures and films grow when they are there. */
function stayAtEnd(box: HTMLElement | null, isNear: () => boolean): (() => void) | undefined {
  const inside = box?.firstElementChild
  if (!box || !inside) return undefined
  const observer = new ResizeObserver(() => {
    if (isNear()) box.scrollTop = box.scrollHeight
  })
  observer.observe(inside)
  observer.observe(box)
  return () => observer.disconnect()
}
