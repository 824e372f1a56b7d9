import { Alert, Group, Stack, Text } from '@mantine/core'
import type { SimulationResult } from '../../api/simulation-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { sayCount, sayNumber, sayTime } from '../../ui/words.ts'

type Sends = SimulationResult['sends']
const most = 120
/** So that two hours do not become two walls. */
const fewest = 24
const height = 120

/** Messages by the hour, against what the number may send. */
export function SendsChart({ sends }: { sends: Sends }) {
  const bars = inBars(sends.hours)
  const top = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <Card title="Messages by the hour">
      <Stack gap="xs">
        {bars.length > 0 && (
          <svg
            viewBox={`0 0 ${Math.max(fewest, bars.length) * 8} ${height}`}
            preserveAspectRatio="none"
            width="100%"
            height={height}
            role="img"
            aria-label={`Messages from ${sayTime(bars[0]?.at ?? '')} to ${sayTime(bars.at(-1)?.at ?? '')}`}
          >
            {bars.map(({ at, count }, place) => (
              <rect
                key={at}
                x={place * 8}
                y={height - (count / top) * height}
                width={6}
                height={(count / top) * height}
                fill="var(--mantine-color-teal-6)"
              >
                <title>
                  {sayTime(at)}: {sayCount(count, 'message')}
                </title>
              </rect>
            ))}
          </svg>
        )}
        {bars.length > 0 && (
          <Group justify="space-between">
            <Text size="xs" c="dimmed">
              {sayTime(bars[0]?.at ?? '')}
            </Text>
            <Text size="xs" c="dimmed">
              {sayTime(bars.at(-1)?.at ?? '')}
            </Text>
          </Group>
        )}
        <Peaks sends={sends} />
        {sends.exceedsMessagingLimit && (
          <Alert color="red">It would begin more conversations in a day than the number may.</Alert>
        )}
        {sends.total === 0 && <Text c="dimmed">Nothing is sent.</Text>}
      </Stack>
    </Card>
  )
}

function Peaks({ sends }: { sends: Sends }) {
  const { busiestHour, longestQueue, messagesPerSecond, messagingLimit, busiestDay } = sends
  const waits = longestQueue && longestQueue.delaySeconds > 0
  return (
    <>
      {busiestHour && (
        <Text size="sm">
          Busiest hour: {sayCount(busiestHour.count, 'message')} at {sayTime(busiestHour.at)}. The number
          sends {messagesPerSecond} a second
          {waits ? `, so that messages wait up to ${longestQueue.delaySeconds} s.` : '.'}
        </Text>
      )}
      {busiestDay && (
        <Text size="sm">
          At most {sayNumber(busiestDay.count)} new conversations in 24 hours, of{' '}
          {messagingLimit === null ? 'any number' : sayNumber(messagingLimit)} that the number may begin.
        </Text>
      )}
    </>
  )
}

/** Hours in a row are shown as one bar where there are too many of them. */
function inBars(hours: Sends['hours']): { at: string; count: number }[] {
  const each = Math.ceil(hours.length / most)
  const bars: { at: string; count: number }[] = []
  hours.forEach(({ at, sends }, place) => {
    const last = bars.at(-1)
    if (place % each === 0 || !last) bars.push({ at, count: sends })
    else last.count += sends
  })
  return bars
}
