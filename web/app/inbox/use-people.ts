import { useQuery } from '@tanstack/react-query'
import { api, getAll } from '../api/client.ts'
import type { Conversation, Named, Person } from '../api/inbox-shapes.ts'
import { useInbox } from './inbox-context.ts'

const options = { staleTime: 60_000 }

/** Who may be given a conversation. */
export function usePeople(): Person[] {
  const queryFn = () => getAll<Person>('/users')
  const { data = [] } = useQuery({ queryKey: ['people'], queryFn, ...options })
  return data.filter(({ isDeactivated }) => !isDeactivated)
}

export function useTeams(): Named[] {
  const queryFn = () => getAll<Named>('/groups')
  return useQuery({ queryKey: ['teams'], queryFn, ...options }).data ?? []
}

export function useNumbers(): { id: string; displayNumber: string }[] {
  const queryFn = () => getAll<{ id: string; displayNumber: string }>('/numbers')
  return useQuery({ queryKey: ['number-names'], queryFn, ...options }).data ?? []
}

/** Whether one may write into a conversation as it is now; the server has the last word. */
export function useMayWrite({ assignee }: Pick<Conversation, 'assignee'>): boolean {
  const { me } = useInbox()
  const { data } = useQuery({
    queryKey: ['people', me],
    queryFn: () => api.get<Person>(`/users/${me}`),
    ...options,
  })
  const level = data?.permissions.canWriteToChats ?? 'all'
  if (level === 'all' || level === 'none') return level === 'all'
  if (assignee.user?.id === me) return true
  return level === 'group' && data?.groups.some(({ id }) => id === assignee.group?.id) === true
}
