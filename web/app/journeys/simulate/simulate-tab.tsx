import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import type { SimulationLine } from '../../api/simulation-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { useSegmentNames } from '../../api/vocabulary.ts'
import { Card } from '../../ui/card.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayAgo, sayCount } from '../../ui/words.ts'
import { Assertions } from './assertions.tsx'
import { SimulationForm } from './simulation-form.tsx'
import { SimulationView } from './simulation-view.tsx'

/** The journey tried out on an audience, in seconds instead of months. Nothing is sent and nobody is changed. */
export function SimulateTab({ journey }: { journey: Journey }) {
  const [shownId, setShownId] = useState<string>()
  const simulations = usePages(['journeys', 'simulations', journey.id], (cursor) =>
    api.get<Page<SimulationLine>>(`/journeys/${journey.id}/simulations`, { cursor, limit: 10 }),
  )
  const shown = shownId ?? simulations.items[0]?.id
  return (
    <Stack>
      <SimulationForm journey={journey} onStarted={setShownId} />
      <ProblemNotice error={simulations.error} onRetry={() => void simulations.refetch()} />
      {simulations.isPending && <Loading what="simulations" />}
      {simulations.isSuccess && !shown && (
        <Empty title="Nothing was simulated yet">
          <Text c="dimmed" ta="center">
            Choose an audience above: you see who gets where, what is sent when, what it costs and what goes
            wrong, before anybody gets anything.
          </Text>
        </Empty>
      )}
      {shown && <SimulationView key={shown} journey={journey} id={shown} />}
      {simulations.items.length > 1 && (
        <Card title="Simulations">
          <SimulationList items={simulations.items} shownId={shown} onShow={setShownId} />
          <MoreButton pages={simulations} />
        </Card>
      )}
      <Assertions journey={journey} />
    </Stack>
  )
}

interface ListProps {
  items: SimulationLine[]
  shownId: string | undefined
  onShow(id: string): void
}

function SimulationList({ items, shownId, onShow }: ListProps) {
  const segments = useSegmentNames()
  return (
    <Table aria-label="Simulations" verticalSpacing={6}>
      <Table.Tbody>
        {items.map(({ id, version, audience, contacts, state, createdAt }) => (
          <Table.Tr key={id}>
            <Table.Td>
              {version === null ? 'Draft' : `Version ${version}`},{' '}
              {audience.kind === 'segment'
                ? (segments.find((each) => each.id === audience.segmentId)?.name ?? 'a segment')
                : 'made-up contacts'}
              <Text size="xs" c="dimmed">
                {sayCount(contacts, 'contact')}, {state}, {sayAgo(createdAt)}
              </Text>
            </Table.Td>
            <Table.Td>
              <Group justify="flex-end">
                <Button size="xs" variant="default" disabled={id === shownId} onClick={() => onShow(id)}>
                  {id === shownId ? 'Shown' : 'Show'}
                </Button>
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
