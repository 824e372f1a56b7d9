import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Hold } from '../../api/operation-shapes.ts'
import { sayTime } from '../../ui/words.ts'

/** Who stopped what, since when, and what that means for timers and entrants. */
export function HoldWords({ hold }: { hold: Hold }) {
  const entrants = { queue: 'wait at the door', drop: 'are turned away', enter: 'enter' }[hold.entrants]
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Badge variant="light" color={hold.kind === 'stop' ? 'red' : 'yellow'}>
          {hold.kind === 'stop' ? 'stopped' : 'paused'}
        </Badge>
        <Text size="sm">{hold.reason}</Text>
      </Group>
      <Text size="sm" c="dimmed">
        Since {sayTime(hold.placedAt)}. Timers {hold.timers === 'freeze' ? 'stand still' : 'run on'}; who
        would enter: they {entrants}.
        {hold.escaped !== undefined && ` ${hold.escaped} messages were on their way already.`}
      </Text>
    </Stack>
  )
}
