import { keepPreviousData, useInfiniteQuery, type QueryKey } from '@tanstack/react-query'
import type { Page } from './client.ts'

/** A list that is read a page at a time; what was found before stays while a new search is under way. */
export function usePages<P extends Page<unknown>>(
  queryKey: QueryKey,
  fetchPage: (cursor: string | undefined) => Promise<P>,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  })
  const pages = query.data?.pages ?? []
  return { ...query, first: pages[0], items: pages.flatMap(({ items }) => items) as P['items'] }
}
