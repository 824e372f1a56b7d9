import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import type { StuckGroup } from '../api/journey-shapes.ts'
import type { BulkPreview, Operation } from '../api/operation-shapes.ts'
import { PaceFields, paceOf, usualPace, type Pace } from '../forms/pace-fields.tsx'
import { inFlowOrder } from '../journeys/flow/edit-draft.ts'
import { useVersion } from '../journeys/use-journey.ts'
import { ResolutionFields } from '../runs/resolution-fields.tsx'
import { toOrder, type Resolution } from '../runs/resolution.ts'
import { OperationProgress } from '../ui/operation-progress.tsx'
import { ProblemNotice } from '../ui/states.tsx'
import { sayCount } from '../ui/words.ts'
import { PreviewCard } from './preview-card.tsx'

/** All runs of a group at once: decided, looked at, then done at a rate, with its progress. */
export function ResolveMany({ group, onClose }: { group: StuckGroup; onClose(): void }) {
  const [resolution, setResolution] = useState<Resolution>({ action: 'retry' })
  const [pace, setPace] = useState<Pace>(usualPace)
  const version = useVersion(group.journeyId, group.version)
  const { journeyId, versionId, cardId, errorCode } = group
  const request = {
    kind: 'resolve',
    selection: { journeyId, versionId, ...(cardId && { cardId }), ...(errorCode && { errorCode }) },
    order: toOrder(resolution),
    ...paceOf(pace),
  }
  const preview = useMutation({
    mutationFn: () => api.post<BulkPreview>('/bulk-operations/preview', request),
  })
  const start = useMutation({ mutationFn: () => api.post<Operation>('/bulk-operations', request) })
  const decide = (decided: Resolution) => {
    setResolution(decided)
    preview.reset()
  }
  return (
    <Modal opened onClose={onClose} size="lg" title={`${group.journeyName}: ${cardId}, ${errorCode}`}>
      {start.data ? (
        <Stack>
          <OperationProgress id={start.data.id} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <ResolutionFields
            journeyId={journeyId}
            version={group.version}
            cardId={cardId}
            cards={version.data ? inFlowOrder(version.data.definition) : []}
            value={resolution}
            onChange={decide}
            error={preview.error ?? start.error}
          />
          <PaceFields value={pace} onChange={setPace} error={preview.error ?? start.error} />
          <ProblemNotice error={preview.error ?? start.error} />
          {preview.data && <PreviewCard preview={preview.data} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="light" loading={preview.isPending} onClick={() => preview.mutate()}>
              See what would happen
            </Button>
            <Button disabled={!preview.data} loading={start.isPending} onClick={() => start.mutate()}>
              Resolve {sayCount(preview.data?.count ?? group.count, 'run')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
