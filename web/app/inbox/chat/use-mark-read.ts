import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'

/** Whoever looks at the end of a conversation has read it; in a hidden tab nobody looks. */
export function useMarkRead({ id, unread, isUnread }: Conversation, isAtEnd: boolean): void {
  const client = useQueryClient()
  const isSeen = useIsSeen()
  const { mutate } = useMutation({
    mutationFn: () => api.post(`/conversations/${id}/read`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
  // "Mark as unread" holds while one stays: only what comes, or coming here, makes it read.
  useEffect(() => {
    if (isSeen && isAtEnd && isUnread && unread > 0) mutate()
    // eslint-disable-next-line react/exhaustive-deps
  }, [id, unread, isSeen, isAtEnd])
}

function useIsSeen(): boolean {
  const [isSeen, setSeen] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setSeen(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isSeen
}
