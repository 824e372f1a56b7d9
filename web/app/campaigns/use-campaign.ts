import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Variant } from '../../../src/model/campaign-definition.ts'
import { api, getAll } from '../api/client.ts'
import type { Campaign, CampaignCheck, CampaignKind, Draft, Template } from '../api/campaign-shapes.ts'
import { readDraft } from './read-draft.ts'

export function useCampaign(id: string) {
  return useQuery({
    queryKey: ['campaigns', 'one', id],
    queryFn: () => api.get<Campaign>(`/campaigns/${id}`),
    select: withWholeDraft,
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'draft' || data?.state === 'ended' ? false : 5_000,
  })
}

function withWholeDraft(campaign: Campaign): Campaign {
  return { ...campaign, definition: readDraft(campaign.definition) }
}

/** What it is called, its number, its draft, or several of them; one after the other. */
export function useSaveCampaign(id: string) {
  const client = useQueryClient()
  return useMutation({
    scope: { id: `campaign ${id}` },
    mutationFn: (change: { name?: string; numberId?: string; definition?: Draft }) =>
      api.patch<Campaign>(`/campaigns/${id}`, change),
    onSuccess: async (campaign) => {
      client.setQueryData(['campaigns', 'one', id], campaign)
      await client.invalidateQueries({ queryKey: ['campaigns', 'list'] })
    },
  })
}

/** What is wrong with the draft as it is stored, and what a run of it would be. */
export function useCheck(id: string, savedDraft: Draft) {
  return useQuery({
    queryKey: ['campaigns', 'check', id, savedDraft],
    queryFn: () => api.post<CampaignCheck>(`/campaigns/${id}/check`),
    placeholderData: (previous) => previous,
    staleTime: 30_000,
  })
}

/** Every language of every template that the workspace has. */
export function useTemplates() {
  return useQuery({
    queryKey: ['templates', 'all'],
    queryFn: () => getAll<Template>('/templates', {}, 20),
    staleTime: 30_000,
  })
}

/** What a campaign of a kind begins with. */
export function startDraft(kind: CampaignKind): Draft {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const from = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T10:00:00`
  return {
    audience: { include: [], exclude: [] },
    variants: [startVariant('A')],
    ...(kind === 'recurring' && {
      schedule: {
        ...{ kind: 'recurring', timeZone, overlap: 'skip' },
        rule: { kind: 'rrule', rrule: 'FREQ=WEEKLY;BYDAY=MO', from },
      },
    }),
    ...((kind === 'triggered' || kind === 'drip') && { trigger: { type: 'custom-event', event: '' } }),
  }
}

export function startVariant(id: string): Variant {
  return { id, weight: 1, message: { kind: 'template', name: '', values: {} } }
}
