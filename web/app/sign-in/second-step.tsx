import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useFocusTrap } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { finishSignIn } from '../api/session.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'

/** The code of the authenticator, after the password. */
export function SecondStep({ ticket, onBack }: { ticket: string; onBack(): void }) {
  const [code, setCode] = useState('')
  const trap = useFocusTrap()
  const enter = useMutation({ mutationFn: () => finishSignIn(ticket, code) })
  return (
    <form
      ref={trap}
      onSubmit={(event) => {
        event.preventDefault()
        enter.mutate()
      }}
    >
      <Stack>
        <Text size="sm">Type the code of your authenticator, or a recovery code.</Text>
        <TextInput
          label="Code"
          autoComplete="one-time-code"
          required
          data-autofocus
          value={code}
          error={fieldProblem(enter.error, 'code')}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <ProblemNotice error={enter.error} />
        <Button type="submit" loading={enter.isPending}>
          Sign in
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          Back
        </Button>
      </Stack>
    </form>
  )
}
