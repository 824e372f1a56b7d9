import { Button, Modal, Select, SimpleGrid, Stack, Table, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import type { CustomRole } from '../../api/people-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Empty, fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'

interface Permissions {
  areas: { area: string; title: string }[]
  levels: string[]
}

const levelWords: Record<string, string> = {
  none: 'nothing',
  read: 'look',
  write: 'look and change',
  manage: 'everything',
}

/** Roles of the workspace's own: what somebody may, area by area. */
export function RolesSection() {
  const [dialog, setDialog] = useState<CustomRole | 'new'>()
  const roles = usePages(['roles', 'list'], (cursor) =>
    api.get<Page<CustomRole>>('/roles', { cursor, limit: 50 }),
  )
  const { data: permissions } = useQuery({
    queryKey: ['permissions'],
    queryFn: () => api.get<Permissions>('/permissions'),
  })
  const add = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setDialog('new')}>
      New role
    </Button>
  )
  return (
    <>
      <PageTitle title="Roles">{roles.items.length > 0 && add}</PageTitle>
      <Stack gap="sm">
        <ProblemNotice error={roles.error} onRetry={() => void roles.refetch()} />
        {roles.isPending && <Loading what="roles" />}
        {roles.isSuccess && roles.items.length === 0 && (
          <Empty title="No roles of your own yet">
            <Text c="dimmed" ta="center">
              Admins may everything, agents everything but what is for admins, programs only the inbox. A role
              of your own narrows that, area by area.
            </Text>
            {add}
          </Empty>
        )}
        {roles.items.length > 0 && <RoleTable roles={roles.items} onOpen={setDialog} />}
        <MoreButton pages={roles} />
      </Stack>
      {dialog && permissions && (
        <RoleDialog
          key={dialog === 'new' ? '' : dialog.id}
          role={dialog === 'new' ? undefined : dialog}
          permissions={permissions}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}

interface DialogProps {
  role: CustomRole | undefined
  permissions: Permissions
  onClose(): void
}

function RoleDialog({ role, permissions, onClose }: DialogProps) {
  const [wish, setWish] = useState({
    ...{ name: role?.name ?? '', description: role?.description ?? '' },
    levels: role?.levels ?? { inbox: 'write' },
  })
  const client = useQueryClient()
  const onSuccess = async () => {
    await client.invalidateQueries({ queryKey: ['roles'] })
    onClose()
  }
  const save = useMutation({
    mutationFn: () => (role ? api.patch(`/roles/${role.id}`, wish) : api.post('/roles', wish)),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => api.delete(`/roles/${role?.id}`), onSuccess })
  return (
    <Modal opened onClose={onClose} title={role ? role.name : 'New role'} size="lg">
      <Stack>
        <TextInput
          label="Name"
          required
          value={wish.name}
          error={fieldProblem(save.error, 'name')}
          onChange={(event) => setWish({ ...wish, name: event.currentTarget.value })}
        />
        <Textarea
          label="What it is for"
          autosize
          value={wish.description}
          error={fieldProblem(save.error, 'description')}
          onChange={(event) => setWish({ ...wish, description: event.currentTarget.value })}
        />
        <LevelFields
          permissions={permissions}
          value={wish.levels}
          onChange={(levels) => setWish({ ...wish, levels })}
          error={save.error}
        />
        <ProblemNotice error={save.error ?? remove.error} />
        <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose}>
          {role && (
            <ConfirmButton
              label="Delete"
              question={`Delete the role ${role.name}?`}
              words="Only a role that nobody has can go."
              loading={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  )
}

function RoleTable({ roles, onOpen }: { roles: CustomRole[]; onOpen(role: CustomRole): void }) {
  return (
    <ListTable label="Roles">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>People</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {roles.map((role) => (
          <Table.Tr key={role.id}>
            <Table.Td>
              <Text size="sm" fw={500}>
                {role.name}
              </Text>
              <Text size="xs" c="dimmed">
                {role.description}
              </Text>
            </Table.Td>
            <Table.Td>{role.userCount}</Table.Td>
            <Table.Td ta="right">
              <Button
                size="xs"
                variant="default"
                aria-label={`Change ${role.name}`}
                onClick={() => onOpen(role)}
              >
                Change
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}

interface LevelProps {
  permissions: Permissions
  value: Record<string, string>
  onChange(value: Record<string, string>): void
  error: unknown
}

function LevelFields({ permissions, value, onChange, error }: LevelProps) {
  const choices = permissions.levels.map((level) => ({ value: level, label: levelWords[level] ?? level }))
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {permissions.areas.map(({ area, title }) => (
        <Select
          key={area}
          label={title}
          allowDeselect={false}
          data={choices}
          value={value[area] ?? 'none'}
          error={fieldProblem(error, `levels.${area}`)}
          onChange={(level) => onChange({ ...value, [area]: level ?? 'none' })}
        />
      ))}
    </SimpleGrid>
  )
}
