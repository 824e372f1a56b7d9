import { Anchor, Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { api } from '../api/client.ts'
import type { UserRole } from '../api/people-shapes.ts'
import { ShowOnce } from '../settings/people/show-once.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../ui/states.tsx'

interface Invited {
  username: string
  role: UserRole
  workspace: string
  hasPassword: boolean
}

/** What an invitation's link opens: whoever reads it chooses a password. */
export function ActivatePage() {
  useDocumentTitle('Invitation · Dripline')
  const { code = '' } = useParams()
  const path = `/activations/${encodeURIComponent(code)}`
  const invited = useQuery({ queryKey: ['activation', code], queryFn: () => api.get<Invited>(path) })
  const [password, setPassword] = useState('')
  const accept = useMutation({
    mutationFn: () =>
      api.post<{ username: string; token: string | null }>(path, password === '' ? {} : { password }),
  })
  return (
    <Center mih="100vh" p="md">
      <Paper withBorder p="xl" radius="md" w="100%" maw={420}>
        <Stack>
          <img src="/landing/icon.svg" alt="" width="44" height="44" />
          {invited.isPending && <Loading what="the invitation" />}
          <ProblemNotice error={invited.error} />
          {accept.data && <Accepted {...accept.data} />}
          {invited.data && !accept.data && (
            <form
              noValidate
              onSubmit={(event) => {
                event.preventDefault()
                accept.mutate()
              }}
            >
              <Stack>
                <Title order={1} size="h2">
                  Join {invited.data.workspace}
                </Title>
                <Text size="sm">
                  Your user name is <b>{invited.data.username}</b>.
                </Text>
                {invited.data.role !== 'app' && (
                  <PasswordInput
                    label="Password"
                    description={
                      invited.data.hasPassword
                        ? 'leave it empty to keep the one that an admin has set'
                        : 'at least 8 characters'
                    }
                    autoComplete="new-password"
                    value={password}
                    error={fieldProblem(accept.error, 'password')}
                    onChange={(event) => setPassword(event.currentTarget.value)}
                  />
                )}
                <ProblemNotice error={accept.error} />
                <Button type="submit" loading={accept.isPending}>
                  {invited.data.role === 'app' ? 'Get the token' : 'Accept the invitation'}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Paper>
    </Center>
  )
}

function Accepted({ username, token }: { username: string; token: string | null }) {
  if (token !== null)
    return (
      <ShowOnce title="API token" words="It is shown this once, and the link is used up." value={token} />
    )
  return (
    <>
      <Title order={1} size="h2">
        Welcome, {username}
      </Title>
      <Anchor href="/app/">Sign in</Anchor>
    </>
  )
}
