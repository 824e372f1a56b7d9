import { Alert, Anchor, Badge, Button, Stack, Table, Text, Timeline as Steps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { Run, TracedFact } from '../api/journey-shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { stateColors } from '../journeys/journey-words.ts'
import { useJourney } from '../journeys/use-journey.ts'
import { Card } from '../ui/card.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayTime, sayValue } from '../ui/words.ts'
import { RunActions } from './run-actions.tsx'

/** One way through a journey: where it stands, what it did and why, and what can be done about it. */
export function RunPage() {
  const { id = '' } = useParams()
  const run = useQuery({
    queryKey: ['runs', id],
    queryFn: () => api.get<Run>(`/runs/${id}`),
    refetchInterval: ({ state: { data } }) => (data?.endedAt ? false : 3_000),
  })
  if (run.isPending) return <Loading what="the run" />
  if (run.error) return <ProblemNotice error={run.error} onRetry={() => void run.refetch()} />
  return <Shown run={run.data} />
}

function Shown({ run }: { run: Run }) {
  const journey = useJourney(run.journeyId)
  const name = journey.data?.name ?? 'A deleted journey'
  return (
    <>
      <Anchor component={Link} to={`/journeys/${run.journeyId}/people`} size="sm">
        ← People of {name}
      </Anchor>
      <PageTitle title={`A run of ${name}`}>
        <Badge variant="light" color={stateColors[run.state]} size="lg">
          {run.state}
        </Badge>
        {run.contactId && (
          <Button component={Link} to={`/contacts/${run.contactId}`} variant="default">
            The contact
          </Button>
        )}
        {run.temporal.url && (
          <Button component="a" href={run.temporal.url} target="_blank" rel="noreferrer" variant="default">
            In Temporal
          </Button>
        )}
      </PageTitle>
      <Stack>
        {run.error && !run.endedAt && (
          <Alert color="red" title={`Stuck at ${run.cardId ?? 'no card'}: ${run.error.code}`}>
            {run.error.reason}
          </Alert>
        )}
        <RunActions run={run} />
        <Facts run={run} />
        <Trace runId={run.id} isOver={run.endedAt !== null} />
      </Stack>
    </>
  )
}

function Facts({ run }: { run: Run }) {
  const lines: [string, string][] = [
    ['Version', String(run.version)],
    ['Card', run.cardId ?? '–'],
    ['Entered', sayTime(run.startedAt)],
    ['Entry', run.entry],
    ...(run.endedAt ? ([['Ended', sayTime(run.endedAt)]] as [string, string][]) : []),
    ...(run.outcome ? ([['Outcome', run.outcome]] as [string, string][]) : []),
    ['Goal', run.goalReached ? 'reached' : 'not reached'],
    ...Object.entries(run.vars).map(([name, value]): [string, string] => [name, sayValue(value)]),
  ]
  return (
    <Card title="Where it stands">
      <Table verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {lines.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={130} fw={400} c="dimmed" scope="row">
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}

function Trace({ runId, isOver }: { runId: string; isOver: boolean }) {
  const facts = usePages(['runs', runId, 'trace', isOver], (cursor) =>
    api.get<Page<TracedFact>>(`/runs/${runId}/trace`, { cursor, limit: 50 }),
  )
  return (
    <Card title="What it did, and why">
      <ProblemNotice error={facts.error} onRetry={() => void facts.refetch()} />
      {facts.isPending && <Loading what="the trace" />}
      {facts.isSuccess && facts.items.length === 0 && <Empty title="It has done nothing yet" />}
      <Steps bulletSize={12} lineWidth={2} active={facts.items.length}>
        {facts.items.map(({ id, at, words }) => (
          <Steps.Item key={id}>
            <Text size="sm" className="app-pre">
              {words}
            </Text>
            <Text size="xs" c="dimmed">
              {sayTime(at)}
            </Text>
          </Steps.Item>
        ))}
      </Steps>
      <MoreButton pages={facts} />
    </Card>
  )
}
