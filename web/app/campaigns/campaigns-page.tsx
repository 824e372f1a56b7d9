import { Anchor, Badge, Button, Checkbox, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import type { CampaignLine } from '../api/campaign-shapes.ts'
import { api, type Page } from '../api/client.ts'
import { usePages } from '../api/use-pages.ts'
import { Icon } from '../ui/icon.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { SearchInput } from '../ui/search-input.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayNumber, sayShare } from '../ui/words.ts'
import { campaignColors, kindWords } from './campaign-words.ts'

interface Filter {
  kind: string
  state: string
  archived: 'false' | 'true'
}

export function CampaignsPage() {
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>({ kind: '', state: '', archived: 'false' })
  const [chosen, setChosen] = useState<string[]>([])
  const [words] = useDebouncedValue(search.trim(), 250)
  const campaigns = usePages(['campaigns', 'list', words, filter], (cursor) =>
    api.get<Page<CampaignLine>>('/campaigns', { search: words, ...filter, cursor, limit: 50 }),
  )
  const isFiltered = words !== '' || filter.kind !== '' || filter.state !== '' || filter.archived === 'true'
  return (
    <>
      <PageTitle title="Campaigns">
        {chosen.length > 1 && (
          <Button component={Link} to={`/campaigns/compare?ids=${chosen.join(',')}`} variant="default">
            Compare {chosen.length}
          </Button>
        )}
        <Button component={Link} to="/campaigns/new" leftSection={<Icon name="plus" size={16} />}>
          New campaign
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <Group gap="xs">
          <SearchInput
            label="Search campaigns"
            placeholder="Part of the name"
            value={search}
            onChange={setSearch}
          />
          <Filters filter={filter} onChange={setFilter} />
        </Group>
        <ProblemNotice error={campaigns.error} onRetry={() => void campaigns.refetch()} />
        {campaigns.isPending && <Loading what="campaigns" />}
        {campaigns.items.length > 0 && (
          <CampaignTable campaigns={campaigns.items} chosen={chosen} onChoose={setChosen} />
        )}
        {campaigns.isSuccess && campaigns.items.length === 0 && <NoCampaigns isFiltered={isFiltered} />}
        <MoreButton pages={campaigns} />
      </Stack>
    </>
  )
}

function Filters({ filter, onChange }: { filter: Filter; onChange(filter: Filter): void }) {
  return (
    <>
      <Select
        aria-label="Kind"
        placeholder="Any kind"
        clearable
        data={Object.entries(kindWords).map(([value, { title }]) => ({ value, label: title }))}
        value={filter.kind || null}
        onChange={(kind) => onChange({ ...filter, kind: kind ?? '' })}
        w={140}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        data={Object.keys(campaignColors)}
        value={filter.state || null}
        onChange={(state) => onChange({ ...filter, state: state ?? '' })}
        w={140}
      />
      <Checkbox
        label="Archived"
        checked={filter.archived === 'true'}
        onChange={(event) =>
          onChange({ ...filter, archived: event.currentTarget.checked ? 'true' : 'false' })
        }
      />
    </>
  )
}

function NoCampaigns({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No campaign fits" />
  return (
    <Empty title="No campaigns yet">
      <Text c="dimmed" ta="center">
        A campaign sends a WhatsApp message to many people: once, again and again, or when something happens.
      </Text>
      <Button component={Link} to="/campaigns/new">
        Make the first one
      </Button>
    </Empty>
  )
}

/** As many as the comparison takes. */
const mostCompared = 10
const columns = ['Sent', 'Delivered', 'Read', 'Replied']

interface TableProps {
  campaigns: CampaignLine[]
  chosen: string[]
  onChoose(ids: string[]): void
}

function CampaignTable({ campaigns, chosen, onChoose }: TableProps) {
  return (
    <ListTable label="Campaigns">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={36}>
            <span className="app-unseen">Compare</span>
          </Table.Th>
          <Table.Th>Name</Table.Th>
          <Table.Th visibleFrom="sm">Kind</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th visibleFrom="sm">Run</Table.Th>
          {columns.map((name) => (
            <Table.Th key={name} ta="right" visibleFrom={name === 'Sent' ? undefined : 'md'}>
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {campaigns.map((campaign) => (
          <CampaignRow
            key={campaign.id}
            campaign={campaign}
            isChosen={chosen.includes(campaign.id)}
            mayChoose={chosen.length < mostCompared}
            onChoose={(isChosen) =>
              onChoose(isChosen ? [...chosen, campaign.id] : chosen.filter((id) => id !== campaign.id))
            }
          />
        ))}
      </Table.Tbody>
    </ListTable>
  )
}

interface RowProps {
  campaign: CampaignLine
  isChosen: boolean
  mayChoose: boolean
  onChoose(isChosen: boolean): void
}

function CampaignRow({ campaign, isChosen, mayChoose, onChoose }: RowProps) {
  const { id, name, kind, state, numbers } = campaign
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={`Compare ${name}`}
          checked={isChosen}
          disabled={!isChosen && !mayChoose}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/campaigns/${id}`} fw={500} size="sm">
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td visibleFrom="sm">{kindWords[kind].title}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={campaignColors[state]}>
          {state}
        </Badge>
      </Table.Td>
      <Table.Td visibleFrom="sm">{sayRun(campaign)}</Table.Td>
      <Table.Td ta="right">{sayNumber(numbers.sent)}</Table.Td>
      {[numbers.delivered, numbers.read, numbers.replied].map((count, at) => (
        <Table.Td key={columns[at + 1]} ta="right" visibleFrom="md">
          {sayShare(numbers.sent > 0 ? count / numbers.sent : null)}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}

function sayRun({ nextRunAt, lastRunAt }: CampaignLine): string {
  if (nextRunAt) return `next ${sayAgo(nextRunAt)}`
  return lastRunAt ? `last ${sayAgo(lastRunAt)}` : '–'
}
