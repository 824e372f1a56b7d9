import { CloseButton, Group, Text } from '@mantine/core'
import type { Message } from '../../api/inbox-shapes.ts'

export function ReplyPreview({ message, onClear }: { message: Message; onClear(): void }) {
  return (
    <Group className="inbox-quote" justify="space-between" wrap="nowrap" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Text size="xs" fw={600}>
          Reply to {message.direction === 'in' ? 'the customer' : 'ourselves'}
        </Text>
        <Text size="xs" truncate>
          {message.text || `[${message.type}]`}
        </Text>
      </div>
      <CloseButton size="xs" aria-label="Reply to nothing in particular" onClick={onClear} />
    </Group>
  )
}
