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

/** `takes`: nobody has it, and whoever answers does from then on. */
export type MayWrite = 'yes' | 'takes' | 'no'

/** Whether one may write into a conversation as it is now; the server has the last word. */
export function useMayWrite({ assignee }: Pick<Conversation, 'assignee'>): MayWrite {
  const { me } = useInbox()
  const person = useQuery({
    queryKey: ['people', me],
    queryFn: () => api.get<Person>(`/users/${me}`),
    ...options,
  }).data
  const takesOnAnswer = useTakesOnAnswer()
  const level = person?.permissions.canWriteToChats ?? 'all'
  if (level === 'all') return 'yes'
  if (level === 'none') return 'no'
  if (assignee.user) return assignee.user.id === me ? 'yes' : 'no'
  const isOfMine = person?.groups.some(({ id }) => id === assignee.group?.id) ?? false
  if (level === 'group' && isOfMine) return 'yes'
  return takesOnAnswer && (assignee.group === null || isOfMine) ? 'takes' : 'no'
}

function useTakesOnAnswer(): boolean {
  const { data } = useQuery({
    queryKey: ['inbox-settings'],
    queryFn: () => api.get<{ settings: { assignOnAnswer: boolean } }>('/inbox-settings'),
    ...options,
  })
  return data?.settings.assignOnAnswer ?? true
}
