import { Anchor, Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Recipient, RunProgress } from '../../api/report-shapes.ts'
import { api, type Page } from '../../api/client.ts'
import { usePages } from '../../api/use-pages.ts'
import { Card } from '../../ui/card.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { RecipientStory } from './recipient-story.tsx'
import { nameOf, OutcomeBadge, recipientFilters } from './recipient-words.tsx'

/** Everybody who was meant, and what became of their message. */
export function Recipients({ run }: { run: RunProgress }) {
  const [outcome, setOutcome] = useState('')
  const [shown, setShown] = useState<Recipient>()
  const recipients = usePages(['campaigns', 'run', run.id, 'recipients', outcome, run.state], (cursor) =>
    api.get<Page<Recipient>>(`/campaign-runs/${run.id}/recipients`, { outcome, cursor, limit: 20 }),
  )
  return (
    <Card
      title="People"
      action={
        <Group gap="xs">
          <Select
            size="xs"
            aria-label="Which people"
            placeholder="Everybody"
            clearable
            data={Object.entries(recipientFilters).map(([value, label]) => ({ value, label }))}
            value={outcome || null}
            onChange={(chosen) => setOutcome(chosen ?? '')}
            w={220}
          />
          <Button size="xs" variant="default" onClick={() => void recipients.refetch()}>
            Look again
          </Button>
        </Group>
      }
    >
      <Stack gap="sm">
        <ProblemNotice error={recipients.error} onRetry={() => void recipients.refetch()} />
        {recipients.isPending && <Loading what="people" />}
        {recipients.items.length > 0 && <RecipientTable recipients={recipients.items} onShow={setShown} />}
        {recipients.isSuccess && recipients.items.length === 0 && (
          <Empty title={outcome ? 'Nobody fits' : 'Nobody yet'}>
            {!outcome && (
              <Text c="dimmed" ta="center">
                Who gets it is looked up when the run begins.
              </Text>
            )}
          </Empty>
        )}
        <MoreButton pages={recipients} />
      </Stack>
      {shown && <RecipientStory recipient={shown} onClose={() => setShown(undefined)} />}
    </Card>
  )
}

interface TableProps {
  recipients: Recipient[]
  onShow(recipient: Recipient): void
}

function RecipientTable({ recipients, onShow }: TableProps) {
  return (
    <ListTable label="People">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Who</Table.Th>
          <Table.Th>What became of it</Table.Th>
          <Table.Th visibleFrom="sm">Why</Table.Th>
          <Table.Th visibleFrom="sm">Variant</Table.Th>
          <Table.Th>
            <span className="app-unseen">Story</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {recipients.map((recipient) => (
          <Table.Tr key={recipient.messageId ?? recipient.contactId}>
            <Table.Td>
              <Anchor component={Link} to={`/contacts/${recipient.contactId}`} size="sm" fw={500}>
                {nameOf(recipient)}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <OutcomeBadge recipient={recipient} />
            </Table.Td>
            <Table.Td visibleFrom="sm">{recipient.reason}</Table.Td>
            <Table.Td visibleFrom="sm">{recipient.variant}</Table.Td>
            <Table.Td>
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={`Story of ${nameOf(recipient)}`}
                onClick={() => onShow(recipient)}
              >
                Story
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}
