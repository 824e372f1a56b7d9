import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import type { Certification } from '../../api/simulation-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayAgo, sayCount } from '../../ui/words.ts'
import { stateColors } from '../journey-words.ts'

/** The simulation's ways run on a real Temporal server, and compared step by step. */
export function Certifications({ path, onShow }: { path: string; onShow(n: number): void }) {
  const client = useQueryClient()
  const queryKey = ['simulations', path, 'certifications']
  const certifications = useQuery({
    queryKey,
    queryFn: () => api.get<Page<Certification>>(`${path}/certifications`, { limit: 3 }),
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ state }) => state === 'running') ? 1_000 : false,
  })
  const certify = useMutation({
    mutationFn: () => api.post<Certification>(`${path}/certifications`, {}),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  return (
    <Card
      title="Certify"
      action={
        <Button size="xs" variant="light" loading={certify.isPending} onClick={() => certify.mutate()}>
          Run on Temporal
        </Button>
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Up to 20 of its ways go through the workflow engine itself, and every step is compared. Nothing is
          sent.
        </Text>
        <ProblemNotice error={certify.error ?? certifications.error} />
        {certifications.data?.items.map((certification) => (
          <Certified key={certification.id} certification={certification} onShow={onShow} />
        ))}
      </Stack>
    </Card>
  )
}

interface Props {
  certification: Certification
  onShow(n: number): void
}

function Certified({ certification: { state, createdAt, rehearsals }, onShow }: Props) {
  const compared = rehearsals.reduce((sum, { operations }) => sum + operations, 0)
  return (
    <div className="app-group">
      <Group gap="xs">
        <Badge variant="light" color={stateColors[state]}>
          {state}
        </Badge>
        <Text size="sm">
          {sayCount(rehearsals.length, 'way')}, {sayCount(compared, 'operation')} compared
        </Text>
        <Text size="xs" c="dimmed">
          {sayAgo(createdAt)}
        </Text>
      </Group>
      {rehearsals
        .filter(({ difference }) => difference !== null)
        .map(({ n, difference }) => (
          <Text key={n} size="sm" c="red">
            <Anchor component="button" type="button" size="sm" onClick={() => onShow(n)}>
              Contact {n}
            </Anchor>
            : {difference}
          </Text>
        ))}
    </div>
  )
}
