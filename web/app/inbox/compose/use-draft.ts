import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../api/client.ts'

export interface DraftContent {
  mode: 'reply' | 'note'
  text: string
  /** What it answers. */
  replyTo: string | null
}
const blank: DraftContent = { mode: 'reply', text: '', replyTo: null }
const saveAfterMs = 800

/** What one has begun to write is there again, on another machine too. */
export function useDraft(conversationId: string) {
  const client = useQueryClient()
  const queryKey = ['draft', conversationId]
  const path = `/conversations/${conversationId}/draft`
  const stored = useQuery({
    queryKey,
    queryFn: () => fetchDraft(path),
    staleTime: 60_000,
  })
  const [typed, setTyped] = useState<DraftContent>()
  const unsaved = useRef<DraftContent>(undefined)
  const [isLost, setLost] = useState(false)
  const save = () => {
    const content = unsaved.current
    if (!content) return
    unsaved.current = undefined
    client.setQueryData(queryKey, content)
    const isBlank = content.text === '' && content.replyTo === null && content.mode === 'reply'
    void (isBlank ? api.delete(path) : api.putAtLast(path, { content })).then(
      () => setLost(false),
      () => setLost(true),
    )
  }
  const saver = useRef(save)
  useEffect(() => {
    saver.current = save
  })
  useEffect(() => {
    if (!typed) return undefined
    const timer = setTimeout(() => saver.current(), saveAfterMs)
    return () => clearTimeout(timer)
  }, [typed])
  useEffect(() => {
    const saveNow = () => saver.current()
    addEventListener('pagehide', saveNow)
    return () => {
      removeEventListener('pagehide', saveNow)
      saveNow()
    }
  }, [])
  const draft = typed ?? stored.data ?? blank
  const change = (part: Partial<DraftContent>) => {
    unsaved.current = { ...draft, ...part }
    setTyped(unsaved.current)
  }
  const clear = () => {
    change(blank)
    saver.current()
  }
  return { draft, change, clear, isLost, isReady: !stored.isPending }
}

async function fetchDraft(path: string): Promise<DraftContent> {
  const { draft } = await api.get<{ draft: { content: Partial<DraftContent> } | null }>(path)
  return { ...blank, ...draft?.content }
}
