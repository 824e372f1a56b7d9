import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { sayAssignee } from '../inbox-words.ts'

/** Who may not write sees who may, and takes the chat where nobody has it. */
export function NoWriteStrip({ conversation, onTaken }: { conversation: Conversation; onTaken(): void }) {
  const client = useQueryClient()
  const { assignee } = conversation
  const claim = useMutation({
    mutationFn: () => api.post(`/conversations/${conversation.id}/claim`),
    onSuccess: onTaken,
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
  return (
    <Group className="inbox-strip" gap="xs" justify="space-between" role="status">
      <Text size="sm">
        {assignee.user
          ? `${sayAssignee(assignee)} has this conversation: you may read it, and leave notes.`
          : 'You may answer conversations that are yours.'}
      </Text>
      {!assignee.user && (
        <Button size="compact-sm" loading={claim.isPending} onClick={() => claim.mutate()}>
          Assign to me and reply
        </Button>
      )}
    </Group>
  )
}
