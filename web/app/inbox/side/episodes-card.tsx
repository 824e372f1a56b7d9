import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { saySpan, sayTime } from '../../ui/words.ts'

interface Episode {
  id: string
  openedAt: string
  firstResponseAt: string | null
  closedAt: string | null
  outcome: string | null
}
const mostShown = 5

/** Earlier stretches of this conversation: when, how long, and how they ended. */
export function EpisodesCard({ conversationId }: { conversationId: string }) {
  const { data } = useQuery({
    queryKey: ['inbox', 'episodes', conversationId],
    queryFn: () => api.get<Page<Episode>>(`/conversations/${conversationId}/episodes`, { limit: mostShown }),
    staleTime: 30_000,
  })
  const ended = data?.items.filter(({ closedAt }) => closedAt !== null) ?? []
  if (ended.length === 0) return null
  return (
    <Card title="Before">
      <Stack gap={8}>
        {ended.map((episode) => (
          <div key={episode.id}>
            <Text size="sm">{sayTime(episode.openedAt)}</Text>
            <Group gap={6}>
              <Text size="xs" c="dimmed">
                {sayEpisode(episode)}
              </Text>
            </Group>
          </div>
        ))}
      </Stack>
    </Card>
  )
}

function sayEpisode({ openedAt, firstResponseAt, closedAt, outcome }: Episode): string {
  const since = (at: string) => saySpan(Math.max(0, Date.parse(at) - Date.parse(openedAt)))
  return [
    firstResponseAt ? `answered after ${since(firstResponseAt)}` : 'never answered',
    ...(closedAt ? [`closed after ${since(closedAt)}`] : []),
    ...(outcome ? [outcome] : []),
  ].join(' · ')
}
