import { Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core'
import { useDocumentTitle, useFocusTrap } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { signIn } from '../api/session.ts'
import { SecondStep } from './second-step.tsx'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'

export function SignInPage() {
  useDocumentTitle('Sign in · Dripline')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const trap = useFocusTrap()
  const enter = useMutation({ mutationFn: () => signIn(username, password) })
  return (
    <Center mih="100vh" p="md">
      <Paper withBorder p="xl" radius="md" w="100%" maw={380}>
        {enter.data !== undefined ? (
          <SecondStep ticket={enter.data} onBack={() => enter.reset()} />
        ) : (
          <form
            ref={trap}
            onSubmit={(event) => {
              event.preventDefault()
              enter.mutate()
            }}
          >
            <Stack>
              <img src="/landing/icon.svg" alt="" width="44" height="44" />
              <Title order={1} size="h2">
                Sign in to Dripline
              </Title>
              <ProblemNotice error={enter.error} />
              <TextInput
                label="User name"
                autoComplete="username"
                required
                data-autofocus
                value={username}
                onChange={(event) => setUsername(event.currentTarget.value)}
                error={fieldProblem(enter.error, 'username')}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                error={fieldProblem(enter.error, 'password')}
              />
              <Button type="submit" loading={enter.isPending}>
                Sign in
              </Button>
            </Stack>
          </form>
        )}
      </Paper>
    </Center>
  )
}
