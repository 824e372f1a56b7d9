import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getAll } from '../../api/client.ts'
import type { Occupancy } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayAgo, sayNumber } from '../../ui/words.ts'

export function useOccupancy(journeyId: string) {
  return useQuery({
    queryKey: ['journeys', 'occupancy', journeyId],
    queryFn: () => getAll<Occupancy>(`/journeys/${journeyId}/occupancy`),
    refetchInterval: 10_000,
  })
}

/** People inside, by version and card. */
export function WhoStandsWhere({ journeyId }: { journeyId: string }) {
  const occupancy = useOccupancy(journeyId)
  return (
    <Card title="Who stands where">
      <ProblemNotice error={occupancy.error} />
      {occupancy.isPending && <Loading what="who stands where" />}
      {occupancy.data?.length === 0 && <Text c="dimmed">Nobody is inside.</Text>}
      {occupancy.data && occupancy.data.length > 0 && (
        <Table.ScrollContainer minWidth={480} type="native">
          <Table aria-label="Who stands where" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Card</Table.Th>
                <Table.Th>Version</Table.Th>
                <Table.Th ta="right">Inside</Table.Th>
                <Table.Th ta="right">Waiting</Table.Th>
                <Table.Th ta="right">Paused</Table.Th>
                <Table.Th ta="right">Stuck</Table.Th>
                <Table.Th>First goes on</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {occupancy.data.map(({ version, card, inside, waiting, paused, stuck, nextDueAt }) => (
                <Table.Tr key={`${version} ${card}`}>
                  <Table.Td>{card}</Table.Td>
                  <Table.Td>{version}</Table.Td>
                  {[inside, waiting, paused, stuck].map((count, at) => (
                    <Table.Td key={at} ta="right">
                      {sayNumber(count)}
                    </Table.Td>
                  ))}
                  <Table.Td>{nextDueAt ? sayAgo(nextDueAt) : '–'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  )
}
