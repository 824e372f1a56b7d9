import { Alert, Badge, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import type { Simulation, SimulationResult } from '../../api/simulation-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Counts } from '../../ui/counts.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayNumber, sayTime } from '../../ui/words.ts'
import { cardsOf, inFlowOrder } from '../flow/edit-draft.ts'
import { stateColors } from '../journey-words.ts'
import { Certifications } from './certifications.tsx'
import { ContactWay } from './contact-way.tsx'
import { CardFlows, Costs, Violations, Ways } from './result-parts.tsx'
import { SendsChart } from './sends-chart.tsx'

const isOver = (state: string) => state !== 'queued' && state !== 'running'

/** How far a simulation is, and what came of it. */
export function SimulationView({ journey, id }: { journey: Journey; id: string }) {
  const path = `/journeys/${journey.id}/simulations/${id}`
  const queryKey = ['simulations', id]
  const client = useQueryClient()
  const simulation = useQuery({
    queryKey,
    queryFn: () => api.get<Simulation>(path),
    refetchInterval: ({ state: { data } }) => (data && isOver(data.state) ? false : 500),
  })
  const cancel = useMutation({
    mutationFn: () => api.post(`${path}/cancel`),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  if (simulation.isPending) return <Loading what="the simulation" />
  if (simulation.error) return <ProblemNotice error={simulation.error} />
  const { state, done, contacts, error, result } = simulation.data
  return (
    <Stack>
      <Card
        title="Result"
        action={
          !isOver(state) && (
            <Button size="xs" variant="light" color="red" onClick={() => cancel.mutate()}>
              Cancel
            </Button>
          )
        }
      >
        <Stack gap="sm">
          <ProblemNotice error={cancel.error} />
          <Group gap="xs">
            <Badge variant="light" color={stateColors[state]}>
              {state}
            </Badge>
            <Text size="sm" c="dimmed">
              {sayNumber(done)} of {sayCount(contacts, 'contact')}
            </Text>
          </Group>
          {!isOver(state) && (
            <Progress
              value={contacts === 0 ? 0 : (done / contacts) * 100}
              animated
              aria-label="How far the simulation is"
            />
          )}
          {error && <Alert color="red">{error}</Alert>}
          {result && <Totals result={result} />}
        </Stack>
      </Card>
      {result && <Parts journey={journey} path={path} result={result} />}
    </Stack>
  )
}

function Totals({ result: { ends, goal, sends, finish, contacts } }: { result: SimulationResult }) {
  const exited = Object.values(ends.exited).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <Counts
        counts={[
          ['went through', contacts],
          ['completed', ends.completed],
          ['left on the way', exited],
          ['stuck', ends.stuck, ends.stuck > 0 ? 'red' : undefined],
          ['inside at the end', ends.inside],
          ['reached the goal', goal.reached],
          ['messages', sends.total],
        ]}
      />
      {finish && (
        <Text size="sm">
          Half have finished by {sayTime(finish.median)}, the last by {sayTime(finish.latest)}.
        </Text>
      )}
    </>
  )
}

interface PartsProps {
  journey: Journey
  path: string
  result: SimulationResult
}

function Parts({ journey: { draft }, path, result }: PartsProps) {
  const [n, setN] = useState<number>()
  const cards = cardsOf(draft)
  const titles = new Map(inFlowOrder(draft).map((id) => [id, cards[id]?.title ?? id]))
  return (
    <>
      <Violations violations={result.violations} onShow={setN} />
      <CardFlows cards={result.cards} titles={titles} />
      <SendsChart sends={result.sends} />
      <Costs cost={result.cost} />
      <Ways paths={result.paths} onShow={setN} contacts={result.contacts} />
      <Certifications path={path} onShow={setN} />
      {n !== undefined && <ContactWay path={path} n={n} onClose={() => setN(undefined)} />}
    </>
  )
}
