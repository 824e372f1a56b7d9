import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import type { Assertion, AssertionResult } from '../../api/simulation-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayValue } from '../../ui/words.ts'
import { EditAssertion } from './edit-assertion.tsx'

/** What must hold of the journey: played by the simulator at every publish. */
export function Assertions({ journey }: { journey: Journey }) {
  const [edited, setEdited] = useState<Assertion | 'new'>()
  const client = useQueryClient()
  const path = `/journeys/${journey.id}/assertions`
  const queryKey = ['journeys', 'assertions', journey.id]
  const assertions = useQuery({ queryKey, queryFn: () => getAll<Assertion>(path) })
  const run = useMutation({
    mutationFn: () => api.post<{ results: AssertionResult[] }>(`${path}/run`, {}),
  })
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`${path}/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const levers = (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={() => setEdited('new')}>
        Add one
      </Button>
      <Button size="xs" variant="light" loading={run.isPending} onClick={() => run.mutate()}>
        Check the draft
      </Button>
    </Group>
  )
  return (
    <Card title="What must hold at every publish" action={levers}>
      <Stack gap="sm">
        <ProblemNotice error={assertions.error ?? run.error ?? remove.error} />
        {assertions.isPending && <Loading what="the assertions" />}
        {assertions.data?.length === 0 && (
          <Text c="dimmed">Nothing yet. An assertion plays a scene, and says what must come of it.</Text>
        )}
        {assertions.data?.map((assertion) => (
          <Line
            key={assertion.id}
            assertion={assertion}
            result={run.data?.results.find(({ name }) => name === assertion.name)}
            onEdit={() => setEdited(assertion)}
            onRemove={() => remove.mutate(assertion.id)}
          />
        ))}
      </Stack>
      {edited && <EditAssertion journey={journey} assertion={edited} onClose={() => setEdited(undefined)} />}
    </Card>
  )
}

interface LineProps {
  assertion: Assertion
  result: AssertionResult | undefined
  onEdit(): void
  onRemove(): void
}

function Line({ assertion: { name, expectations }, result, onEdit, onRemove }: LineProps) {
  return (
    <div className="app-group">
      <Group justify="space-between">
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {name}
          </Text>
          {result && (
            <Badge variant="light" color={result.passed ? 'teal' : 'red'}>
              {result.passed ? 'holds' : 'does not hold'}
            </Badge>
          )}
        </Group>
        <Group gap={4}>
          <Button size="compact-xs" variant="subtle" aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Remove ${name}`}
            onClick={onRemove}
          >
            Remove
          </Button>
        </Group>
      </Group>
      <Text size="xs" c="dimmed">
        {expectations.map((each) => sayValue(each['expect'])).join(', ')}
      </Text>
      {result?.failures.map(({ message }) => (
        <Text key={message} size="sm" c="red">
          {message}
        </Text>
      ))}
    </div>
  )
}
