import { useEffect, useRef, type RefObject } from 'react'
import type { Conversation } from '../api/inbox-shapes.ts'
import type { ChatDialog } from './inbox-context.ts'
import { useDeed, type Deed } from './use-deeds.ts'
import type { Place } from './use-place.ts'

interface Given {
  place: Place
  items: Conversation[]
  conversation: Conversation | undefined
  chosen: string[]
  setChosen(ids: string[]): void
  setDialog(dialog: ChatDialog | 'help'): void
  toggleSide(): void
  searchRef: RefObject<HTMLInputElement | null>
  inputRef: RefObject<HTMLTextAreaElement | null>
  modeRef: RefObject<((mode: 'reply' | 'note') => void) | null>
}

/** What single keys do while nobody writes and nothing lies above the inbox. */
export function useKeys(given: Given): void {
  const deed = useDeed()
  const press = keysOf(given, (id, chosen) => deed.mutate({ ids: [id], deed: chosen }))
  const latest = useRef(press)
  useEffect(() => {
    latest.current = press
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (isTakenByOthers(event.target)) return
      const act = latest.current[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function keysOf(given: Given, act: (id: string, deed: Deed) => void): Record<string, () => void> {
  const { place, items, conversation, chosen, setChosen, setDialog } = given
  const step = (by: number) => {
    const at = items.findIndex(({ id }) => id === place.conversationId)
    const next = items[at === -1 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))]
    if (next) place.open(next.id)
  }
  const write = (mode: 'reply' | 'note') => {
    given.modeRef.current?.(mode)
    requestAnimationFrame(() => given.inputRef.current?.focus())
  }
  const always = {
    j: () => step(1),
    k: () => step(-1),
    '/': () => given.searchRef.current?.focus(),
    '?': () => setDialog('help'),
    Escape: () => (chosen.length > 0 ? setChosen([]) : place.open(null)),
  }
  if (!conversation) return always
  const { id, status } = conversation
  return {
    ...always,
    Enter: () => write('reply'),
    r: () => write('reply'),
    n: () => write('note'),
    e: () => act(id, { type: 'status', status: status === 'closed' ? 'open' : 'closed' }),
    a: () => setDialog('assign'),
    s: () => setDialog('snooze'),
    l: () => setDialog('label'),
    u: () => act(id, { type: 'unread' }),
    i: () => given.toggleSide(),
    x: () => setChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]),
  }
}

/** Inputs, buttons under Enter, and whatever lies above the page. */
function isTakenByOthers(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog], [role=menu]')) return true
  if (!(target instanceof HTMLElement)) return false
  return target.closest('input, textarea, select, [contenteditable], button, summary, audio, video') !== null
}
