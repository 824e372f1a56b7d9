import { Group, Menu } from '@mantine/core'

const quick = ['👍', '❤️', '😂', '😮', '😢', '🙏']

/** The reactions that WhatsApp offers first; the one that stands is taken back. */
export function EmojiRow({
  chosen,
  onChoose,
}: {
  chosen: string | undefined
  onChoose(emoji: string | null): void
}) {
  return (
    <Group gap={0} wrap="nowrap" role="group" aria-label="React">
      {quick.map((emoji) => (
        <Menu.Item
          key={emoji}
          w="auto"
          px={7}
          aria-label={chosen === emoji ? `Take ${emoji} back` : `React with ${emoji}`}
          bg={chosen === emoji ? 'teal.1' : undefined}
          onClick={() => onChoose(chosen === emoji ? null : emoji)}
        >
          {emoji}
        </Menu.Item>
      ))}
    </Group>
  )
}
