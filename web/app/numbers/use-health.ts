import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { NumberHealth } from '../api/number-shapes.ts'

/** How WhatsApp sees a number, and what stands still on it. */
export function useHealth(id: string | undefined) {
  return useQuery({
    queryKey: ['numbers', 'health', id],
    queryFn: () => api.get<NumberHealth>(`/numbers/${id}/health`),
    enabled: id !== undefined,
    refetchInterval: 10_000,
  })
}
