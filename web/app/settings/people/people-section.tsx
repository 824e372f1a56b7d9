import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import type { User } from '../../api/people-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { Icon } from '../../ui/icon.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayAgo } from '../../ui/words.ts'
import { AddUser } from './add-user.tsx'
import { roleWords, scopeWords } from './people-words.ts'
import { UserDialog } from './user-dialog.tsx'

/** Who works here, and which programs do. */
export function PeopleSection() {
  const [search, setSearch] = useState('')
  const [dialog, setDialog] = useState<User | 'new'>()
  const people = usePages(['users', 'list', search], (cursor) =>
    api.get<Page<User>>('/users', { cursor, search, limit: 50 }),
  )
  const close = () => setDialog(undefined)
  return (
    <>
      <PageTitle title="People">
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setDialog('new')}>
          Add somebody
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <Group>
          <SearchInput
            label="Search people"
            placeholder="Name or email"
            value={search}
            onChange={setSearch}
          />
        </Group>
        <ProblemNotice error={people.error} onRetry={() => void people.refetch()} />
        {people.isPending && <Loading what="people" />}
        {people.isSuccess && people.items.length === 0 && <Empty title="Nobody is called like that" />}
        {people.items.length > 0 && (
          <ListTable label="People">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th visibleFrom="sm">Teams</Table.Th>
                <Table.Th visibleFrom="md">Reads, writes to</Table.Th>
                <Table.Th visibleFrom="sm">Last seen</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.items.map((user) => (
                <PersonRow key={user.id} user={user} onOpen={() => setDialog(user)} />
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={people} />
      </Stack>
      {dialog === 'new' && <AddUser onClose={close} />}
      {dialog && dialog !== 'new' && <UserDialog key={dialog.id} user={dialog} onClose={close} />}
    </>
  )
}

function PersonRow({ user, onOpen }: { user: User; onOpen(): void }) {
  const { name, username, role, groups, permissions, lastSeenAt } = user
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        {name !== username && (
          <Text size="xs" c="dimmed">
            {username}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          <Badge variant="light">{roleWords[role]}</Badge>
          <StateBadge user={user} />
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        {groups
          .filter(({ system }) => system === null)
          .map((group) => group.name)
          .join(', ')}
      </Table.Td>
      <Table.Td visibleFrom="md">
        {scopeWords[permissions.canReadChats]}, {scopeWords[permissions.canWriteToChats]}
      </Table.Td>
      <Table.Td visibleFrom="sm">{lastSeenAt === null ? 'never' : sayAgo(lastSeenAt)}</Table.Td>
      <Table.Td ta="right">
        <Button size="xs" variant="default" aria-label={`Change ${name}`} onClick={onOpen}>
          Change
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

function StateBadge({ user: { isActive, isDeactivated } }: { user: User }) {
  if (isDeactivated)
    return (
      <Badge variant="light" color="gray">
        deactivated
      </Badge>
    )
  if (isActive) return null
  return (
    <Badge variant="light" color="yellow">
      invited
    </Badge>
  )
}
