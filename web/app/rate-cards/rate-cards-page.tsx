import { Anchor, Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { api, type Page } from '../api/client.ts'
import { usePages } from '../api/use-pages.ts'
import { Icon } from '../ui/icon.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayTime } from '../ui/words.ts'
import type { RateCard } from './rate-card.ts'

/** What messages cost: WhatsApp has no API that tells, so that somebody enters it. */
export function RateCardsPage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const cards = usePages(['rate-cards', 'list'], (cursor) =>
    api.get<Page<RateCard>>('/rate-cards', { cursor, limit: 50 }),
  )
  const example = useMutation({
    mutationFn: () => api.post<RateCard>('/rate-cards/example'),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['rate-cards'] })
      await navigate(`/rate-cards/${id}`)
    },
  })
  const levers = (
    <Group gap="xs">
      <Button variant="default" loading={example.isPending} onClick={() => example.mutate()}>
        Enter an example
      </Button>
      <Button component={Link} to="/rate-cards/new" leftSection={<Icon name="plus" size={16} />}>
        New rate card
      </Button>
    </Group>
  )
  return (
    <>
      <PageTitle title="Rate cards">{cards.items.length > 0 && levers}</PageTitle>
      <Stack gap="sm">
        <ProblemNotice error={cards.error} onRetry={() => void cards.refetch()} />
        <ProblemNotice error={example.error} />
        {cards.isPending && <Loading what="rate cards" />}
        {cards.items.length > 0 && <CardTable cards={cards.items} />}
        {cards.isSuccess && cards.items.length === 0 && (
          <Empty title="No rate cards yet">
            <Text c="dimmed" ta="center">
              A rate card says what messages cost from a day on, by country and category. Simulations and
              campaigns go by the one with the latest beginning.
            </Text>
            {levers}
          </Empty>
        )}
        <MoreButton pages={cards} />
      </Stack>
    </>
  )
}

function CardTable({ cards }: { cards: RateCard[] }) {
  return (
    <ListTable label="Rate cards">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Valid</Table.Th>
          <Table.Th>Prices</Table.Th>
          <Table.Th visibleFrom="sm">Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cards.map(({ id, name, example, effectiveFrom, effectiveUntil, currency, rates, updatedAt }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Group gap="xs">
                <Anchor component={Link} to={`/rate-cards/${id}`} fw={500} size="sm">
                  {name}
                </Anchor>
                {example && (
                  <Badge variant="light" color="yellow">
                    made up
                  </Badge>
                )}
              </Group>
            </Table.Td>
            <Table.Td>
              from {sayTime(effectiveFrom)}
              {effectiveUntil && ` until ${sayTime(effectiveUntil)}`}
            </Table.Td>
            <Table.Td>
              {rates.length} in {currency}
            </Table.Td>
            <Table.Td visibleFrom="sm">{sayAgo(updatedAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}
