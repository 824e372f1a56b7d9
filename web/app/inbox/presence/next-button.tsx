import { Badge, Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { mostCounted, useWaiting } from './use-waiting.ts'

/** Takes whoever waits longest, and goes to them. */
export function NextButton({ me }: { me: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const waiting = useWaiting(me)
  const take = useMutation({
    mutationFn: () => api.post<{ conversationId: string | null }>('/queue/next'),
    onSuccess: async ({ conversationId }) => {
      if (conversationId) await navigate(`/inbox/${conversationId}`)
      else notifications.show({ message: 'Nobody waits for you any more.' })
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
  if (waiting === 0) return null
  const count = waiting >= mostCounted ? `${mostCounted}+` : String(waiting)
  return (
    <Button
      size="compact-sm"
      variant="light"
      loading={take.isPending}
      leftSection={<Icon name="next" size={14} />}
      rightSection={
        <Badge size="sm" circle={waiting < 10} color="orange.8">
          {count}
        </Badge>
      }
      aria-label={`Next from the queue, ${count} waiting`}
      onClick={() => take.mutate()}
    >
      <Text span size="sm" visibleFrom="md">
        Next from the queue
      </Text>
    </Button>
  )
}
