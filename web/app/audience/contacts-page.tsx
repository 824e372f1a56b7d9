import { Button, Collapse, Group, Paper, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { Contact } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { Icon } from '../ui/icon.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayCount } from '../ui/words.ts'
import { BulkBar } from './bulk-bar.tsx'
import { ContactsTable } from './contacts-table.tsx'
import { CreateContact } from './create-contact.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { ListingBar } from './listing-bar.tsx'
import { filterOf, useListing, type Listing } from './use-listing.ts'

type ContactPage = Page<Contact> & { total: number | null; countIsExact: boolean }

export function ContactsPage() {
  const [listing, change] = useListing()
  const [isFilterOpen, { toggle }] = useDisclosure(listing.condition !== undefined)
  const [isCreating, { open, close }] = useDisclosure(false)
  const [chosen, setChosen] = useState<string[]>([])
  const contacts = useContacts(listing)
  const total = contacts.first?.total ?? undefined
  const isFiltered = Boolean(listing.search || listing.condition)
  return (
    <>
      <PageTitle title="Contacts">
        <Button variant="default" component={Link} to="/imports">
          Import
        </Button>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>
          New contact
        </Button>
      </PageTitle>
      <Stack gap="sm">
        <ListingBar listing={listing} onChange={change} isFilterOpen={isFilterOpen} onToggleFilter={toggle} />
        <Collapse expanded={isFilterOpen}>
          {isFilterOpen && <FilterPanel condition={listing.condition} onChange={change} />}
        </Collapse>
        <Group justify="space-between" mih={34}>
          <Text size="sm" c="dimmed" role="status">
            {total !== undefined && describeCount(total, contacts.first?.countIsExact ?? true, isFiltered)}
          </Text>
          <BulkBar chosen={chosen} total={total} filter={filterOf(listing)} onDone={() => setChosen([])} />
        </Group>
        <ProblemNotice error={contacts.error} onRetry={() => void contacts.refetch()} />
        {contacts.isPending && <Loading what="contacts" />}
        {contacts.items.length > 0 && (
          <Paper withBorder style={{ opacity: contacts.isPlaceholderData ? 0.6 : 1 }}>
            <ContactsTable
              contacts={contacts.items}
              listing={listing}
              onSort={(sort) => change({ sort })}
              chosen={chosen}
              onChoose={setChosen}
            />
          </Paper>
        )}
        {contacts.isSuccess && contacts.items.length === 0 && (
          <NoContacts
            isFiltered={isFiltered}
            onCreate={open}
            onClear={() => change({ search: '', condition: undefined })}
          />
        )}
        <MoreButton pages={contacts} />
      </Stack>
      <CreateContact opened={isCreating} onClose={close} />
    </>
  )
}

function useContacts({ sort, ...listing }: Listing) {
  const filter = filterOf({ ...listing, sort })
  const [asked] = useDebouncedValue({ ...filter, sort }, 250)
  return usePages(['contacts', asked], (cursor) =>
    api.post<ContactPage>('/contacts/query', {
      ...asked,
      limit: 50,
      count: !cursor,
      ...(cursor && { cursor }),
    }),
  )
}

function describeCount(total: number, isExact: boolean, isFiltered: boolean): string {
  const count = sayCount(total, 'contact')
  return `${isExact ? '' : 'about '}${count}${isFiltered ? (total === 1 ? ' fits' : ' fit') : ''}`
}

function NoContacts(props: { isFiltered: boolean; onCreate(): void; onClear(): void }) {
  if (props.isFiltered) {
    return (
      <Empty title="Nobody fits">
        <Text c="dimmed">Try other words, or fewer conditions.</Text>
        <Button variant="default" onClick={props.onClear}>
          Show all contacts
        </Button>
      </Empty>
    )
  }
  return (
    <Empty title="No contacts yet">
      <Text c="dimmed" ta="center">
        They come by themselves when people write to your number. You can also bring your list.
      </Text>
      <Group>
        <Button component={Link} to="/imports">
          Import a CSV file
        </Button>
        <Button variant="default" onClick={props.onCreate}>
          Create one
        </Button>
      </Group>
    </Empty>
  )
}
