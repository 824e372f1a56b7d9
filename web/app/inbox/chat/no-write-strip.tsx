import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { sayAssignee } from '../inbox-words.ts'
import type { MayWrite } from '../use-people.ts'

interface Props {
  conversation: Conversation
  may: Exclude<MayWrite, 'yes'>
  onTaken(): void
}

/** Who may not write sees who may, and takes the chat where nobody has it. */
export function NoWriteStrip({ conversation, may, onTaken }: Props) {
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
      <Text size="sm">{sayWhy(assignee, may)}</Text>
      {!assignee.user && (
        <Button size="compact-sm" loading={claim.isPending} onClick={() => claim.mutate()}>
          Assign to me and reply
        </Button>
      )}
    </Group>
  )
}

function sayWhy(assignee: Conversation['assignee'], may: Props['may']): string {
  if (may === 'takes') return 'Nobody has this conversation: it is yours when you answer.'
  if (assignee.user || assignee.group)
    return `${sayAssignee(assignee)} has this conversation: you may read it, and leave notes.`
  return 'You may answer conversations that are yours.'
}
