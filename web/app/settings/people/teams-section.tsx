import { Badge, Button, Group, Modal, MultiSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll, type Page } from '../../api/client.ts'
import type { OwnPermissions, Team, User } from '../../api/people-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'
import { scopeWords } from './people-words.ts'
import { PermissionFields } from './standing-fields.tsx'

/** Chats are given to teams, and what their members may is said there. */
export function TeamsSection() {
  const [dialog, setDialog] = useState<Team | 'new'>()
  const teams = usePages(['groups', 'list'], (cursor) =>
    api.get<Page<Team>>('/groups', { cursor, limit: 50 }),
  )
  return (
    <>
      <PageTitle title="Teams">
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setDialog('new')}>
          New team
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <ProblemNotice error={teams.error} onRetry={() => void teams.refetch()} />
        {teams.isPending && <Loading what="teams" />}
        {teams.items.length > 0 && (
          <ListTable label="Teams">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Members</Table.Th>
                <Table.Th visibleFrom="sm">Its members read, write to</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {teams.items.map((team) => (
                <TeamRow key={team.id} team={team} onOpen={() => setDialog(team)} />
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={teams} />
      </Stack>
      {dialog && (
        <TeamDialog
          key={dialog === 'new' ? '' : dialog.id}
          team={dialog === 'new' ? undefined : dialog}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}

function TeamRow({ team, onOpen }: { team: Team; onOpen(): void }) {
  const { name, system, memberCount, canReadChats, canWriteToChats } = team
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {name}
          </Text>
          {system && (
            <Badge variant="light" color="gray">
              follows a role
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{memberCount}</Table.Td>
      <Table.Td visibleFrom="sm">
        {[canReadChats, canWriteToChats]
          .map((scope) => (scope === null ? 'as the role says' : scopeWords[scope]))
          .join(', ')}
      </Table.Td>
      <Table.Td ta="right">
        <Button size="xs" variant="default" aria-label={`Change ${name}`} onClick={onOpen}>
          Change
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

const silent: OwnPermissions = { canReadChats: null, canWriteToChats: null, canUseTags: null }

function TeamDialog({ team, onClose }: { team: Team | undefined; onClose(): void }) {
  const [name, setName] = useState(team?.name ?? '')
  const { canReadChats, canWriteToChats, canUseTags } = team ?? silent
  const [permissions, setPermissions] = useState({ canReadChats, canWriteToChats, canUseTags })
  const client = useQueryClient()
  const done = async () => {
    await client.invalidateQueries({ queryKey: ['groups'] })
    await client.invalidateQueries({ queryKey: ['users'] })
    onClose()
  }
  const isOwn = team?.system === null || team === undefined
  const save = useMutation({
    mutationFn: () => {
      const wish = { ...permissions, ...(isOwn && { name }) }
      return team ? api.patch(`/groups/${team.id}`, wish) : api.post('/groups', wish)
    },
    onSuccess: done,
  })
  const remove = useMutation({
    mutationFn: () => api.delete(`/groups/${team?.id}`),
    onSuccess: done,
  })
  return (
    <Modal opened onClose={onClose} title={team ? team.name : 'New team'} size="lg">
      <Stack>
        <TextInput
          label="Name"
          required
          disabled={!isOwn}
          value={name}
          error={fieldProblem(save.error, 'name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PermissionFields value={permissions} onChange={setPermissions} follows="as the role says" />
        {team && isOwn && <Members team={team} />}
        <ProblemNotice error={save.error ?? remove.error} />
        <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose}>
          {team && isOwn && (
            <ConfirmButton
              label="Delete"
              question={`Delete the team ${team.name}?`}
              words="Its chats are nobody’s again, and rules that name it go with it."
              loading={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  )
}

/** Each is put in or taken out at once. */
function Members({ team }: { team: Team }) {
  const client = useQueryClient()
  const everybody = useQuery({ queryKey: ['users', 'all'], queryFn: () => getAll<User>('/users') })
  const members = (everybody.data ?? [])
    .filter(({ groups }) => groups.some(({ id }) => id === team.id))
    .map(({ id }) => id)
  const move = useMutation({
    mutationFn: async (wished: string[]) => {
      for (const id of wished.filter((each) => !members.includes(each)))
        await api.put(`/groups/${team.id}/members/${id}`, {})
      for (const id of members.filter((each) => !wished.includes(each)))
        await api.delete(`/groups/${team.id}/members/${id}`)
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['users'] })
      await client.invalidateQueries({ queryKey: ['groups'] })
    },
  })
  return (
    <>
      <MultiSelect
        label="Members"
        searchable
        disabled={everybody.isPending || move.isPending}
        data={(everybody.data ?? [])
          .filter(({ isDeactivated }) => !isDeactivated)
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={members}
        onChange={(wished) => move.mutate(wished)}
      />
      <ProblemNotice error={move.error} />
    </>
  )
}
