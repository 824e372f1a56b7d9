import { useQuery } from '@tanstack/react-query'
import { getAll } from '../../api/client.ts'
import type { SavedResponse } from '../../api/inbox-shapes.ts'

export function useSavedResponses(): SavedResponse[] {
  const { data = [] } = useQuery({
    queryKey: ['saved-responses'],
    queryFn: () => getAll<SavedResponse>('/saved-responses'),
    staleTime: 30_000,
  })
  return data
}
