import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { api } from '../../api/client.ts'
import { useAskingMs } from '../live/live-context.ts'

export type Presence = 'online' | 'away' | 'offline'
export interface OwnPresence {
  /** As it was set, and as it counts. */
  presence: Presence
  state: 'free' | 'away' | 'offline' | 'off-hours' | 'full'
  open: number
  capacity: number | null
}

/** Among the people, so that it is looked at anew when one of them changes. */
const queryKey = ['people', 'presence']
const path = '/users/me/presence'

export function usePresence(): OwnPresence | undefined {
  const refetchInterval = useAskingMs() && 15_000
  return useQuery({ queryKey, queryFn: () => api.get<OwnPresence>(path), refetchInterval }).data
}

export function useSetPresence() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (presence: Presence) => api.put<OwnPresence>(path, { presence }),
    onSuccess: (now) => client.setQueryData(queryKey, now),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
}
