import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api, ApiProblem } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import { useSaveJourney } from '../use-journey.ts'

type Edition = Pick<Journey, 'draft' | 'revision'>

/** What was to be saved, and who was faster. */
export interface Conflict {
  changedBy: string | null
  changedAt: string | null
}

/**
 * Every change is stored at once; what was there before can be had back. What is edited stays the edition that was opened
 * until it is saved or loaded anew: somebody else's is neither overwritten nor put under one's hands unseen.
 */
export function useEdits(journey: Journey) {
  const client = useQueryClient()
  const [base, setBase] = useState<Edition>(journey)
  const [past, setPast] = useState<JsonObject[]>([])
  const [refused, setRefused] = useState<{ draft: JsonObject; onSaved?: (() => void) | undefined }>()
  const store = useSaveJourney(journey.id)
  const put = (draft: JsonObject, over: Edition, pasts: JsonObject[], onSaved?: () => void) =>
    store.mutate(
      { draft, revision: over.revision },
      {
        onSuccess: (saved) => {
          setBase(saved)
          setPast(pasts.slice(-50))
          setRefused(undefined)
          onSaved?.()
        },
        onError: () => setRefused({ draft, onSaved }),
      },
    )
  const theirs = () =>
    client.fetchQuery({
      queryKey: ['journeys', 'one', journey.id],
      queryFn: () => api.get<Journey>(`/journeys/${journey.id}`),
      staleTime: 0,
    })
  const reload = async () => {
    setBase(await theirs())
    setPast([])
    setRefused(undefined)
    store.reset()
  }
  const overwrite = async () => {
    const over = await theirs()
    if (refused) put(refused.draft, over, [...past, over.draft], refused.onSaved)
  }
  const before = past.at(-1)
  const conflict = conflictOf(store.error)
  return {
    draft: base.draft,
    save: (draft: JsonObject, onSaved?: () => void) => put(draft, base, [...past, base.draft], onSaved),
    undo: before && (() => put(before, base, past.slice(0, -1))),
    error: conflict ? null : store.error,
    conflict,
    /** Somebody else saved while this edition was open. */
    isOutdated: journey.revision > base.revision,
    reload,
    overwrite,
    isSaving: store.isPending,
  }
}

function conflictOf(error: unknown): Conflict | undefined {
  if (!(error instanceof ApiProblem) || error.code !== 'conflict') return undefined
  const { changedBy, changedAt } = error.details
  return {
    changedBy: typeof changedBy === 'string' ? changedBy : null,
    changedAt: typeof changedAt === 'string' ? changedAt : null,
  }
}
