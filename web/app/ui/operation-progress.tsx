import { Alert, Badge, Button, Group, Progress, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { Operation } from '../api/operation-shapes.ts'
import { stateColors } from '../journeys/journey-words.ts'
import { Counts } from './counts.tsx'
import { Loading, ProblemNotice } from './states.tsx'

/** How far a bulk operation is, with its levers; a migration and the end of a pause are operations, too. */
export function OperationProgress({ id }: { id: string }) {
  const client = useQueryClient()
  const operation = useOperation(id)
  const steer = useMutation({
    mutationFn: (verb: 'pause' | 'resume' | 'cancel') => api.post(`/bulk-operations/${id}/${verb}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['operations', id] }),
  })
  if (operation.isPending) return <Loading what="the operation" />
  if (operation.error) return <ProblemNotice error={operation.error} />
  const { state, total, done, skipped, failed, reason, canary, endedAt } = operation.data
  const settled = done + skipped + failed
  return (
    <Stack gap="sm" component="section" aria-label="Progress">
      <Group gap="xs">
        <Badge variant="light" color={stateColors[state]}>
          {state}
        </Badge>
        {canary && (
          <Badge variant="light">{canary.passed ? 'the first few did well' : 'the first few'}</Badge>
        )}
      </Group>
      <Progress
        value={total === 0 ? (endedAt ? 100 : 0) : (settled / total) * 100}
        animated={!endedAt && state !== 'paused'}
        aria-label="How far it is"
      />
      <Counts
        counts={[
          ['in all', total],
          ['done', done],
          ['nothing to do', skipped],
          ['failed', failed, failed > 0 ? 'red' : undefined],
        ]}
      />
      {reason && <Alert color="red">{reason}</Alert>}
      <ProblemNotice error={steer.error} />
      {!endedAt && (
        <Group gap="xs">
          {state === 'paused' ? (
            <Button size="xs" onClick={() => steer.mutate('resume')}>
              Go on
            </Button>
          ) : (
            <Button size="xs" variant="default" onClick={() => steer.mutate('pause')}>
              Hold
            </Button>
          )}
          <Button size="xs" variant="light" color="red" onClick={() => steer.mutate('cancel')}>
            Cancel the rest
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function useOperation(id: string) {
  const client = useQueryClient()
  return useQuery({
    queryKey: ['operations', id],
    queryFn: async () => {
      const found = await api.get<Operation>(`/bulk-operations/${id}`)
      // What it has done by now shows elsewhere on the screen.
      if (found.endedAt)
        void client.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[0] !== 'operations' && queryKey[0] !== 'session',
        })
      return found
    },
    refetchInterval: ({ state: { data } }) => (data?.endedAt ? false : 1_000),
  })
}
