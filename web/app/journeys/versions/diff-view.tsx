import { Badge, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Diff } from '../../api/journey-shapes.ts'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayValue } from '../../ui/words.ts'

const colors = { added: 'teal', deleted: 'red', changed: 'blue', renamed: 'gray' }

export function useDiff(journeyId: string, from: string, to: string, enabled = true) {
  return useQuery({
    queryKey: ['journeys', 'diff', journeyId, from, to],
    queryFn: () => api.get<Diff>(`/journeys/${journeyId}/diff`, { from, to }),
    enabled,
  })
}

/** What one version does otherwise than another, card by card. */
export function DiffView({ journeyId, from, to }: { journeyId: string; from: string; to: string }) {
  const diff = useDiff(journeyId, from, to)
  if (diff.isPending) return <Loading what="the differences" />
  if (diff.error) return <ProblemNotice error={diff.error} />
  const { cards, triggers, settings } = diff.data
  const triggerCount = triggers.added.length + triggers.deleted.length
  if (cards.length + triggerCount + settings.length === 0) return <Text c="dimmed">Nothing is changed.</Text>
  return (
    <Stack gap="xs" component="section" aria-label="Differences">
      {cards.map((card) => (
        <CardChange key={card.card} change={card} />
      ))}
      <List size="sm">
        {triggers.added.map((trigger, at) => (
          <List.Item key={at}>starts by: {sayValue(trigger)}</List.Item>
        ))}
        {triggers.deleted.map((trigger, at) => (
          <List.Item key={at}>starts no more by: {sayValue(trigger)}</List.Item>
        ))}
        {settings.map(({ field, from: before, to: after }) => (
          <List.Item key={field}>
            <Change name={field} from={before} to={after} />
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}

function CardChange({ change }: { change: Diff['cards'][number] }) {
  const { card, change: kind, title, settings, connections, inside } = change
  return (
    <div className="app-group">
      <Text size="sm" fw={500}>
        {title ?? card}{' '}
        <Badge size="sm" variant="light" color={colors[kind]}>
          {kind}
        </Badge>{' '}
        {inside > 0 && (
          <Text span size="sm" c="dimmed">
            {sayCount(inside, 'person stands', 'people stand')} here
          </Text>
        )}
      </Text>
      {settings.map(({ field, from, to }) => (
        <Text key={field} size="sm">
          <Change name={field} from={from} to={to} />
        </Text>
      ))}
      {connections.map(({ outlet, from, to }) => (
        <Text key={outlet} size="sm">
          {outlet} leads to {to ?? 'the end'}, not to {from ?? 'the end'}
        </Text>
      ))}
    </div>
  )
}

function Change({ name, from, to }: { name: string; from: unknown; to: unknown }) {
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      <span className="app-muted">{name}</span> <del>{sayValue(from)}</del> {sayValue(to)}
    </span>
  )
}
