import { Badge, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, type Page } from '../api/client.ts'
import type { Operation } from '../api/operation-shapes.ts'
import { stateColors } from '../journeys/journey-words.ts'
import { Card } from '../ui/card.tsx'
import { OperationProgress } from '../ui/operation-progress.tsx'
import { ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayCount } from '../ui/words.ts'

const kinds: Record<string, string> = {
  resolve: 'Stuck runs resolved',
  cancel: 'Runs ended',
  restart: 'Runs started again',
  release: 'Backlog of a pause let go',
  migrate: 'People moved to another version',
}

/** What was done to many runs lately; what is under way keeps its levers when its dialog is closed. */
export function RecentOperations() {
  const operations = useQuery({
    queryKey: ['recent-operations'],
    queryFn: () => api.get<Page<Operation>>('/bulk-operations', { limit: 5 }),
    refetchInterval: 5_000,
  })
  if (operations.error) return <ProblemNotice error={operations.error} />
  const items = operations.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card title="Done to many at once">
      <Stack gap="sm">
        {items.map(({ id, kind, state, done, total, failed, createdAt, endedAt }) => (
          <div key={id} className="app-group">
            <Group gap="xs">
              <Text size="sm" fw={500}>
                {kinds[kind ?? ''] ?? kind}
              </Text>
              <Badge variant="light" color={stateColors[state]}>
                {state}
              </Badge>
              <Text size="sm" c="dimmed">
                {done} of {sayCount(total, 'run')}
                {failed > 0 && `, ${failed} failed`}, {sayAgo(createdAt)}
              </Text>
            </Group>
            {!endedAt && <OperationProgress id={id} />}
          </div>
        ))}
      </Stack>
    </Card>
  )
}
