import { Alert, List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayRecurrence, type Recurrence } from './recurrence.ts'

interface Props {
  campaignId: string
  schedule: Recurrence
  /** Not while it is still on its way to the server, which computes the times. */
  isStored: boolean
}

/** The rule in words, and the times that it comes to. */
export function NextRuns({ campaignId, schedule, isStored }: Props) {
  const runs = useQuery({
    queryKey: ['campaigns', 'next-runs', campaignId, schedule],
    queryFn: () => api.get<{ items: string[] }>(`/campaigns/${campaignId}/next-runs`, { limit: 5 }),
    enabled: isStored,
    placeholderData: (previous) => previous,
  })
  const format = new Intl.DateTimeFormat(undefined, {
    ...{
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    },
    timeZone: schedule.timeZone,
  })
  return (
    <Card title="Next runs">
      <Text size="sm" mb="xs">
        {sayRecurrence(schedule)}
      </Text>
      <ProblemNotice error={runs.error} />
      {runs.data?.items.length === 0 && <Alert color="yellow">This rule comes to no time any more.</Alert>}
      <List size="sm" aria-label="Next runs">
        {runs.data?.items.map((at) => (
          <List.Item key={at}>{format.format(new Date(at))}</List.Item>
        ))}
      </List>
    </Card>
  )
}
