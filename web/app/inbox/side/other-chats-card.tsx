import { Anchor, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, type Page } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { useInbox } from '../inbox-context.ts'
import { sayShort } from '../inbox-words.ts'

/** The same customer on our other numbers. */
export function OtherChatsCard({ conversation: { id, contactId } }: { conversation: Conversation }) {
  const { place } = useInbox()
  const { data } = useQuery({
    queryKey: ['inbox', 'others', contactId],
    queryFn: () => api.get<Page<Conversation>>('/conversations', { contactId, limit: 20 }),
    staleTime: 30_000,
  })
  const others = data?.items.filter((each) => each.id !== id) ?? []
  if (others.length === 0) return null
  return (
    <Card title="On other numbers">
      <Stack gap={6}>
        {others.map((other) => (
          <Group key={other.id} justify="space-between">
            <Anchor component={Link} to={place.addressOf(other.id)} size="sm">
              {other.number.displayNumber}
            </Anchor>
            <Text size="xs" c="dimmed">
              {other.activeAt && sayShort(other.activeAt)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
