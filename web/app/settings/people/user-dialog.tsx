import { Button, Group, Modal, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Invitation, User } from '../../api/people-shapes.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { ProfileFields, type Profile } from './profile-fields.tsx'
import { ShowOnce } from './show-once.tsx'
import { StandingFields, type Standing } from './standing-fields.tsx'

/** Who somebody is and what they may, and how they get in. */
export function UserDialog({ user, onClose }: { user: User; onClose(): void }) {
  const [profile, setProfile] = useState<Profile>({
    ...{ username: user.username, email: user.email, firstName: user.firstName, lastName: user.lastName },
  })
  const [standing, setStanding] = useState<Standing>({
    ...{ role: user.role, roleId: user.roleId, permissions: user.ownPermissions },
    groupIds: user.groups.filter(({ system }) => system === null).map(({ id }) => id),
  })
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.patch(`/users/${user.id}`, { ...profile, ...standing }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['users'] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={user.name} size="lg">
      <Stack>
        <ProfileFields value={profile} onChange={setProfile} error={save.error} />
        <StandingFields value={standing} onChange={setStanding} error={save.error} />
        <ProblemNotice error={save.error} />
        <Access user={user} onClose={onClose} />
        <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose} />
      </Stack>
    </Modal>
  )
}

/** What may be done about somebody's ways in. */
function Access({ user, onClose }: { user: User; onClose(): void }) {
  const client = useQueryClient()
  const [shown, setShown] = useState<Shown>()
  const act = useMutation({
    mutationFn: (deed: () => Promise<string | undefined>) => deed(),
    onSuccess: async (words) => {
      await client.invalidateQueries({ queryKey: ['users'] })
      if (words === undefined) return
      notifications.show({ color: 'teal', message: words })
      onClose()
    },
  })
  const deeds = deedsFor(user, setShown)
  return (
    <Stack gap="xs">
      {shown && <ShowOnce {...shown} />}
      <ProblemNotice error={act.error} />
      <Group gap="xs">
        {deeds
          .filter(([, isOpen]) => isOpen)
          .map(([label, , deed]) => (
            <Button
              key={label}
              size="xs"
              variant="light"
              color={label === 'Deactivate' ? 'red' : 'gray'}
              loading={act.isPending}
              onClick={() => act.mutate(deed)}
            >
              {label}
            </Button>
          ))}
      </Group>
    </Stack>
  )
}

interface Shown {
  title: string
  words: string
  value: string
}
type Deed = [label: string, isOpen: boolean, deed: () => Promise<string | undefined>]

/** Each ends with words for everybody, or shows something. */
function deedsFor(user: User, show: (shown: Shown) => void): Deed[] {
  const path = `/users/${user.id}`
  const invite = async () => {
    const { url } = await api.post<Invitation>(`${path}/invitation`)
    show({ title: 'Invitation', words: 'The link before it is worth nothing any more.', value: url })
    return undefined
  }
  const showToken = async () => {
    const { token } = await api.post<{ token: string }>(`${path}/token`)
    show({ title: 'API token', words: 'The same until it is revoked.', value: token })
    return undefined
  }
  return [
    ['New invitation', !user.isActive && !user.isDeactivated, invite],
    ['Show API token', user.role === 'app' && user.isActive, showToken],
    [
      'Sign out everywhere',
      user.isActive,
      () => api.delete(`${path}/sessions`).then(() => `${user.name} is signed out everywhere.`),
    ],
    [
      'Take away the second factor',
      user.hasTwoFactor,
      () => api.delete(`${path}/totp`).then(() => `${user.name} signs in with the password alone.`),
    ],
    [
      'Deactivate',
      !user.isDeactivated,
      () => api.delete(path).then(() => `${user.name} cannot sign in any more.`),
    ],
    [
      'Let in again',
      user.isDeactivated,
      () => api.post(`${path}/reactivation`).then(() => `${user.name} may sign in again.`),
    ],
  ]
}
