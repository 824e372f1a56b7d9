import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RunProgress, TimelinePoint } from '../../api/report-shapes.ts'
import { api, getAll } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { TimelineChart } from './timeline-chart.tsx'
import { lookAgainMs } from './look-again.ts'

const shown = {
  sent: ['Sent', 'light-dark(#0b7285, #3bc9db)'],
  delivered: ['Delivered', 'light-dark(#2b8a3e, #69db7c)'],
  read: ['Read', 'light-dark(#b35c00, #ffc078)'],
  replied: ['Replied', 'light-dark(#862e9c, #e599f7)'],
  failed: ['Failed', 'light-dark(#c92a2a, #ff8787)'],
} as const satisfies Partial<Record<keyof TimelinePoint, [string, string]>>

const stepMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const mostMoments = 600

/** Moments in which nothing happened are left out by the API, and are zero here. */
async function readTimeline(runId: string): Promise<TimelinePoint[]> {
  const path = `/campaign-runs/${runId}/timeline`
  const { by } = await api.get<{ by: keyof typeof stepMs }>(path, { limit: 1 })
  const points = await getAll<TimelinePoint>(path, { by })
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return []
  const count = (Date.parse(last.at) - Date.parse(first.at)) / stepMs[by] + 1
  if (count > mostMoments) return points
  const known = new Map(points.map((point) => [Date.parse(point.at), point]))
  return Array.from({ length: count }, (_, at) => {
    const ms = Date.parse(first.at) + at * stepMs[by]
    return known.get(ms) ?? { ...nothing, at: new Date(ms).toISOString() }
  })
}
const nothing = { sent: 0, delivered: 0, read: 0, clicked: 0, replied: 0, failed: 0, converted: 0 }

/** When messages went out and what was heard of them. */
export function RunTimeline({ run }: { run: RunProgress }) {
  const timeline = useQuery({
    queryKey: ['campaigns', 'run', run.id, 'timeline'],
    queryFn: () => readTimeline(run.id),
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
