import {
  Anchor,
  Badge,
  Button,
  Chip,
  Group,
  Modal,
  Paper,
  Stack,
  Text,
  Timeline as Steps,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../api/client.ts'
import type { TimelineItem } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayTime } from '../ui/words.ts'

const kinds = [
  'message',
  'event',
  'journey',
  'attribute',
  'tag',
  'segment',
  'consent',
  'note',
  'order',
  'contact',
  'chat',
]

/** Everything that happened, newest first. */
export function Timeline({ contactId }: { contactId: string }) {
  const [shown, setShown] = useState<string[]>([])
  const [why, setWhy] = useState<TimelineItem>()
  const items = usePages(['contact', contactId, 'timeline', shown], (cursor) =>
    api.get<Page<TimelineItem>>(`/contacts/${contactId}/timeline`, {
      kinds: shown.join(','),
      cursor,
      limit: 30,
    }),
  )
  return (
    <Stack>
      <Chip.Group multiple value={shown} onChange={setShown}>
        <Group gap={6} role="group" aria-label="Show only">
          {kinds.map((kind) => (
            <Chip key={kind} value={kind} size="xs">
              {kind}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <ProblemNotice error={items.error} onRetry={() => void items.refetch()} />
      {items.isPending && <Loading what="the timeline" />}
      {items.isSuccess && items.items.length === 0 && <Empty title="Nothing of that kind happened" />}
      {items.items.length > 0 && (
        <Paper withBorder p="md">
          <Steps bulletSize={12} lineWidth={2} active={items.items.length}>
            {items.items.map((item) => (
              <Steps.Item key={`${item.kind} ${item.id}`}>
                <Row item={item} onWhy={() => setWhy(item)} />
              </Steps.Item>
            ))}
          </Steps>
        </Paper>
      )}
      <MoreButton pages={items} />
      {why && <WhyDialog item={why} onClose={() => setWhy(undefined)} />}
    </Stack>
  )
}

function Row({ item: { kind, type, words, at, why }, onWhy }: { item: TimelineItem; onWhy(): void }) {
  return (
    <Stack gap={2}>
      <Text size="sm" className="app-pre">
        {kind === 'message' && <strong>{type === 'in' ? '→ ' : '← '}</strong>}
        {words}
      </Text>
      <Group gap="xs">
        <Badge size="xs" variant="light" color="gray">
          {kind}
        </Badge>
        <Text size="xs" c="dimmed" title={sayTime(at)}>
          {sayAgo(at)}
        </Text>
        {why && (
          <Anchor component="button" type="button" size="xs" onClick={onWhy}>
            Why?
          </Anchor>
        )}
      </Group>
    </Stack>
  )
}

interface Why {
  chain: { at: string; words: string }[]
  words: string
  temporal: { url: string | null } | null
}

function WhyDialog({ item, onClose }: { item: TimelineItem; onClose(): void }) {
  const path = item.why?.replace('/platform/v1', '') ?? ''
  const why = useQuery({ queryKey: ['why', path], queryFn: () => api.get<Why>(path) })
  return (
    <Modal opened onClose={onClose} title="Why did this happen?" size="lg">
      {why.isPending && <Loading what="the causes" />}
      <ProblemNotice error={why.error} />
      {why.data && (
        <Stack>
          <Text>{why.data.words}</Text>
          <Steps bulletSize={12} lineWidth={2}>
            {why.data.chain.map(({ at, words }, place) => (
              <Steps.Item key={place}>
                <Text size="sm">{words}</Text>
                <Text size="xs" c="dimmed">
                  {sayTime(at)}
                </Text>
              </Steps.Item>
            ))}
          </Steps>
          {why.data.temporal?.url && (
            <Button
              component="a"
              href={why.data.temporal.url}
              target="_blank"
              rel="noreferrer"
              variant="default"
            >
              Open the workflow in Temporal
            </Button>
          )}
        </Stack>
      )}
    </Modal>
  )
}
