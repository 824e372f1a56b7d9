import { Anchor, Badge, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, type Page } from '../../api/client.ts'
import type { Journey, JourneyUser } from '../../api/journey-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayAgo } from '../../ui/words.ts'
import { ListTable } from '../../ui/list-table.tsx'
import { inFlowOrder } from '../flow/edit-draft.ts'
import { runStates, stateColors } from '../journey-words.ts'
import { useVersions } from '../use-journey.ts'

interface Filter {
  state: string
  cardId: string
  version: string
}

/** Who has entered, and how they stand; each leads to their run. */
export function PeopleTab({ journey }: { journey: Journey }) {
  const [params, setParams] = useSearchParams()
  const [search, setSearch] = useState('')
  const [words] = useDebouncedValue(search.trim(), 250)
  const of = (name: string) => params.get(name) ?? ''
  const filter = { state: of('state'), cardId: of('cardId'), version: of('version') }
  const change = (changed: Filter) => {
    const given = Object.entries(changed).filter(([, value]) => value !== '')
    setParams(Object.fromEntries(given), { replace: true })
  }
  const path = `/journeys/${journey.id}/users`
  const users = usePages(['journeys', 'users', journey.id, words, filter], (cursor) =>
    api.get<Page<JourneyUser>>(path, { search: words, ...filter, cursor, limit: 50 }),
  )
  const isFiltered = words !== '' || Object.values(filter).some(Boolean)
  const asked = Object.entries({ search: words, ...filter }).filter(([, value]) => value !== '')
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <SearchInput
          label="Search people"
          placeholder="Name, phone or another id"
          value={search}
          onChange={setSearch}
        />
        <Filters journey={journey} filter={filter} onChange={change} />
        <Anchor href={api.address(`${path}/csv?${new URLSearchParams(asked)}`)} download size="sm">
          CSV
        </Anchor>
      </Group>
      <ProblemNotice error={users.error} onRetry={() => void users.refetch()} />
      {users.isPending && <Loading what="people" />}
      {users.items.length > 0 && <UserTable users={users.items} />}
      {users.isSuccess && users.items.length === 0 && (
        <Empty title={isFiltered ? 'Nobody fits' : 'Nobody has entered yet'}>
          {!isFiltered && (
            <Text c="dimmed" ta="center">
              People enter when a trigger fires: publish the journey, and see under “Start &amp; rules” what
              starts it.
            </Text>
          )}
        </Empty>
      )}
      <MoreButton pages={users} />
    </Stack>
  )
}

interface FilterProps {
  journey: Journey
  filter: Filter
  onChange(filter: Filter): void
}

function Filters({ journey, filter, onChange }: FilterProps) {
  const versions = useVersions(journey.id).data ?? []
  return (
    <>
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        data={['inside', ...runStates]}
        value={filter.state || null}
        onChange={(state) => onChange({ ...filter, state: state ?? '' })}
        w={140}
      />
      <Select
        aria-label="Card"
        placeholder="Any card"
        clearable
        searchable
        data={inFlowOrder(journey.draft)}
        value={filter.cardId || null}
        onChange={(cardId) => onChange({ ...filter, cardId: cardId ?? '' })}
        w={160}
      />
      <Select
        aria-label="Version"
        placeholder="Any version"
        clearable
        data={versions.map(({ number }) => ({ value: String(number), label: `Version ${number}` }))}
        value={filter.version || null}
        onChange={(version) => onChange({ ...filter, version: version ?? '' })}
        w={140}
      />
    </>
  )
}

function UserTable({ users }: { users: JourneyUser[] }) {
  return (
    <ListTable label="People">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Who</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>At card</Table.Th>
          <Table.Th visibleFrom="sm">Version</Table.Th>
          <Table.Th visibleFrom="sm">Outcome</Table.Th>
          <Table.Th visibleFrom="md">Entered</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map(({ runId, name, phone, state, cardId, version, outcome, goalReached, startedAt }) => (
          <Table.Tr key={runId}>
            <Table.Td>
              <Anchor component={Link} to={`/runs/${runId}`} size="sm" fw={500}>
                {name ?? (phone ? `+${phone}` : 'Nobody: started by an API')}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={stateColors[state]}>
                {state}
              </Badge>
            </Table.Td>
            <Table.Td>{cardId}</Table.Td>
            <Table.Td visibleFrom="sm">{version}</Table.Td>
            <Table.Td visibleFrom="sm">
              {outcome}
              {goalReached && ' · goal reached'}
            </Table.Td>
            <Table.Td visibleFrom="md">{sayAgo(startedAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}
