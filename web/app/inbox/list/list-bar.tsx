import { ActionIcon, Badge, Button, Group, Menu, Popover, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState, type RefObject } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { useLabelNames } from '../dialogs/label-dialog.tsx'
import { SaveViewDialog } from '../dialogs/save-view-dialog.tsx'
import { useInbox } from '../inbox-context.ts'
import { isFiltered } from '../use-place.ts'
import { useNumbers, usePeople, useTeams } from '../use-people.ts'
import { SavedViewMenu } from '../views/saved-view-menu.tsx'
import { ownViews, useCounts, useSavedViews } from '../views/use-views.ts'
import { ViewList } from '../views/view-list.tsx'
import { ListSearch } from './list-search.tsx'

/** What the list shows, and what of it. */
export function ListBar({ searchRef }: { searchRef: RefObject<HTMLInputElement | null> }) {
  const { place, ask } = useInbox()
  const saved = useSavedViews().find(({ id }) => id === place.filter.view)
  return (
    <Stack gap={6} p="xs" className="inbox-list-bar">
      <Group justify="space-between" gap={6} wrap="nowrap">
        <ViewMenu />
        <Group gap={4} wrap="nowrap">
          {saved?.mine && <SavedViewMenu key={saved.id} view={saved} />}
          <SortMenu />
          <FilterMenu />
          <ActionIcon variant="light" aria-label="New conversation" onClick={() => ask('new')}>
            <Icon name="plus" />
          </ActionIcon>
        </Group>
      </Group>
      <ListSearch inputRef={searchRef} key={place.filter.view} />
    </Stack>
  )
}

function ViewMenu() {
  const { place } = useInbox()
  const [isOpen, { open, close }] = useDisclosure(false)
  const saved = useSavedViews()
  const count = useCounts()[place.filter.view]
  const { view } = place.filter
  const title =
    ownViews.find(({ id }) => id === view)?.title ?? saved.find(({ id }) => id === view)?.name ?? 'Inbox'
  return (
    <Popover opened={isOpen} onClose={close} position="bottom-start" width={230} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          className="inbox-view-button"
          rightSection={<Icon name="down" size={14} />}
          onClick={open}
          aria-label={`View: ${title}`}
        >
          <h1 className="inbox-view-title">{title}</h1>
          {count !== undefined && count > 0 && (
            <Badge ml={6} size="sm" variant="light" color="gray">
              {count}
            </Badge>
          )}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4} mah="70vh" style={{ overflowY: 'auto' }}>
        <ViewList onChosen={close} />
      </Popover.Dropdown>
    </Popover>
  )
}

const sorts = [
  ['', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['waiting', 'Longest waiting first'],
  ['priority', 'Most urgent first'],
] as const

function SortMenu() {
  const { place } = useInbox()
  const { sort } = place.filter
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant={sort ? 'light' : 'subtle'} color={sort ? 'teal' : 'gray'} aria-label="Order">
          <Icon name="sort" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {sorts.map(([value, words]) => (
          <Menu.Item
            key={value}
            onClick={() => place.setFilter({ sort: value })}
            rightSection={sort === value && <Icon name="check" size={14} />}
          >
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function FilterMenu() {
  const { place } = useInbox()
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const [isSaving, setSaving] = useState(false)
  const isOn = isFiltered({ ...place.filter, search: '' })
  return (
    <Popover opened={isOpen} onClose={close} position="bottom-end" width={270} shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant={isOn ? 'light' : 'subtle'}
          color={isOn ? 'teal' : 'gray'}
          aria-label="Filter"
          onClick={toggle}
        >
          <Icon name="filter" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <FilterFields />
          <Group justify="space-between">
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              onClick={() =>
                place.setFilter({ status: '', assignee: '', group: '', label: '', numberId: '', search: '' })
              }
            >
              Clear
            </Button>
            <Button
              size="xs"
              variant="light"
              onClick={() => {
                close()
                setSaving(true)
              }}
            >
              Save as a view …
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
      {isSaving && <SaveViewDialog onClose={() => setSaving(false)} />}
    </Popover>
  )
}

function FilterFields() {
  const { place } = useInbox()
  const { filter, setFilter } = place
  const people = usePeople()
  const teams = useTeams()
  const numbers = useNumbers()
  const labels = useLabelNames()
  const select = { clearable: true, searchable: true, comboboxProps: { withinPortal: false } } as const
  const valued = (items: { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      {/* A choice that has the focus opens: nobody asked for one yet. */}
      <Text size="sm" fw={600} tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
        Show only
      </Text>
      <Select
        {...select}
        label="Status"
        data={['open', 'pending', 'snoozed', 'closed']}
        value={filter.status || null}
        onChange={(status) => setFilter({ status: status ?? '' })}
      />
      <Select
        {...select}
        label="Assigned to"
        data={[{ value: 'me', label: 'me' }, { value: 'none', label: 'nobody' }, ...valued(people)]}
        value={filter.assignee || null}
        onChange={(assignee) => setFilter({ assignee: assignee ?? '' })}
      />
      <Select
        {...select}
        label="Team"
        data={valued(teams)}
        value={filter.group || null}
        onChange={(group) => setFilter({ group: group ?? '' })}
      />
      <Select
        {...select}
        label="Label"
        data={labels}
        value={filter.label || null}
        onChange={(label) => setFilter({ label: label ?? '' })}
      />
      {numbers.length > 1 && (
        <Select
          {...select}
          label="Number"
          data={numbers.map(({ id, displayNumber }) => ({ value: id, label: displayNumber }))}
          value={filter.numberId || null}
          onChange={(numberId) => setFilter({ numberId: numberId ?? '' })}
        />
      )}
    </>
  )
}
