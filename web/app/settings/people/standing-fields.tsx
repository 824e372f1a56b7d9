import { MultiSelect, Select, SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getAll } from '../../api/client.ts'
import type { ChatScope, CustomRole, OwnPermissions, Team, UserRole } from '../../api/people-shapes.ts'
import { fieldProblem } from '../../ui/states.tsx'
import { roleWords, scopeChoices } from './people-words.ts'

/** What somebody is here, and what follows from it. */
export interface Standing {
  role: UserRole
  roleId: string | null
  groupIds: string[]
  permissions: OwnPermissions
}
export const ordinary: Standing = {
  ...{ role: 'user', roleId: null, groupIds: [] },
  permissions: { canReadChats: null, canWriteToChats: null, canUseTags: null },
}

interface Props {
  value: Standing
  onChange(value: Standing): void
  error: unknown
}

export function StandingFields({ value, onChange, error }: Props) {
  const roles = useQuery({ queryKey: ['roles', 'all'], queryFn: () => getAll<CustomRole>('/roles') })
  const teams = useQuery({ queryKey: ['groups', 'all'], queryFn: () => getAll<Team>('/groups') })
  const set = (part: Partial<Standing>) => onChange({ ...value, ...part })
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Role"
          allowDeselect={false}
          data={Object.entries(roleWords).map(([role, label]) => ({ value: role, label }))}
          value={value.role}
          error={fieldProblem(error, 'role')}
          onChange={(role) => set({ role: (role ?? 'user') as UserRole, roleId: null })}
        />
        <Select
          label="Narrowed to"
          description="a role of your own"
          clearable
          disabled={value.role === 'admin'}
          placeholder="nothing"
          data={(roles.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={value.roleId}
          error={fieldProblem(error, 'roleId')}
          onChange={(roleId) => set({ roleId })}
        />
      </SimpleGrid>
      <MultiSelect
        label="Teams"
        searchable
        data={(teams.data ?? [])
          .filter(({ system }) => system === null)
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={value.groupIds}
        error={fieldProblem(error, 'groupIds')}
        onChange={(groupIds) => set({ groupIds })}
      />
      <PermissionFields
        value={value.permissions}
        onChange={(permissions) => set({ permissions })}
        follows="as the teams and the role say"
      />
    </>
  )
}

interface PermissionProps {
  value: OwnPermissions
  onChange(value: OwnPermissions): void
  /** What counts where nothing is chosen. */
  follows: string
}

export function PermissionFields({ value, onChange, follows }: PermissionProps) {
  const common = { clearable: true, placeholder: follows }
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <Select
        {...common}
        label="Reads"
        data={scopeChoices}
        value={value.canReadChats}
        onChange={(scope) => onChange({ ...value, canReadChats: scope as ChatScope | null })}
      />
      <Select
        {...common}
        label="Writes to"
        data={scopeChoices}
        value={value.canWriteToChats}
        onChange={(scope) => onChange({ ...value, canWriteToChats: scope as ChatScope | null })}
      />
      <Select
        {...common}
        label="Uses tags"
        data={['yes', 'no']}
        value={value.canUseTags === null ? null : value.canUseTags ? 'yes' : 'no'}
        onChange={(given) => onChange({ ...value, canUseTags: given === null ? null : given === 'yes' })}
      />
    </SimpleGrid>
  )
}
