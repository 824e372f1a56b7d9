import { Button, Group, Text } from '@mantine/core'
import { sayClock } from '../inbox-words.ts'
import { MessageBody } from './content/message-body.tsx'
import { TextBody } from './content/text-body.tsx'
import { draftMessage } from './draft-message.ts'
import { Bubble } from './message-item.tsx'
import type { Unsent } from './outgoing.ts'

interface Props {
  message: Unsent
  onRetry(): void
  onDiscard(): void
}

/** Shown at once; what it lacks is the server's word. */
export function UnsentItem({ message, onRetry, onDiscard }: Props) {
  const { key, at, problem, text, what } = message
  const below = problem !== null && (
    <Group gap={6} className="inbox-failed" role="alert">
      <Text size="xs" c="red">
        Not sent: {problem}
      </Text>
      <Button size="compact-xs" variant="light" color="red" onClick={onRetry}>
        Retry
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={onDiscard}>
        Discard
      </Button>
    </Group>
  )
  return (
    <Bubble id={key} direction="out" below={below}>
      {'content' in what ? (
        <MessageBody message={draftMessage({ id: key, text, content: what.content })} />
      ) : (
        <TextBody text={text} />
      )}
      <span className="inbox-meta">
        {sayClock(at)}{' '}
        <span className="inbox-ticks" role="img" aria-label={problem === null ? 'being sent' : 'failed'}>
          {problem === null ? '◷' : '!'}
        </span>
      </span>
    </Bubble>
  )
}
