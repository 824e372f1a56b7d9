import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import type { Run } from '../api/journey-shapes.ts'
import { inFlowOrder } from '../journeys/flow/edit-draft.ts'
import { useVersion } from '../journeys/use-journey.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { ResolutionFields } from './resolution-fields.tsx'
import { toOrder, type Resolution } from './resolution.ts'

/** What helps in the state that the run is in. */
export function RunActions({ run }: { run: Run }) {
  const [dialog, setDialog] = useState<'resolve' | 'restart'>()
  const client = useQueryClient()
  const steer = useMutation({
    mutationFn: (verb: 'pause' | 'resume' | 'cancel') => api.post(`/runs/${run.id}/${verb}`),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs', run.id] }),
  })
  const isOver = run.endedAt !== null
  return (
    <Group gap="xs">
      {run.state === 'stuck' && <Button onClick={() => setDialog('resolve')}>Resolve …</Button>}
      {(run.state === 'waiting' || run.state === 'running') && (
        <Button variant="default" onClick={() => steer.mutate('pause')}>
          Pause
        </Button>
      )}
      {run.state === 'paused' && <Button onClick={() => steer.mutate('resume')}>Go on</Button>}
      {(isOver || run.state === 'stuck') && (
        <Button variant="default" onClick={() => setDialog('restart')}>
          Start again …
        </Button>
      )}
      {!isOver && (
        <Button variant="light" color="red" onClick={() => steer.mutate('cancel')}>
          Exit
        </Button>
      )}
      {dialog === 'resolve' && <ResolveDialog run={run} onClose={() => setDialog(undefined)} />}
      {dialog === 'restart' && <RestartDialog run={run} onClose={() => setDialog(undefined)} />}
    </Group>
  )
}

interface DialogProps {
  run: Run
  onClose(): void
}

function useCards(run: Run): string[] {
  const version = useVersion(run.journeyId, run.version)
  return version.data ? inFlowOrder(version.data.definition) : []
}

function ResolveDialog({ run, onClose }: DialogProps) {
  const [resolution, setResolution] = useState<Resolution>({ action: 'retry' })
  const cards = useCards(run)
  const client = useQueryClient()
  const resolve = useMutation({
    mutationFn: () => api.post(`/runs/${run.id}/resolve`, toOrder(resolution)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['runs'] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="How does it go on?">
      <Stack>
        <ResolutionFields
          journeyId={run.journeyId}
          version={run.version}
          cardId={run.cardId ?? ''}
          cards={cards}
          value={resolution}
          onChange={setResolution}
          error={resolve.error}
        />
        <ProblemNotice error={resolve.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={resolve.isPending} onClick={() => resolve.mutate()}>
            Resolve
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** A new run of the same lineage: what was sent is not sent again. */
function RestartDialog({ run, onClose }: DialogProps) {
  const [cardId, setCardId] = useState(run.cardId)
  const cards = useCards(run)
  const navigate = useNavigate()
  const restart = useMutation({
    mutationFn: () => api.post<Run>(`/runs/${run.id}/restart`, { cardId }),
    onSuccess: async ({ id }) => {
      onClose()
      await navigate(`/runs/${id}`)
    },
  })
  return (
    <Modal opened onClose={onClose} title="Start it again">
      <Stack>
        <Select
          label="From this card"
          description="A message that was sent already is not sent again"
          searchable
          data={cards}
          value={cardId}
          error={fieldProblem(restart.error, 'cardId')}
          onChange={setCardId}
        />
        <ProblemNotice error={restart.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!cardId} loading={restart.isPending} onClick={() => restart.mutate()}>
            Start again
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
