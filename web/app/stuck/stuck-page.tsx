import { Anchor, Button, Group, Paper, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { StuckGroup } from '../api/journey-shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayNumber } from '../ui/words.ts'
import { RecentOperations } from './recent-operations.tsx'
import { ResolveMany } from './resolve-many.tsx'

/** Runs that wait for an engineer, by what they have in common. */
export function StuckPage() {
  const [params] = useSearchParams()
  const journeyId = params.get('journey') ?? undefined
  const [chosen, setChosen] = useState<StuckGroup>()
  const groups = usePages(['stuck', journeyId], (cursor) =>
    api.get<Page<StuckGroup>>('/runs/stuck', { journeyId, cursor, limit: 50 }),
  )
  return (
    <>
      <PageTitle title="Stuck runs" />
      <Stack gap="sm">
        <Group justify="space-between">
          <Text c="dimmed" size="sm">
            A card that fails parks its run instead of ending it. Nothing is lost: say how it goes on.
          </Text>
          {journeyId && (
            <Anchor component={Link} to="/stuck" size="sm">
              Show all journeys
            </Anchor>
          )}
        </Group>
        <ProblemNotice error={groups.error} onRetry={() => void groups.refetch()} />
        {groups.isPending && <Loading what="stuck runs" />}
        {groups.items.length > 0 && <GroupTable groups={groups.items} onResolve={setChosen} />}
        {groups.isSuccess && groups.items.length === 0 && (
          <Empty title="Nothing is stuck">
            <Text c="dimmed">Every run goes its way.</Text>
          </Empty>
        )}
        <MoreButton pages={groups} />
        <RecentOperations />
      </Stack>
      {chosen && <ResolveMany group={chosen} onClose={() => setChosen(undefined)} />}
    </>
  )
}

function GroupTable({ groups, onResolve }: { groups: StuckGroup[]; onResolve(group: StuckGroup): void }) {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={320} type="native">
        <Table aria-label="Stuck runs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Where</Table.Th>
              <Table.Th>Why</Table.Th>
              <Table.Th ta="right">Runs</Table.Th>
              <Table.Th visibleFrom="sm">Since</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {groups.map((group) => (
              <GroupRow
                key={`${group.versionId} ${group.cardId} ${group.errorCode}`}
                group={group}
                onResolve={() => onResolve(group)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function GroupRow({ group, onResolve }: { group: StuckGroup; onResolve(): void }) {
  const { journeyId, journeyName, version, cardId, errorCode, exampleReason, count, since, exampleRunId } =
    group
  const people = `/journeys/${journeyId}/people?state=stuck&cardId=${encodeURIComponent(cardId)}`
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={people} size="sm" fw={500}>
          {journeyName}
        </Anchor>
        <Text size="xs" c="dimmed">
          version {version}, card {cardId}
        </Text>
      </Table.Td>
      <Table.Td maw={360}>
        <Text size="sm">{errorCode}</Text>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {exampleReason}
        </Text>
        <Anchor component={Link} to={`/runs/${exampleRunId}`} size="xs">
          One of them
        </Anchor>
      </Table.Td>
      <Table.Td ta="right">{sayNumber(count)}</Table.Td>
      <Table.Td visibleFrom="sm">{sayAgo(since)}</Table.Td>
      <Table.Td ta="right">
        <Button size="xs" aria-label={`Resolve ${journeyName}, ${cardId}, ${errorCode}`} onClick={onResolve}>
          Resolve …
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}
