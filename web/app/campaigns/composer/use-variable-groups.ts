import { useQuery } from '@tanstack/react-query'
import { getAll } from '../../api/client.ts'

export interface VariableGroup {
  id: string
  ref: string
  name: string
  fields: string[]
}

/** Uploaded lists and the answers of earlier campaigns. */
export function useVariableGroups() {
  return useQuery({
    queryKey: ['variable-groups'],
    queryFn: () => getAll<VariableGroup>('/variable-groups'),
    staleTime: 10_000,
  })
}
