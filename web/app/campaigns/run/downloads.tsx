import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Certificate, RunProgress } from '../../api/report-shapes.ts'
import { api } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayNumber } from '../../ui/words.ts'

/** The proof that the run adds up, and its people as files. */
export function Downloads({ run: { id } }: { run: RunProgress }) {
  const [isAsked, setAsked] = useState(false)
  const path = `/campaign-runs/${id}`
  return (
    <Card title="Proof">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          The certificate says of everybody who was meant what became of their message, and that nobody got it
          twice. It is computed from the messages themselves, not from the numbers above.
        </Text>
        {isAsked ? (
          <Sums runId={id} />
        ) : (
          <Button size="xs" variant="light" w="fit-content" onClick={() => setAsked(true)}>
            Check that it adds up
          </Button>
        )}
        <Group>
          <Anchor href={api.address(`${path}/certificate`)} download="certificate.json" size="sm">
            Certificate (JSON)
          </Anchor>
          <Anchor href={api.address(`${path}/certificate.csv`)} download size="sm">
            Certificate, each message (CSV)
          </Anchor>
          <Anchor href={api.address(`${path}/export`)} download size="sm">
            Everybody, with their story (CSV)
          </Anchor>
        </Group>
      </Stack>
    </Card>
  )
}

function Sums({ runId }: { runId: string }) {
  const certificate = useQuery({
    queryKey: ['campaigns', 'run', runId, 'certificate'],
    queryFn: () => api.get<Certificate>(`/campaign-runs/${runId}/certificate`),
  })
  if (certificate.isPending) return <Loading what="the certificate" />
  if (!certificate.data)
    return <ProblemNotice error={certificate.error} onRetry={() => void certificate.refetch()} />
  const { equations, totals } = certificate.data
  const holds = equations.every((equation) => equation.holds) && totals.duplicates === 0
  return (
    <Alert
      color={holds ? 'teal' : 'red'}
      title={holds ? 'It adds up, and nobody got it twice' : 'It does not add up'}
    >
      <List size="sm" aria-label="Sums">
        {equations.map(({ says, left, right, holds: isEqual }) => (
          <List.Item key={says}>
            {says}: {sayNumber(left)} {isEqual ? '=' : '≠'} {sayNumber(right)}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
