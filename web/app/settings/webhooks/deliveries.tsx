import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import { usePages } from '../../api/use-pages.ts'
import type { WebhookDelivery, WebhookEndpoint } from '../../api/webhook-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'

const colors = { pending: 'yellow', delivered: 'teal', failed: 'red' }
const day = 24 * 60 * 60_000

/** What one webhook was told, and how it answered. */
export function Deliveries({ endpoint }: { endpoint: WebhookEndpoint }) {
  const client = useQueryClient()
  const path = `/webhook-endpoints/${endpoint.id}`
  const key = ['webhook-deliveries', endpoint.id]
  const deliveries = usePages(key, (cursor) =>
    api.get<Page<WebhookDelivery>>(`${path}/deliveries`, { cursor, limit: 50 }),
  )
  const act = useMutation({
    mutationFn: ([action, body]: [string, object?]) => api.post(`${path}${action}`, body),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: key })
      await client.invalidateQueries({ queryKey: ['webhook-endpoints'] })
    },
  })
  const since = () => ({ since: new Date(Date.now() - day).toISOString() })
  return (
    <Card
      title={`Deliveries to ${endpoint.name || endpoint.url}`}
      action={
        <Group gap="xs">
          <Button size="xs" variant="default" loading={act.isPending} onClick={() => act.mutate(['/test'])}>
            Send a ping
          </Button>
          <Button size="xs" variant="default" onClick={() => act.mutate(['/replay', since()])}>
            Send again what failed in a day
          </Button>
          {endpoint.disabledAt && (
            <Button size="xs" onClick={() => act.mutate(['/enable'])}>
              Enable it again
            </Button>
          )}
        </Group>
      }
    >
      <Stack gap="xs">
        <ProblemNotice error={deliveries.error ?? act.error} />
        {deliveries.isSuccess && deliveries.items.length === 0 && <Text size="sm">Nothing yet.</Text>}
        {deliveries.items.length > 0 && (
          <ListTable label="Deliveries">
            <Table.Tbody>
              {deliveries.items.map((delivery) => (
                <DeliveryRow
                  key={delivery.id}
                  delivery={delivery}
                  onReplay={() => act.mutate([`/deliveries/${delivery.id}/replay`])}
                />
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={deliveries} />
      </Stack>
    </Card>
  )
}

function DeliveryRow({ delivery, onReplay }: { delivery: WebhookDelivery; onReplay(): void }) {
  const { kind, state, attempts, nextAt, status, error, createdAt } = delivery
  return (
    <Table.Tr>
      <Table.Td>{sayTime(createdAt)}</Table.Td>
      <Table.Td>{kind}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={colors[state]}>
          {state}
        </Badge>
        <Text size="xs" c="dimmed">
          {attempts} {attempts === 1 ? 'attempt' : 'attempts'}
          {status !== null && ` · ${status}`}
          {error && ` · ${error}`}
          {state === 'pending' && nextAt && ` · again ${sayTime(nextAt)}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Button size="xs" variant="default" onClick={onReplay}>
          Send again
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}
