import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { TimelinePage } from '../../api/inbox-shapes.ts'
import { useAskingMs } from '../live/live-context.ts'
import { mergeEntries, type Entry } from './entries.ts'
import { readEntries } from './read-entries.ts'

/** A stretch of a conversation, the oldest first. */
interface Timeline {
  entries: Entry[]
  older: string | null
  /** Null: it reaches to now. */
  newer: string | null
}

const pageSize = 40
const keyOf = (conversationId: string, around?: string) => ['timeline', conversationId, around ?? null]

/** @param around the message that a link points at: the stretch begins about there */
export function useTimeline(conversationId: string, around: string | undefined) {
  const client = useQueryClient()
  const [loading, setLoading] = useState<'older' | 'newer'>()
  const queryKey = keyOf(conversationId, around)
  const query = useQuery({
    queryKey,
    queryFn: async (): Promise<Timeline> => {
      const first = readPage(await fetchPage(conversationId, around ? { around } : {}))
      const known = client.getQueryData<Timeline>(queryKey)
      // What was scrolled back to stays.
      if (!known || around || !overlaps(known, first)) return first
      return { ...known, entries: mergeEntries(known.entries, first.entries) }
    },
    refetchInterval: useAskingMs(),
    staleTime: 2_000,
  })
  const load = async (way: 'older' | 'newer') => {
    const cursor = query.data?.[way]
    if (!cursor || loading) return
    setLoading(way)
    try {
      const page = readPage(await fetchPage(conversationId, way === 'older' ? { cursor } : { after: cursor }))
      client.setQueryData<Timeline>(
        queryKey,
        (known) =>
          known && { ...known, entries: mergeEntries(known.entries, page.entries), [way]: page[way] },
      )
    } finally {
      setLoading(undefined)
    }
  }
  return { ...query, loading, load }
}

/** Something is new, or different: the newest stretch is looked at again. */
export function refreshTimeline(client: QueryClient, conversationId: string): void {
  void client.invalidateQueries({ queryKey: ['timeline', conversationId] })
}

/** What is known of it already need not be asked for. */
export function putEntries(client: QueryClient, conversationId: string, entries: Entry[]): void {
  client.setQueriesData<Timeline>({ queryKey: ['timeline', conversationId] }, (known) => {
    if (!known) return known
    // A stretch of long ago takes up only what it has already.
    const fitting = known.newer === null ? entries : entries.filter((entry) => has(known, entry))
    return { ...known, entries: mergeEntries(known.entries, fitting) }
  })
}

function has(known: Timeline, entry: Entry): boolean {
  return known.entries.some(({ kind, id }) => kind === entry.kind && id === entry.id)
}

function overlaps(known: Timeline, page: Timeline): boolean {
  return page.older === null || page.entries.some((entry) => has(known, entry))
}

function fetchPage(conversationId: string, query: Record<string, string>): Promise<TimelinePage> {
  return api.get<TimelinePage>(`/conversations/${conversationId}/messages`, {
    ...{ include: 'events,notes', limit: pageSize },
    ...query,
  })
}

function readPage(page: TimelinePage): Timeline {
  return { entries: readEntries(page), older: page.nextCursor, newer: page.newerThan }
}
