import { useQuery } from '@tanstack/react-query'
import { api, getAll } from '../../api/client.ts'
import type { IconName } from '../../ui/icon.tsx'
import { useAskingMs } from '../live/live-context.ts'
import type { Filter } from '../use-place.ts'

/** The views that everybody has. */
export const ownViews: { id: string; title: string; icon: IconName }[] = [
  { id: 'all', title: 'All', icon: 'inbox' },
  { id: 'mine', title: 'Mine', icon: 'user' },
  { id: 'unassigned', title: 'Unassigned', icon: 'hand' },
  { id: 'unread', title: 'Unread', icon: 'bell' },
  { id: 'mentions', title: 'Mentions', icon: 'note' },
  { id: 'snoozed', title: 'Snoozed', icon: 'clock' },
  { id: 'closed', title: 'Closed', icon: 'check' },
  { id: 'spam', title: 'Spam', icon: 'stop' },
]

export interface InboxView {
  id: string
  name: string
  shared: boolean
  mine: boolean
  query: Partial<Omit<Filter, 'view'>>
}
/** How many each view holds, by its id. */
type Counts = Record<string, number>

export function useSavedViews(): InboxView[] {
  const { data = [] } = useQuery({
    queryKey: ['inbox', 'views'],
    queryFn: () => getAll<InboxView>('/inbox-views'),
    staleTime: 30_000,
  })
  return data
}

export function useCounts(): Counts {
  const refetchInterval = useAskingMs()
  const { data } = useQuery({
    queryKey: ['inbox', 'counts'],
    queryFn: async (): Promise<Counts> => {
      const { views } = await api.get<{ views: { view: string; count: number }[] }>('/conversations/counts')
      return Object.fromEntries(views.map(({ view, count }) => [view, count]))
    },
    refetchInterval,
  })
  return data ?? {}
}
