import { Anchor, Badge, Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { JourneyLine } from '../api/journey-shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { Icon } from '../ui/icon.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { SearchInput } from '../ui/search-input.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayNumber } from '../ui/words.ts'
import { ListTable } from '../ui/list-table.tsx'
import { stateColors, triggerWords } from './journey-words.ts'

interface Filter {
  state: string
  trigger: string
  sort: string
}
const sorts = [
  { value: 'created desc', label: 'Newest first' },
  { value: 'edited desc', label: 'Last edited first' },
  { value: 'name asc', label: 'By name' },
]

export function JourneysPage() {
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>({ state: '', trigger: '', sort: 'created desc' })
  const [words] = useDebouncedValue(search.trim(), 250)
  const { state, trigger } = filter
  const [sort, order] = filter.sort.split(' ')
  const journeys = usePages(['journeys', 'list', words, filter], (cursor) =>
    api.get<Page<JourneyLine>>('/journeys', {
      search: words,
      state,
      trigger,
      sort,
      order,
      cursor,
      limit: 50,
    }),
  )
  const isFiltered = words !== '' || state !== '' || trigger !== ''
  return (
    <>
      <PageTitle title="Journeys">
        <Button component={Link} to="/journeys/new" leftSection={<Icon name="plus" size={16} />}>
          New journey
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <Group gap="xs">
          <SearchInput
            label="Search journeys"
            placeholder="Part of the name"
            value={search}
            onChange={setSearch}
          />
          <Filters filter={filter} onChange={setFilter} />
        </Group>
        <ProblemNotice error={journeys.error} onRetry={() => void journeys.refetch()} />
        {journeys.isPending && <Loading what="journeys" />}
        {journeys.items.length > 0 && <JourneyTable journeys={journeys.items} />}
        {journeys.isSuccess && journeys.items.length === 0 && <NoJourneys isFiltered={isFiltered} />}
        <MoreButton pages={journeys} />
      </Stack>
    </>
  )
}

function Filters({ filter, onChange }: { filter: Filter; onChange(filter: Filter): void }) {
  return (
    <>
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        data={[
          { value: 'draft', label: 'Draft' },
          { value: 'published', label: 'Published' },
          { value: 'paused', label: 'Paused' },
        ]}
        value={filter.state || null}
        onChange={(state) => onChange({ ...filter, state: state ?? '' })}
        w={140}
      />
      <Select
        aria-label="Trigger"
        placeholder="Any trigger"
        clearable
        data={Object.entries(triggerWords).map(([value, label]) => ({ value, label }))}
        value={filter.trigger || null}
        onChange={(trigger) => onChange({ ...filter, trigger: trigger ?? '' })}
        w={180}
      />
      <Select
        aria-label="Order"
        allowDeselect={false}
        data={sorts}
        value={filter.sort}
        onChange={(sort) => onChange({ ...filter, sort: sort ?? 'created desc' })}
        w={170}
      />
    </>
  )
}

function NoJourneys({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No journey fits" />
  return (
    <Empty title="No journeys yet">
      <Text c="dimmed" ta="center">
        A journey answers, asks, waits and reminds by itself. Begin with one that is ready, or with an empty
        one.
      </Text>
      <Button component={Link} to="/journeys/new">
        Make the first one
      </Button>
    </Empty>
  )
}

const columns = ['Entered', 'Inside', 'Completed', 'Goal']

function JourneyTable({ journeys }: { journeys: JourneyLine[] }) {
  return (
    <ListTable label="Journeys">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>State</Table.Th>
          {columns.map((name) => (
            <Table.Th key={name} ta="right" visibleFrom={name === 'Inside' ? undefined : 'sm'}>
              {name}
            </Table.Th>
          ))}
          <Table.Th ta="right">Stuck</Table.Th>
          <Table.Th visibleFrom="md">Edited</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {journeys.map((journey) => (
          <JourneyRow key={journey.id} journey={journey} />
        ))}
      </Table.Tbody>
    </ListTable>
  )
}

function JourneyRow({ journey: { id, name, state, numbers, updatedAt } }: { journey: JourneyLine }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/journeys/${id}`} fw={500} size="sm">
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={stateColors[state]}>
          {state}
        </Badge>
      </Table.Td>
      {[numbers.entered, numbers.inside, numbers.completed, numbers.goalReached].map((count, at) => (
        <Table.Td key={columns[at]} ta="right" visibleFrom={at === 1 ? undefined : 'sm'}>
          {sayNumber(count)}
        </Table.Td>
      ))}
      <Table.Td ta="right">
        {numbers.stuck > 0 ? (
          <Anchor component={Link} to={`/stuck?journey=${id}`} size="sm" c="red">
            {sayNumber(numbers.stuck)}
          </Anchor>
        ) : (
          '0'
        )}
      </Table.Td>
      <Table.Td visibleFrom="md">{sayAgo(updatedAt)}</Table.Td>
    </Table.Tr>
  )
}
