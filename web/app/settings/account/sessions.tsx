import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import type { UserSession } from '../../api/people-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { Card } from '../../ui/card.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayAgo } from '../../ui/words.ts'

const key = ['sessions']

/** Where one is signed in. */
export function Sessions() {
  const client = useQueryClient()
  const sessions = usePages(key, (cursor) =>
    api.get<Page<UserSession>>('/users/me/sessions', { cursor, limit: 20 }),
  )
  const end = useMutation({
    mutationFn: (path: string) => api.delete(`/users/me/sessions${path}`),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
  return (
    <Card
      title="Where you are signed in"
      action={
        <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate('')}>
          Sign out everywhere else
        </Button>
      }
    >
      <Stack gap="xs">
        <ProblemNotice error={sessions.error ?? end.error} />
        {sessions.items.map(({ id, userAgent, address, lastSeenAt, createdAt, isCurrent }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <div>
              <Group gap="xs">
                <Text size="sm">{userAgent ?? 'unknown browser'}</Text>
                {isCurrent && <Badge variant="light">this one</Badge>}
              </Group>
              <Text size="xs" c="dimmed">
                {address} · {sayAgo(lastSeenAt ?? createdAt)}
              </Text>
            </div>
            {!isCurrent && (
              <Button size="xs" variant="light" color="red" onClick={() => end.mutate(`/${id}`)}>
                End
              </Button>
            )}
          </Group>
        ))}
        <MoreButton pages={sessions} />
      </Stack>
    </Card>
  )
}
