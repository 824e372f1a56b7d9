import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import type { AutopilotPolicy } from '../../../src/model/autopilot.ts'
import { api } from '../api/client.ts'
import type { NumberHealth, NumberLine, NumberStop } from '../api/number-shapes.ts'
import { Card } from '../ui/card.tsx'
import { Counts } from '../ui/counts.tsx'
import { errorWords } from '../ui/error-words.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayName, sayNumber, sayTime } from '../ui/words.ts'
import { PolicyForm } from './policy-form.tsx'
import { QualityBadge } from './quality-badge.tsx'
import { StopNumber } from './stop-number.tsx'
import { useHealth } from './use-health.ts'

/** How a number is, what stands still on it, and what the autopilot does. */
export function NumberPage() {
  const { id = '' } = useParams()
  const number = useQuery({ queryKey: ['numbers', id], queryFn: () => api.get<NumberLine>(`/numbers/${id}`) })
  const health = useHealth(id)
  const policy = useQuery({
    queryKey: ['numbers', 'autopilot', id],
    queryFn: () => api.get<AutopilotPolicy>(`/numbers/${id}/autopilot`),
  })
  if (number.isPending) return <Loading what="the number" />
  if (number.error) return <ProblemNotice error={number.error} onRetry={() => void number.refetch()} />
  return (
    <>
      <Anchor component={Link} to="/numbers" size="sm">
        ← Numbers
      </Anchor>
      <PageTitle title={`+${number.data.displayNumber}`}>
        {health.data && <QualityBadge quality={health.data.quality} />}
      </PageTitle>
      <Stack>
        <ProblemNotice error={health.error ?? policy.error} />
        {(health.isPending || policy.isPending) && <Loading what="how it is" />}
        {health.data && <HealthCard number={number.data} health={health.data} />}
        {health.data && <StopsCard numberId={id} stops={health.data.stops} />}
        {policy.data && <PolicyForm key={JSON.stringify(policy.data)} numberId={id} policy={policy.data} />}
      </Stack>
    </>
  )
}

function HealthCard({ number, health }: { number: NumberLine; health: NumberHealth }) {
  const { reach, throughput, restriction, knownAt } = health
  return (
    <Card title="How it is">
      <Stack gap="sm">
        <Counts
          counts={[
            ['newly written to in 24 hours', reach.used],
            ['may be newly written to', reach.limit ?? 'any number'],
            ['room for campaigns now', reach.room ?? 'any number'],
            ['messages a second', number.messagesPerSecond],
          ]}
        />
        {reach.limit !== null && (
          <Progress
            value={(reach.used / reach.limit) * 100}
            color={reach.room === 0 ? 'yellow' : 'teal'}
            aria-label="How much of the day’s people is used"
          />
        )}
        {reach.room === 0 && (
          <Alert color="yellow">
            Campaigns wait{reach.roomAt && ` until ${sayTime(reach.roomAt)}`}: WhatsApp lets the number write
            to {sayNumber(reach.limit ?? 0)} new people in 24 hours, and some are kept for answers and
            journeys.
          </Alert>
        )}
        {restriction && <Alert color="red">WhatsApp restricts the number: {sayName(restriction)}.</Alert>}
        <Text size="sm" c="dimmed">
          {throughput && `WhatsApp’s speed for it: ${throughput.toLowerCase()}. `}
          {knownAt ? `WhatsApp told so ${sayAgo(knownAt)}.` : 'WhatsApp has not told of it yet.'}
        </Text>
      </Stack>
    </Card>
  )
}

function StopsCard({ numberId, stops }: { numberId: string; stops: NumberStop[] }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <Card
      title="What stands still"
      action={
        <Button size="xs" variant="light" color="red" onClick={() => setAsking(true)}>
          Stop something …
        </Button>
      }
    >
      <Stack gap="sm">
        {stops.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing: campaigns and templates of this number go out.
          </Text>
        )}
        {stops.map((stop) => (
          <StopLine key={stop.id} stop={stop} />
        ))}
      </Stack>
      {isAsking && <StopNumber numberId={numberId} onClose={() => setAsking(false)} />}
    </Card>
  )
}

function StopLine({ stop }: { stop: NumberStop }) {
  const { id, scope, template, code, reason, by, until, placedAt, factor } = stop
  const client = useQueryClient()
  const lift = useMutation({
    mutationFn: () => api.post(`/number-stops/${id}/lift`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['numbers'] }),
  })
  const what = {
    campaigns: 'Campaigns stand still',
    template: `The template ${template} is not sent`,
    pace: `Campaigns go at ${Math.round((factor ?? 1) * 100)} % of their speed`,
  }[scope]
  return (
    <div className="app-group" role="group" aria-label={what}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Text size="sm" fw={500}>
            {what}
          </Text>
          <Text size="sm">
            {reason}
            {code && errorWords[code] && ` (${code}: ${errorWords[code]})`}
          </Text>
          <Text size="xs" c="dimmed">
            by {by === 'autopilot' ? 'the autopilot' : by}, {sayAgo(placedAt)}
            {until ? `, until ${sayTime(until)}` : ', until somebody lifts it'}
          </Text>
        </Stack>
        <Button size="xs" loading={lift.isPending} onClick={() => lift.mutate()}>
          Lift it
        </Button>
      </Group>
      <ProblemNotice error={lift.error} />
    </div>
  )
}
