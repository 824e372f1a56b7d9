import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { User } from '../../api/people-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'
import { ProfileFields, type Profile } from '../people/profile-fields.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

/** Who one is, and how one signs in. */
export function AccountSection() {
  const me = useQuery({ queryKey: ['users', 'me'], queryFn: () => api.get<User>('/users/me') })
  return (
    <>
      <PageTitle title="My account" />
      <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
      {me.isPending && <Loading what="your account" />}
      {me.data && (
        <Stack maw={720}>
          <ProfileCard key={JSON.stringify(me.data)} user={me.data} />
          <PasswordCard />
          <TwoFactor user={me.data} />
          <Sessions />
        </Stack>
      )}
    </>
  )
}

function ProfileCard({ user: { username, firstName, lastName, email } }: { user: User }) {
  const [profile, setProfile] = useState<Profile>({ username, firstName, lastName, email })
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.patch('/users/me', profile),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: 'Your profile is saved.' })
      await client.invalidateQueries({ queryKey: ['users'] })
    },
  })
  return (
    <Card title="Profile">
      <Stack>
        <ProfileFields value={profile} onChange={setProfile} error={save.error} />
        <ProblemNotice error={save.error} />
        <Group>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Save the profile
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

function PasswordCard() {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => api.put('/users/me/password', { current, password }),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: 'Your password is changed; other sessions have ended.' })
      setCurrent('')
      setPassword('')
    },
  })
  return (
    <Card title="Password">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            value={current}
            error={fieldProblem(save.error, 'current')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="at least 8 characters"
            autoComplete="new-password"
            value={password}
            error={fieldProblem(save.error, 'password')}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ProblemNotice error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
