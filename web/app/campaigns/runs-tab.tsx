import { Anchor, Badge, Button, Stack, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Campaign, CampaignRun } from '../api/campaign-shapes.ts'
import { api, type Page } from '../api/client.ts'
import { usePages } from '../api/use-pages.ts'
import { ListTable } from '../ui/list-table.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayNumber, sayTime } from '../ui/words.ts'
import { NextRuns } from './composer/next-runs.tsx'
import { runColors } from './campaign-words.ts'

/** Each run is its own, with its own audience and numbers. */
export function RunsTab({ campaign }: { campaign: Campaign }) {
  const { id, kind, state } = campaign
  const runs = usePages(['campaigns', 'runs', id, campaign.runs, state], (cursor) =>
    api.get<Page<CampaignRun>>(`/campaigns/${id}/runs`, { cursor, limit: 50 }),
  )
  const { schedule } = campaign.definition
  return (
    <Stack gap="sm">
      {schedule?.kind === 'recurring' && state === 'active' && (
        <NextRuns campaignId={id} schedule={schedule} isStored />
      )}
      <ProblemNotice error={runs.error} onRetry={() => void runs.refetch()} />
      {runs.isPending && <Loading what="runs" />}
      {runs.items.length > 0 && <RunTable campaignId={id} runs={runs.items} />}
      {runs.isSuccess && runs.items.length === 0 && (
        <Empty title="It has not run yet">
          <Text c="dimmed" ta="center">
            {kind === 'api'
              ? 'It runs when your system calls it: see “What it does”, “The call”.'
              : 'It runs by itself when its time comes.'}
          </Text>
          <Button component={Link} to={`/campaigns/${id}/compose`} variant="light">
            See what it does
          </Button>
        </Empty>
      )}
      <MoreButton pages={runs} />
    </Stack>
  )
}

function RunTable({ campaignId, runs }: { campaignId: string; runs: CampaignRun[] }) {
  return (
    <ListTable label="Runs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Run</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">People</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Left out
          </Table.Th>
          <Table.Th visibleFrom="sm">Began</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map(({ id, number, state, intended, leftOut, startsAt }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Anchor component={Link} to={`/campaigns/${campaignId}/runs/${id}`} fw={500} size="sm">
                Run {number}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={runColors[state]}>
                {state}
              </Badge>
            </Table.Td>
            <Table.Td ta="right">{intended === null ? '–' : sayNumber(intended)}</Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {leftOut === null ? '–' : sayNumber(leftOut)}
            </Table.Td>
            <Table.Td visibleFrom="sm">{sayTime(startsAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}
