import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../../../src/model/json.ts'
import { api, getAll } from '../api/client.ts'
import type { CardType, Journey, Judged, ReportCard, Version, VersionLine } from '../api/journey-shapes.ts'
import type { Hold } from '../api/operation-shapes.ts'

export function useJourney(id: string) {
  return useQuery({ queryKey: ['journeys', 'one', id], queryFn: () => api.get<Journey>(`/journeys/${id}`) })
}

/** What the journey is called, or its draft: of the given revision, else a conflict says who was faster. */
export function useSaveJourney(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: { name?: string; draft?: JsonObject; revision?: number }) =>
      api.patch<Journey>(`/journeys/${id}`, change),
    onSuccess: async (journey) => {
      client.setQueryData(['journeys', 'one', id], journey)
      await client.invalidateQueries({ queryKey: ['journeys', 'list'] })
      await client.invalidateQueries({ queryKey: ['journeys', 'diff', id] })
    },
  })
}

/** What is wrong with a definition, and the ways out of its cards. */
export function useJudged(id: string, draft: JsonObject | undefined) {
  return useQuery({
    queryKey: ['journeys', 'judged', id, draft],
    queryFn: () => api.post<Judged>(`/journeys/${id}/validate`, { draft }),
    enabled: draft !== undefined,
    placeholderData: keepPreviousData,
  })
}

export function useCardTypes(): CardType[] {
  const queryFn = () => api.get<{ items: CardType[] }>('/cards')
  return useQuery({ queryKey: ['card-types'], queryFn, staleTime: Infinity }).data?.items ?? []
}

/** Newest first. */
export function useVersions(id: string) {
  return useQuery({
    queryKey: ['journeys', 'versions', id],
    queryFn: () => getAll<VersionLine>(`/journeys/${id}/versions`),
  })
}

export function useVersion(id: string, number: number | undefined) {
  return useQuery({
    queryKey: ['journeys', 'version', id, number],
    queryFn: () => api.get<Version>(`/journeys/${id}/versions/${number}`),
    enabled: number !== undefined,
    staleTime: Infinity,
  })
}

export function useCardReport(id: string, version: number | undefined) {
  const queryFn = () => getAll<ReportCard>(`/journeys/${id}/report/cards`, { version })
  return useQuery({
    queryKey: ['journeys', 'report', id, 'cards', version],
    queryFn,
    refetchInterval: 10_000,
  })
}

/** Pauses and emergency stops that hold the journey now: its own, its number's and the workspace's. */
export function useHolds({ id, numberId }: Pick<Journey, 'id' | 'numberId'>) {
  return useQuery({
    queryKey: ['journeys', 'holds', id],
    queryFn: async () => {
      const active = { active: 'true' }
      const [pauses, stops] = await Promise.all([
        getAll<Hold>('/pauses', active),
        getAll<Hold>('/emergency-stop', active),
      ])
      return [...pauses, ...stops].filter(
        ({ scope, scopeId }) =>
          scope === 'workspace' ||
          (scope === 'number' && scopeId === numberId) ||
          (scope === 'journey' && scopeId === id),
      )
    },
  })
}
