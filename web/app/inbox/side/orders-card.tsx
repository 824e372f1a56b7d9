import { Badge, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { sayAgo, sayCount, sayName, sayTime } from '../../ui/words.ts'

interface Order {
  id: string
  status: string
  items: number
  totalText: string | null
  placedAt: string
}
const mostShown = 5

/** What the customer ordered last; nothing where there is nothing. */
export function OrdersCard({ contactId }: { contactId: string }) {
  const { data } = useQuery({
    queryKey: ['contact', contactId, 'orders'],
    queryFn: () => api.get<Page<Order>>('/orders', { contactId, limit: mostShown }),
  })
  if (!data || data.items.length === 0) return null
  return (
    <Card title="Orders">
      <Stack gap={6}>
        {data.items.map(({ id, status, items, totalText, placedAt }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <Text size="sm">
              {totalText ?? sayCount(items, 'piece')}{' '}
              <Text span size="xs" c="dimmed" title={sayTime(placedAt)}>
                {sayAgo(placedAt)}
              </Text>
            </Text>
            <Badge variant="light" color="gray">
              {sayName(status)}
            </Badge>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
