import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Invitation, User } from '../../api/people-shapes.ts'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'
import { ProfileFields, type Profile } from './profile-fields.tsx'
import { ShowOnce } from './show-once.tsx'
import { ordinary, StandingFields } from './standing-fields.tsx'

const nobody: Profile = { username: '', firstName: '', lastName: '', email: '' }

/** Somebody new gets a link, which is shown this once. */
export function AddUser({ onClose }: { onClose(): void }) {
  const [profile, setProfile] = useState(nobody)
  const [standing, setStanding] = useState(ordinary)
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: () =>
      api.post<User & { invitation: Invitation | null }>('/users', { ...profile, ...standing }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  })
  const { name, invitation } = add.data ?? {}
  if (invitation)
    return (
      <Modal opened onClose={onClose} title={`${name} is invited`}>
        <Stack>
          <ShowOnce
            title="Invitation"
            words={
              standing.role === 'app'
                ? 'The program opens this address once and gets its token.'
                : `Send this link: it lets its reader choose a password, until ${sayTime(invitation.endsAt)}.`
            }
            value={invitation.url}
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    )
  return (
    <Modal opened onClose={onClose} title="Add somebody" size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Stack>
          <ProfileFields value={profile} onChange={setProfile} error={add.error} />
          <StandingFields value={standing} onChange={setStanding} error={add.error} />
          <Text size="sm" c="dimmed">
            You get a link to hand on.
          </Text>
          <ProblemNotice error={add.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Invite
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
