import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { useAskingMs } from '../live/live-context.ts'
import type { Filter } from '../use-place.ts'

export function useConversations(filter: Filter) {
  const refetchInterval = useAskingMs()
  const query = useInfiniteQuery({
    queryKey: ['inbox', 'list', filter],
    queryFn: ({ pageParam }) =>
      api.get<Page<Conversation>>('/conversations', {
        ...{ ...filter, view: filter.view === 'all' ? undefined : filter.view },
        ...{ cursor: pageParam, limit: 30 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval,
  })
  return { ...query, items: unique(query.data?.pages.flatMap(({ items }) => items) ?? []) }
}

/** A conversation that moves up while pages are read may be on two of them. */
function unique(items: Conversation[]): Conversation[] {
  return [...new Map(items.map((item) => [item.id, item])).values()]
}
