import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import type { Journey, VersionLine } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'
import { useVersions } from '../use-journey.ts'
import { DiffView } from './diff-view.tsx'
import { Migrations } from './migrations.tsx'
import { PublishPanel } from './publish-panel.tsx'
import { WhoStandsWhere } from './who-stands-where.tsx'

/** What is published, what a publish would change, and whom it would move. */
export function VersionsTab({ journey }: { journey: Journey }) {
  const versions = useVersions(journey.id)
  if (versions.isPending) return <Loading what="the versions" />
  if (versions.error) return <ProblemNotice error={versions.error} onRetry={() => void versions.refetch()} />
  return (
    <Stack>
      <PublishPanel journey={journey} latest={versions.data[0]?.number} />
      <Migrations journeyId={journey.id} />
      {versions.data.length > 0 && (
        <>
          <WhoStandsWhere journeyId={journey.id} />
          <VersionList journey={journey} versions={versions.data} />
        </>
      )}
    </Stack>
  )
}

function VersionList({ journey, versions }: { journey: Journey; versions: VersionLine[] }) {
  const [compared, setCompared] = useState<number>()
  return (
    <Card title="Versions">
      <Table aria-label="Versions" verticalSpacing={6}>
        <Table.Tbody>
          {versions.map(({ id, number, publishedAt, overridden }, at) => {
            const before = versions[at + 1]?.number
            return (
              <Table.Tr key={id}>
                <Table.Td>
                  <Group gap="xs">
                    <Text size="sm" fw={500}>
                      Version {number}
                    </Text>
                    {id === journey.publishedVersionId && (
                      <Badge variant="light" color="teal">
                        published
                      </Badge>
                    )}
                  </Group>
                  <Text size="xs" c="dimmed">
                    {sayTime(publishedAt)}
                  </Text>
                  {overridden && (
                    <Text size="xs" c="red">
                      against its assertions: {overridden.reason}
                    </Text>
                  )}
                  {compared === number && before !== undefined && (
                    <DiffView journeyId={journey.id} from={String(before)} to={String(number)} />
                  )}
                </Table.Td>
                <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
                  {before !== undefined && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-expanded={compared === number}
                      onClick={() => setCompared(compared === number ? undefined : number)}
                    >
                      {compared === number ? 'Close' : `What changed since ${before}`}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
