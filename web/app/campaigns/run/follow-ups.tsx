import { Anchor, Badge, Stack, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { FollowedUp, RunProgress } from '../../api/report-shapes.ts'
import { api, type Page } from '../../api/client.ts'
import { usePages } from '../../api/use-pages.ts'
import { Card } from '../../ui/card.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { does, whens } from '../composer/follow-up-fields.tsx'
import { nameOf } from './recipient-words.tsx'

/** What followed from the run, for whom; nothing is shown where nothing did. */
export function FollowUps({ run }: { run: RunProgress }) {
  const followed = usePages(['campaigns', 'run', run.id, 'follow-ups', run.state], (cursor) =>
    api.get<Page<FollowedUp>>(`/campaign-runs/${run.id}/follow-ups`, { cursor, limit: 20 }),
  )
  if (followed.error) return <ProblemNotice error={followed.error} onRetry={() => void followed.refetch()} />
  if (followed.items.length === 0) return null
  return (
    <Card title="What followed">
      <Stack gap="sm">
        <ListTable label="What followed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Who</Table.Th>
              <Table.Th>Because of</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Outcome</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {followed.items.map((each) => (
              <Table.Tr key={`${each.followUp} ${each.contactId}`}>
                <Table.Td>
                  <Anchor component={Link} to={`/contacts/${each.contactId}`} size="sm" fw={500}>
                    {nameOf(each)}
                  </Anchor>
                </Table.Td>
                <Table.Td>{whens[each.on]}</Table.Td>
                <Table.Td>{does[each.action]}</Table.Td>
                <Table.Td>
                  <Badge variant="light" color={each.outcome === 'done' ? 'teal' : 'red'}>
                    {each.outcome}
                  </Badge>
                  {each.reason && <Text size="xs">{each.reason}</Text>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ListTable>
        <MoreButton pages={followed} />
      </Stack>
    </Card>
  )
}
