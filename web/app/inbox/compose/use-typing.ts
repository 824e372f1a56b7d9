import { useRef } from 'react'
import { api } from '../../api/client.ts'
import { useLive } from '../live/live-context.ts'

const tellEveryMs = 4_000

/** Colleagues see who types, and the chat's journeys wait for a moment while it is for the customer. */
export function useTyping(conversationId: string): (mode: 'reply' | 'note') => void {
  const { tellTyping } = useLive()
  const toldAt = useRef(0)
  return (mode) => {
    if (Date.now() - toldAt.current < tellEveryMs) return
    toldAt.current = Date.now()
    tellTyping(conversationId)
    // Who may only read is told so when sending; that nobody saw the typing is no loss.
    if (mode === 'reply') void api.post(`/conversations/${conversationId}/typing`).catch(() => undefined)
  }
}
