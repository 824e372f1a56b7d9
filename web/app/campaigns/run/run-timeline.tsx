import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RunProgress, TimelinePoint } from '../../api/report-shapes.ts'
import { getAll } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { TimelineChart } from './timeline-chart.tsx'
import { lookAgainMs } from './look-again.ts'

const shown = {
  sent: ['Sent', 'light-dark(#0b7285, #3bc9db)'],
  delivered: ['Delivered', 'light-dark(#2b8a3e, #69db7c)'],
  read: ['Read', 'light-dark(#1864ab, #74c0fc)'],
  replied: ['Replied', 'light-dark(#862e9c, #e599f7)'],
  failed: ['Failed', 'light-dark(#c92a2a, #ff8787)'],
} as const satisfies Partial<Record<keyof TimelinePoint, [string, string]>>

/** When messages went out and what was heard of them. */
export function RunTimeline({ run }: { run: RunProgress }) {
  const timeline = useQuery({
    queryKey: ['campaigns', 'run', run.id, 'timeline'],
    queryFn: () => getAll<TimelinePoint>(`/campaign-runs/${run.id}/timeline`),
    refetchInterval: () => lookAgainMs(run, 5_000),
  })
  const points = timeline.data ?? []
  return (
    <Card title="Over time">
      <ProblemNotice error={timeline.error} onRetry={() => void timeline.refetch()} />
      {timeline.isPending && <Loading what="the timeline" />}
      {timeline.isSuccess && points.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing has gone out yet.
        </Text>
      )}
      {points.length > 0 && (
        <TimelineChart
          label="Messages"
          times={points.map(({ at }) => at)}
          lines={Object.entries(shown).map(([key, [name, color]]) => ({
            ...{ name, color },
            counts: points.map((point) => point[key as keyof typeof shown]),
          }))}
        />
      )}
    </Card>
  )
}
