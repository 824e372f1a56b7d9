import { useQuery } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import type { Person } from '../../api/inbox-shapes.ts'
import { useAskingMs } from '../live/live-context.ts'

interface QueuedChat {
  conversationId: string
  waitsFor: { kind: 'team' | 'agents' | 'anybody'; names: string[] }
}
/** Nobody counts further than the first page. */
export const mostCounted = 200

/** How many of those who wait one could take. */
export function useWaiting(me: string): number {
  const refetchInterval = useAskingMs()
  const queue = useQuery({
    queryKey: ['inbox', 'queue'],
    queryFn: () => api.get<Page<QueuedChat>>('/queue', { limit: mostCounted }),
    refetchInterval: refetchInterval && 10_000,
  })
  const person = useQuery({
    queryKey: ['people', me],
    queryFn: () => api.get<Person>(`/users/${me}`),
    staleTime: 60_000,
  }).data
  if (!person) return 0
  const names = { team: person.groups.map(({ name }) => name), agents: [person.username] }
  const isForMe = ({ waitsFor }: QueuedChat) =>
    waitsFor.kind === 'anybody' || names[waitsFor.kind].some((name) => waitsFor.names.includes(name))
  return (queue.data?.items ?? []).filter(isForMe).length
}
