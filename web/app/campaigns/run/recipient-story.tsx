import { Anchor, Button, Group, Modal, Stack, Text, Timeline as Steps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Recipient } from '../../api/report-shapes.ts'
import { api } from '../../api/client.ts'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'
import { nameOf, OutcomeBadge, stepsOf } from './recipient-words.tsx'

interface Props {
  recipient: Recipient
  onClose(): void
}

/** What happened to one person's message, step by step. */
export function RecipientStory({ recipient, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={`What ${nameOf(recipient)} got, and why`} size="lg">
      <Stack>
        <Group gap="xs">
          <OutcomeBadge recipient={recipient} />
          <Text size="sm">{recipient.reason}</Text>
        </Group>
        <Steps bulletSize={14} lineWidth={2} aria-label="Story">
          {stepsOf(recipient).map(({ at, words }) => (
            <Steps.Item key={words} title={<Text size="sm">{words}</Text>}>
              <Text size="xs" c="dimmed">
                {sayTime(at)}
              </Text>
            </Steps.Item>
          ))}
        </Steps>
        <Why recipient={recipient} />
        <Group justify="space-between">
          <Anchor component={Link} to={`/contacts/${recipient.contactId}`} size="sm">
            The contact
          </Anchor>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface Chain {
  chain: { factId: string | null; at: string; words: string }[]
}

/** The decisions behind a message; what WhatsApp said of it stands above. */
function Why({ recipient: { contactId, messageId } }: Pick<Props, 'recipient'>) {
  const why = useQuery({
    queryKey: ['why', contactId, messageId],
    queryFn: () => api.get<Chain>(`/contacts/${contactId}/why`, { message: messageId ?? undefined }),
    enabled: messageId !== null,
  })
  if (messageId === null) return null
  if (why.isPending) return <Loading what="why" />
  if (!why.data) return <ProblemNotice error={why.error} onRetry={() => void why.refetch()} />
  const decisions = why.data.chain.filter(({ factId }) => factId !== null)
  if (decisions.length === 0) return null
  return (
    <Stack gap={4} component="section" aria-label="Why">
      <Text size="sm" fw={500}>
        Why
      </Text>
      {decisions.map(({ factId, at, words }) => (
        <Text key={factId} size="sm">
          {words}{' '}
          <Text span size="xs" c="dimmed">
            {sayTime(at)}
          </Text>
        </Text>
      ))}
    </Stack>
  )
}
