import { Badge, Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll, type Page } from '../../api/client.ts'
import type { AuditEntry, User } from '../../api/people-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'

/** Who changed what. */
export function AuditSection() {
  const [actor, setActor] = useState<string | null>(null)
  const users = useQuery({ queryKey: ['users', 'all'], queryFn: () => getAll<User>('/users') })
  const entries = usePages(['audit', actor], (cursor) =>
    api.get<Page<AuditEntry>>('/audit', { cursor, actor: actor ?? undefined, limit: 50 }),
  )
  return (
    <>
      <PageTitle title="Log of changes">
        <Button component="a" href={api.address('/audit/export')} variant="default" download>
          Download as CSV
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <Select
          label="Who"
          placeholder="everybody"
          clearable
          searchable
          data={(users.data ?? []).map(({ id, name }) => ({ value: `user ${id}`, label: name }))}
          value={actor}
          onChange={setActor}
          maw={320}
        />
        <ProblemNotice error={entries.error} onRetry={() => void entries.refetch()} />
        {entries.isPending && <Loading what="the log" />}
        {entries.isSuccess && entries.items.length === 0 && <Empty title="Nothing of that kind" />}
        {entries.items.length > 0 && (
          <ListTable label="Log of changes">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th visibleFrom="sm">From</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.items.map((entry) => (
                <EntryRow key={entry.id} entry={entry} />
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={entries} />
      </Stack>
    </>
  )
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  const { at, actorName, action, fields, status, address } = entry
  return (
    <Table.Tr>
      <Table.Td>{sayTime(at)}</Table.Td>
      <Table.Td>{actorName ?? 'somebody unknown'}</Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm">{action}</Text>
          {status >= 400 && (
            <Badge variant="light" color="red">
              refused
            </Badge>
          )}
        </Group>
        {fields.length > 0 && (
          <Text size="xs" c="dimmed">
            {fields.join(', ')}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">{address}</Table.Td>
    </Table.Tr>
  )
}
