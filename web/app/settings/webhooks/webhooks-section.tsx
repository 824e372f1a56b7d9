import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import { usePages } from '../../api/use-pages.ts'
import type { WebhookEndpoint } from '../../api/webhook-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayAgo } from '../../ui/words.ts'
import { Deliveries } from './deliveries.tsx'
import { EndpointDialog } from './endpoint-dialog.tsx'

const key = ['webhook-endpoints']

/** Who is told what happens, and what became of each telling. */
export function WebhooksSection() {
  const [dialog, setDialog] = useState<WebhookEndpoint | 'new'>()
  const [opened, setOpened] = useState<WebhookEndpoint>()
  const client = useQueryClient()
  const endpoints = usePages(key, (cursor) =>
    api.get<Page<WebhookEndpoint>>('/webhook-endpoints', { cursor, limit: 50 }),
  )
  const add = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setDialog('new')}>
      New webhook
    </Button>
  )
  return (
    <>
      <PageTitle title="Webhooks">{endpoints.items.length > 0 && add}</PageTitle>
      <Stack gap="sm">
        <ProblemNotice error={endpoints.error} onRetry={() => void endpoints.refetch()} />
        {endpoints.isPending && <Loading what="webhooks" />}
        {endpoints.isSuccess && endpoints.items.length === 0 && (
          <Empty title="Nobody is told yet">
            <Text c="dimmed" ta="center">
              A webhook posts what happens in the inbox to an address of yours, signed, and tries again for a
              day.
            </Text>
            {add}
          </Empty>
        )}
        {endpoints.items.length > 0 && (
          <ListTable label="Webhooks">
            <Table.Tbody>
              {endpoints.items.map((endpoint) => (
                <EndpointRow
                  key={endpoint.id}
                  endpoint={endpoint}
                  onChange={() => setDialog(endpoint)}
                  onLog={() => setOpened(endpoint)}
                />
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={endpoints} />
        {opened && <Deliveries key={opened.id} endpoint={opened} />}
      </Stack>
      {dialog && (
        <EndpointDialog
          key={dialog === 'new' ? '' : dialog.id}
          endpoint={dialog === 'new' ? undefined : dialog}
          onClose={() => setDialog(undefined)}
          onDone={() => client.invalidateQueries({ queryKey: key })}
        />
      )}
    </>
  )
}

interface RowProps {
  endpoint: WebhookEndpoint
  onChange(): void
  onLog(): void
}

function EndpointRow({ endpoint, onChange, onLog }: RowProps) {
  const { name, url, kinds, form, failingSince, disabledAt, disabledReason } = endpoint
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {name || url}
        </Text>
        <Text size="xs" c="dimmed">
          {name && `${url} · `}
          {kinds.join(', ')}
        </Text>
      </Table.Td>
      <Table.Td>
        {disabledAt ? (
          <Badge variant="light" color="red" title={disabledReason ?? ''}>
            disabled {sayAgo(disabledAt)}
          </Badge>
        ) : (
          failingSince && (
            <Badge variant="light" color="yellow">
              failing since {sayAgo(failingSince)}
            </Badge>
          )
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button size="xs" variant="default" aria-label={`Deliveries to ${name || url}`} onClick={onLog}>
            Deliveries
          </Button>
          {form === 'standard' && (
            <Button size="xs" variant="default" aria-label={`Change ${name || url}`} onClick={onChange}>
              Change
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
