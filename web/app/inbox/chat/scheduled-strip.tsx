import { Badge, Button, Group, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api, getAll } from '../../api/client.ts'
import { sayTime } from '../../ui/words.ts'
import { useAskingMs } from '../live/live-context.ts'
import { describe } from './content/read-content.ts'

interface Scheduled {
  id: string
  state: 'scheduled' | 'held' | 'sent' | 'cancelled' | 'failed'
  what: { blockId?: string; content?: JsonObject }
  dueAt: string
}

/** What goes out later, or is held because the customer was first. */
export function ScheduledStrip({ conversationId }: { conversationId: string }) {
  const client = useQueryClient()
  const queryKey = ['scheduled', conversationId]
  const refetchInterval = useAskingMs()
  const { data = [] } = useQuery({
    queryKey,
    queryFn: () => getAll<Scheduled>(`/conversations/${conversationId}/scheduled-messages`),
    refetchInterval,
  })
  const steer = useMutation({
    mutationFn: ({ id, way }: { id: string; way: 'release' | 'now' | 'drop' }) => {
      const path = `/scheduled-messages/${id}`
      const dueAt = new Date().toISOString()
      if (way === 'drop') return api.delete(path)
      return way === 'release' ? api.post(`${path}/release`, { dueAt }) : api.patch(path, { dueAt })
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  return data
    .filter(({ state }) => state === 'scheduled' || state === 'held')
    .map(({ id, state, what, dueAt }) => (
      <Group key={id} className="inbox-strip" gap="xs" wrap="nowrap" justify="space-between">
        <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
          <Badge
            size="sm"
            variant="light"
            color={state === 'held' ? 'orange' : 'blue'}
            style={{ flex: 'none' }}
          >
            {state === 'held' ? 'held: the customer wrote' : sayTime(dueAt)}
          </Badge>
          <Text size="sm" truncate>
            {what.content ? describe(what.content) : 'A saved message'}
          </Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-xs"
            variant="light"
            loading={steer.isPending}
            onClick={() => steer.mutate({ id, way: state === 'held' ? 'release' : 'now' })}
          >
            Send now
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => steer.mutate({ id, way: 'drop' })}
          >
            Drop it
          </Button>
        </Group>
      </Group>
    ))
}
