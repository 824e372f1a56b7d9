import {
  Alert,
  Button,
  Code,
  Group,
  Image,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { User } from '../../api/people-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'

interface Setup {
  secret: string
  qrCode: string
}

/** A second factor: a code of an authenticator, beside the password. */
export function TwoFactor({ user }: { user: User }) {
  const [codes, setCodes] = useState<string[]>()
  return (
    <Card title="Second factor">
      <Stack>
        {codes && <RecoveryCodes codes={codes} />}
        {user.hasTwoFactor ? <Switched onCodes={setCodes} /> : <SetUp onCodes={setCodes} />}
      </Stack>
    </Card>
  )
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <Alert color="yellow" title="Keep these codes" role="status">
      <Text size="sm" mb="xs">
        Each signs you in once when your phone is lost. They are shown this once.
      </Text>
      <SimpleGrid cols={{ base: 2, xs: 4 }}>
        {codes.map((code) => (
          <Code key={code}>{code}</Code>
        ))}
      </SimpleGrid>
    </Alert>
  )
}

interface Props {
  onCodes(codes: string[]): void
}

function SetUp({ onCodes }: Props) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const client = useQueryClient()
  const begin = useMutation({ mutationFn: () => api.post<Setup>('/users/me/totp', { password }) })
  const confirm = useMutation({
    mutationFn: () => api.post<{ recoveryCodes: string[] }>('/users/me/totp/confirm', { code }),
    onSuccess: async ({ recoveryCodes }) => {
      onCodes(recoveryCodes)
      await client.invalidateQueries({ queryKey: ['users'] })
    },
  })
  if (begin.data)
    return (
      <Stack>
        <Text size="sm">Scan this with your authenticator, or type the secret.</Text>
        <Image src={begin.data.qrCode} alt="The secret as a QR code" w={180} h={180} />
        <Code>{begin.data.secret}</Code>
        <CodeInput value={code} onChange={setCode} error={confirm.error} />
        <ProblemNotice error={confirm.error} />
        <Group>
          <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
            Switch it on
          </Button>
        </Group>
      </Stack>
    )
  return (
    <Stack>
      <Text size="sm">Beside the password, a code of your phone is asked for.</Text>
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        value={password}
        error={fieldProblem(begin.error, 'password')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <ProblemNotice error={begin.error} />
      <Group>
        <Button loading={begin.isPending} onClick={() => begin.mutate()}>
          Set it up
        </Button>
      </Group>
    </Stack>
  )
}

function Switched({ onCodes }: Props) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const client = useQueryClient()
  const renew = useMutation({
    mutationFn: () => api.post<{ recoveryCodes: string[] }>('/users/me/recovery-codes', { code }),
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
  })
  const disable = useMutation({
    mutationFn: () => api.post('/users/me/totp/disable', { password, code }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  })
  return (
    <Stack>
      <Text size="sm">It is on: you sign in with a code of your authenticator too.</Text>
      <CodeInput value={code} onChange={setCode} error={disable.error ?? renew.error} />
      <PasswordInput
        label="Your password"
        description="only to switch it off"
        autoComplete="current-password"
        value={password}
        error={fieldProblem(disable.error, 'password')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <ProblemNotice error={disable.error ?? renew.error} />
      <Group>
        <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
          New recovery codes
        </Button>
        <Button variant="light" color="red" loading={disable.isPending} onClick={() => disable.mutate()}>
          Switch it off
        </Button>
      </Group>
    </Stack>
  )
}

interface CodeProps {
  value: string
  onChange(value: string): void
  error: unknown
}

function CodeInput({ value, onChange, error }: CodeProps) {
  return (
    <TextInput
      label="Code of the authenticator"
      autoComplete="one-time-code"
      inputMode="numeric"
      value={value}
      error={fieldProblem(error, 'code')}
      onChange={(event) => onChange(event.currentTarget.value)}
      maw={240}
    />
  )
}
