import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'

export function useWabaId(numberId: string): string | undefined {
  return useQuery({
    queryKey: ['numbers', numberId],
    queryFn: () => api.get<{ wabaId: string }>(`/numbers/${numberId}`),
    staleTime: 60_000,
  }).data?.wabaId
}
