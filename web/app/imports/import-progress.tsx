import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import type { Import } from '../api/shapes.ts'
import { Card } from '../ui/card.tsx'
import { Counts } from '../ui/counts.tsx'
import { ProblemNotice } from '../ui/states.tsx'
import { sayCount } from '../ui/words.ts'

/** How far it is, what came of it, and the levers that work just now. */
export function ImportProgress({ import_ }: { import_: Import }) {
  const { id, state, dryRun, progress, error } = import_
  const isOver = state === 'checked' || state === 'completed'
  return (
    <Card title={dryRun ? 'Check' : 'Progress'} action={!isOver && <Levers import_={import_} />}>
      <Stack>
        {error && <Alert color="red">{error}</Alert>}
        {!isOver && (
          <Progress value={progress.share * 100} animated={state === 'running'} aria-label="Progress" />
        )}
        <Counts counts={countsOf(import_)} />
        <Group>
          {progress.rejected > 0 && (
            <Anchor href={api.address(`/imports/${id}/rejects`)} download>
              Download what was not taken ({sayCount(progress.rejected, 'row')}), with the reasons
            </Anchor>
          )}
          {state === 'completed' && (
            <Button component={Link} to="/contacts" variant="light">
              See the contacts
            </Button>
          )}
        </Group>
        {state === 'checked' && (
          <Text size="sm">Nothing was stored yet. Start the import below when this looks right.</Text>
        )}
      </Stack>
    </Card>
  )
}

function countsOf({ progress, dryRun }: Import): [string, number, string?][] {
  const counts: [string, number, string?][] = [
    ['rows read', progress.rowsRead],
    [dryRun ? 'would be new' : 'created', progress.created],
    [dryRun ? 'would be updated' : 'updated', progress.updated],
    ['unchanged', progress.unchanged],
    ['skipped', progress.skipped],
    ['doubled in the file', progress.duplicates],
    ['not taken', progress.rejected, 'red'],
  ]
  return counts.filter(([, count], at) => at === 0 || count > 0)
}

function Levers({ import_: { id, state, dryRun } }: { import_: Import }) {
  const client = useQueryClient()
  const hasStopped = state === 'cancelled' || state === 'failed'
  const steer = useMutation({
    mutationFn: (verb: 'pause' | 'resume' | 'cancel' | 'start') =>
      api.post(`/imports/${id}/${verb}`, verb === 'start' ? { dryRun: false } : undefined),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  })
  return (
    <Group gap="xs">
      <ProblemNotice error={steer.error} />
      {state === 'running' && (
        <Button size="xs" variant="default" onClick={() => steer.mutate('pause')}>
          Pause
        </Button>
      )}
      {state === 'paused' && (
        <Button size="xs" onClick={() => steer.mutate('resume')}>
          Go on
        </Button>
      )}
      {hasStopped ? (
        <Button size="xs" onClick={() => steer.mutate('start')}>
          {dryRun ? 'Start the import' : 'Go on where it stopped'}
        </Button>
      ) : (
        <Button size="xs" variant="light" color="red" onClick={() => steer.mutate('cancel')}>
          Cancel
        </Button>
      )}
    </Group>
  )
}
