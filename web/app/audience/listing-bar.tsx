import { Button, Checkbox, Group, Popover, ScrollArea, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAttributes } from '../api/vocabulary.ts'
import { Icon } from '../ui/icon.tsx'
import { SavedViews } from './saved-views.tsx'
import type { Listing } from './use-listing.ts'

interface Props {
  listing: Listing
  onChange(change: Partial<Listing>): void
  isFilterOpen: boolean
  onToggleFilter(): void
}

/** Search, filter, columns and views, above the table. */
export function ListingBar({ listing, onChange, isFilterOpen, onToggleFilter }: Props) {
  // What is typed is shown at once; the address follows, and would swallow letters if it led.
  const [search, setSearch] = useState(listing.search ?? '')
  const [known, setKnown] = useState(listing.search ?? '')
  if (known !== (listing.search ?? '')) {
    setKnown(listing.search ?? '')
    setSearch(listing.search ?? '')
  }
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search contacts"
        placeholder="Name, phone, e-mail or id"
        type="search"
        leftSection={<Icon name="search" size={16} />}
        value={search}
        onChange={({ currentTarget: { value } }) => {
          setSearch(value)
          setKnown(value.trim())
          onChange({ search: value.trim() })
        }}
        style={{ flex: '1 1 14rem' }}
      />
      <Button
        variant={listing.condition ? 'light' : 'default'}
        leftSection={<Icon name="filter" size={16} />}
        aria-expanded={isFilterOpen}
        onClick={onToggleFilter}
      >
        Filter
      </Button>
      <ColumnChoice columns={listing.columns} onChange={(columns) => onChange({ columns })} />
      <SavedViews listing={listing} onApply={onChange} />
    </Group>
  )
}

function ColumnChoice({ columns, onChange }: { columns: string[]; onChange(columns: string[]): void }) {
  const attributes = useAttributes().filter(({ name }) => name !== 'name')
  return (
    <Popover position="bottom-end" width={240} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="columns" size={16} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah={320} type="auto">
          <Checkbox.Group
            value={columns}
            onChange={(chosen) => chosen.length > 0 && onChange(chosen)}
            aria-label="Columns"
          >
            <Stack gap="xs">
              {attributes.map(({ name, label }) => (
                <Checkbox key={name} value={name} label={label} />
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  )
}
