import { Alert, Button, Center, Code, Loader, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/client.ts'

/** What went wrong, in the API's words, with the id to ask for help by. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (!error) return null
  const problem = error instanceof ApiProblem ? error : undefined
  const words = error instanceof Error ? error.message : 'Something went wrong in this page.'
  return (
    <Alert color="red" title={problem?.status === 404 ? 'Not found' : 'That did not work'} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{words}</Text>
        {problem?.requestId && (
          <Text size="xs" c="dimmed">
            Request <Code>{problem.requestId}</Code>
          </Text>
        )}
        {onRetry && problem?.status !== 404 && (
          <Button size="xs" variant="light" color="red" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** The message of the API at one input. Paths match by their end: `attributes.plan` for `plan`. */
export function fieldProblem(error: unknown, name: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined
  return error.fields.find(({ field }) => field === name || field.endsWith(`.${name}`))?.message
}

export function Loading({ what }: { what: string }) {
  return (
    <Center py="xl" role="status" aria-label={`Loading ${what}`}>
      <Loader size="sm" />
    </Center>
  )
}

/** Nothing there, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Center py="xl">
      <Stack align="center" gap="sm" maw={420}>
        <Title order={3} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Center>
  )
}
