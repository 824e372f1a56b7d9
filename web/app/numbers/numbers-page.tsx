import { Anchor, Badge, Stack, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { NumberLine } from '../api/number-shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { ListTable } from '../ui/list-table.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayNumber } from '../ui/words.ts'
import { QualityBadge } from './quality-badge.tsx'
import { useHealth } from './use-health.ts'

/** The numbers, and how WhatsApp thinks of each. */
export function NumbersPage() {
  const numbers = usePages(['numbers', 'list'], (cursor) =>
    api.get<Page<NumberLine>>('/numbers', { cursor, limit: 50 }),
  )
  return (
    <>
      <PageTitle title="Numbers" />
      <Stack gap="sm">
        <ProblemNotice error={numbers.error} onRetry={() => void numbers.refetch()} />
        {numbers.isPending && <Loading what="numbers" />}
        {numbers.isSuccess && numbers.items.length === 0 && (
          <Empty title="No WhatsApp number yet">
            <Text c="dimmed" ta="center">
              Connect one first: POST /platform/v1/numbers.
            </Text>
          </Empty>
        )}
        {numbers.items.length > 0 && (
          <ListTable label="Numbers">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Number</Table.Th>
                <Table.Th>Quality</Table.Th>
                <Table.Th>People a day</Table.Th>
                <Table.Th visibleFrom="sm" ta="right">
                  Messages a second
                </Table.Th>
                <Table.Th>Stopped</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {numbers.items.map((number) => (
                <NumberRow key={number.id} number={number} />
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={numbers} />
      </Stack>
    </>
  )
}

function NumberRow({ number: { id, displayNumber, messagesPerSecond } }: { number: NumberLine }) {
  const health = useHealth(id).data
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/numbers/${id}`} fw={500} size="sm">
          +{displayNumber}
        </Anchor>
      </Table.Td>
      <Table.Td>{health && <QualityBadge quality={health.quality} />}</Table.Td>
      <Table.Td>
        {health &&
          `${sayNumber(health.reach.used)} of ${health.reach.limit === null ? 'any number' : sayNumber(health.reach.limit)}`}
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        {sayNumber(messagesPerSecond)}
      </Table.Td>
      <Table.Td>
        {health && health.stops.length > 0 ? (
          <Badge variant="light" color="red">
            {health.stops.length}
          </Badge>
        ) : (
          'nothing'
        )}
      </Table.Td>
    </Table.Tr>
  )
}
