import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import type { Migration } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { OperationProgress } from '../../ui/operation-progress.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayTime } from '../../ui/words.ts'
import { stateColors } from '../journey-words.ts'
import { RollBack } from './roll-back.tsx'

/** Moves of people to other versions: the ones under way with their levers, the others with a way back. */
export function Migrations({ journeyId }: { journeyId: string }) {
  const queryKey = ['journeys', 'migrations', journeyId]
  const migrations = useQuery({
    queryKey,
    queryFn: () => api.get<Page<Migration>>(`/journeys/${journeyId}/migrations`, { limit: 10 }),
    refetchInterval: ({ state: { data } }) => (data?.items.some(({ endedAt }) => !endedAt) ? 1_000 : false),
  })
  const [askedId, setAskedId] = useState<string>()
  const items = migrations.data?.items ?? []
  if (migrations.error) return <ProblemNotice error={migrations.error} />
  if (items.length === 0) return null
  return (
    <Card title="Moves of people">
      <Stack>
        {items.map((migration) => (
          <div key={migration.id} className="app-group">
            <Group justify="space-between" mb={6}>
              <Group gap="xs">
                <Text size="sm" fw={500}>
                  {wordsOf(migration)}
                </Text>
                <Badge variant="light" color={stateColors[migration.state]}>
                  {migration.state}
                </Badge>
                <Text size="xs" c="dimmed">
                  {sayTime(migration.createdAt)}, {sayCount(migration.moved, 'run')} moved
                </Text>
              </Group>
              {migration.endedAt && !migration.rollsBack && !migration.rolledBackBy && (
                <Button size="xs" variant="light" color="red" onClick={() => setAskedId(migration.id)}>
                  Bring them back …
                </Button>
              )}
            </Group>
            {!migration.endedAt && <OperationProgress id={migration.id} />}
            {migration.endedAt && migration.failed > 0 && (
              <Text size="sm" c="red">
                {sayCount(migration.failed, 'run')} could not be moved. {migration.reason}
              </Text>
            )}
          </div>
        ))}
      </Stack>
      {askedId && (
        <RollBack
          path={`/journeys/${journeyId}/migrations/${askedId}`}
          onClose={() => setAskedId(undefined)}
        />
      )}
    </Card>
  )
}

function wordsOf({ toVersion, fromVersions, rollsBack, rolledBackBy }: Migration): string {
  if (rollsBack) return 'Back to where they came from'
  const words = `From ${fromVersions.join(', ') || 'other versions'} to version ${toVersion}`
  return rolledBackBy ? `${words}, taken back` : words
}
