import { useDebouncedCallback } from '@mantine/hooks'
import { useRef, useState } from 'react'
import type { Campaign, Draft } from '../../api/campaign-shapes.ts'
import { useSaveCampaign } from '../use-campaign.ts'

/** The draft as it is edited. It is stored by itself a moment after the last change, or when one leaves the page. */
export function useDraft(campaign: Campaign) {
  const [draft, setDraft] = useState(campaign.definition)
  const [stored, setStored] = useState(campaign.definition)
  const latest = useRef(draft)
  const { mutate, error, isPending } = useSaveCampaign(campaign.id)
  const save = useDebouncedCallback(
    () => {
      const given = latest.current
      mutate({ definition: given }, { onSuccess: () => setStored(given) })
    },
    { delay: 600, flushOnUnmount: true },
  )
  const change = (part: Partial<Draft>) => {
    latest.current = { ...latest.current, ...part }
    setDraft(latest.current)
    save()
  }
  return { draft, stored, error, isSaved: draft === stored && !isPending, change }
}
