import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { Segment } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { Icon } from '../ui/icon.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { SearchInput } from '../ui/search-input.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayCount } from '../ui/words.ts'
import { ListTable } from '../ui/list-table.tsx'

export function SegmentsPage() {
  const [search, setSearch] = useState('')
  const [kind, setKind] = useState('')
  const [words] = useDebouncedValue(search.trim(), 250)
  const segments = usePages(['segments', words, kind], (cursor) =>
    api.get<Page<Segment>>('/segments', { search: words, kind, cursor, limit: 50 }),
  )
  const isFiltered = words !== '' || kind !== ''
  return (
    <>
      <PageTitle title="Segments">
        <Button component={Link} to="/segments/new" leftSection={<Icon name="plus" size={16} />}>
          New segment
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <Group gap="xs">
          <SearchInput
            label="Search segments"
            placeholder="Part of the name"
            value={search}
            onChange={setSearch}
          />
          <SegmentedControl
            aria-label="Kind"
            value={kind}
            onChange={setKind}
            data={[
              { value: '', label: 'All' },
              { value: 'live', label: 'Live' },
              { value: 'static', label: 'Static' },
            ]}
          />
        </Group>
        <ProblemNotice error={segments.error} onRetry={() => void segments.refetch()} />
        {segments.isPending && <Loading what="segments" />}
        {segments.items.length > 0 && <SegmentTable segments={segments.items} />}
        {segments.isSuccess && segments.items.length === 0 && (
          <Empty title={isFiltered ? 'No segment is called so' : 'No segments yet'}>
            {!isFiltered && (
              <>
                <Text c="dimmed" ta="center">
                  A live segment follows its condition; into a static one you put contacts yourself.
                </Text>
                <Button component={Link} to="/segments/new">
                  Make the first one
                </Button>
              </>
            )}
          </Empty>
        )}
        <MoreButton pages={segments} />
      </Stack>
    </>
  )
}

function SegmentTable({ segments }: { segments: Segment[] }) {
  return (
    <ListTable label="Segments">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Kind</Table.Th>
          <Table.Th>Members</Table.Th>
          <Table.Th visibleFrom="sm">Made</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {segments.map((segment) => (
          <Table.Tr key={segment.id}>
            <Table.Td>
              <Anchor component={Link} to={`/segments/${segment.id}`} fw={500} size="sm">
                {segment.name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <KindBadge segment={segment} />
            </Table.Td>
            <Table.Td>{sayCount(segment.members, 'contact')}</Table.Td>
            <Table.Td visibleFrom="sm">{sayAgo(segment.createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}

export function KindBadge({ segment: { kind, evaluatedAt } }: { segment: Segment }) {
  if (kind === 'static') {
    return (
      <Badge variant="light" color="gray">
        static
      </Badge>
    )
  }
  return (
    <Badge variant="light" color={evaluatedAt ? 'teal' : 'yellow'}>
      {evaluatedAt ? 'live' : 'being filled'}
    </Badge>
  )
}
