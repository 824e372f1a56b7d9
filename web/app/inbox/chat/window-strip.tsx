import { Button, Group, Text } from '@mantine/core'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { sayLeft } from '../inbox-words.ts'
import { useNow } from '../use-now.ts'

/** Less than this left is worth a warning. */
const soonMs = 2 * 60 * 60_000

/** How long WhatsApp still lets anything but a template out. */
export function WindowStrip({
  conversation,
  onTemplate,
}: {
  conversation: Conversation
  onTemplate(): void
}) {
  const nowMs = useNow()
  const { windowEndsAt } = conversation
  const leftMs = windowEndsAt ? Date.parse(windowEndsAt) - nowMs : 0
  if (leftMs <= 0)
    return (
      <Group className="inbox-strip" data-warns gap="xs" justify="space-between" role="status">
        <Text size="sm">
          {windowEndsAt
            ? 'The customer wrote more than 24 hours ago: only a template can be sent.'
            : 'The customer has not written yet: only a template can be sent.'}
        </Text>
        <Button size="compact-sm" onClick={onTemplate}>
          Choose a template
        </Button>
      </Group>
    )
  return (
    <Text
      className="inbox-clock"
      size="xs"
      c={leftMs < soonMs ? 'orange' : 'dimmed'}
      title="After that only a template can be sent"
    >
      <Icon name="clock" size={12} /> {sayLeft(windowEndsAt ?? '', nowMs)} to answer freely
    </Text>
  )
}
