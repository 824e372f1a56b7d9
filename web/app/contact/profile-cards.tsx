import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Contact, Profile } from '../api/shapes.ts'
import { Card } from '../ui/card.tsx'
import { sayAgo, sayName, sayTime } from '../ui/words.ts'

const identityWords: Record<string, string> = {
  wa_id: 'Phone',
  bsuid: 'WhatsApp user id',
  parent_bsuid: 'WhatsApp parent id',
  username: 'Username',
  external: 'External id',
  email: 'E-mail',
  widget: 'Widget id',
}

export function IdentitiesCard({ contact: { identities } }: { contact: Contact }) {
  return (
    <Card title="Identities">
      <Stack gap={6}>
        {identities.map(({ id, kind, value, source, validTo }) => (
          <Group key={id} gap="xs" justify="space-between">
            <Text size="sm" td={validTo ? 'line-through' : undefined} style={{ overflowWrap: 'anywhere' }}>
              <span className="app-muted">{identityWords[kind] ?? kind}</span> {value}
            </Text>
            <Text size="xs" c="dimmed">
              {validTo ? `until ${sayTime(validTo)}` : `from ${sayName(source)}`}
            </Text>
          </Group>
        ))}
        {identities.length === 0 && <Text c="dimmed">Nothing names this contact any more.</Text>}
      </Stack>
    </Card>
  )
}

export function SegmentsCard({ segments }: Pick<Profile, 'segments'>) {
  if (segments.length === 0) return null
  return (
    <Card title="Segments">
      <Stack gap={6}>
        {segments.map(({ id, name, enteredAt }) => (
          <Group key={id} justify="space-between">
            <Anchor component={Link} to={`/segments/${id}`} size="sm">
              {name}
            </Anchor>
            <Text size="xs" c="dimmed" title={sayTime(enteredAt)}>
              since {sayAgo(enteredAt)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}

export function JourneysCard({ journeys }: Pick<Profile, 'journeys'>) {
  if (journeys.length === 0) return null
  return (
    <Card title="Journeys">
      <Stack gap={6}>
        {journeys.map(({ runId, name, state, startedAt }) => (
          <Group key={runId} justify="space-between">
            <Anchor component={Link} to={`/runs/${runId}`} size="sm">
              {name}
            </Anchor>
            <Group gap="xs">
              <Badge variant="light" color={state === 'stuck' || state === 'failed' ? 'red' : 'gray'}>
                {state}
              </Badge>
              <Text size="xs" c="dimmed" title={sayTime(startedAt)}>
                {sayAgo(startedAt)}
              </Text>
            </Group>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}

export function ConversationsCard({ conversations }: Pick<Profile, 'conversations'>) {
  if (conversations.length === 0) return null
  return (
    <Card title="Conversations">
      <Stack gap={6}>
        {conversations.map(({ id, number, lastMessageAt, windowOpen }) => (
          <Group key={id} justify="space-between">
            <Text size="sm">with {number}</Text>
            <Group gap="xs">
              <Badge variant="light" color={windowOpen ? 'teal' : 'gray'}>
                window {windowOpen ? 'open' : 'closed'}
              </Badge>
              {lastMessageAt && (
                <Text size="xs" c="dimmed">
                  {sayAgo(lastMessageAt)}
                </Text>
              )}
            </Group>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
