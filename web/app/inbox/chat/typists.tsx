import { Text } from '@mantine/core'
import { useLive } from '../live/live-context.ts'

/** Colleagues who have the same conversation open, and who of them types: two should not answer one question. */
export function Typists({ conversationId }: { conversationId: string }) {
  const colleagues = useLive().colleagues.get(conversationId) ?? []
  const typing = colleagues.filter(({ isTyping }) => isTyping)
  const looking = colleagues.filter(({ isTyping }) => !isTyping)
  return (
    <div role="status" aria-live="polite">
      {typing.length > 0 && (
        <Text size="xs" className="inbox-typists">
          {sayNames(typing)} typing …
        </Text>
      )}
      {typing.length === 0 && looking.length > 0 && (
        <Text size="xs" c="dimmed" className="inbox-typists">
          {sayNames(looking)} looking at this too
        </Text>
      )}
    </div>
  )
}

function sayNames(people: { name: string }[]): string {
  return `${people.map(({ name }) => name).join(' and ')} ${people.length === 1 ? 'is' : 'are'}`
}
