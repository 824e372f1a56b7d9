import { Anchor, Badge, Checkbox, Group, Table } from '@mantine/core'
import { Link } from 'react-router'
import type { Attribute, Contact, ContactSort } from '../api/shapes.ts'
import { useAttributes } from '../api/vocabulary.ts'
import { Icon } from '../ui/icon.tsx'
import { sayAgo, sayTime, sayValue } from '../ui/words.ts'
import { attributeValue, contactName } from './contact-values.ts'
import type { Listing } from './use-listing.ts'

interface Props {
  contacts: Contact[]
  listing: Listing
  onSort(sort: ContactSort): void
  chosen: string[]
  onChoose(ids: string[]): void
}

export function ContactsTable({ contacts, listing, onSort, chosen, onChoose }: Props) {
  const attributes = new Map(useAttributes().map((each) => [each.name, each]))
  const columns = listing.columns.flatMap((name) => attributes.get(name) ?? [])
  const isAll = contacts.every(({ id }) => chosen.includes(id))
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id])
  return (
    <Table.ScrollContainer minWidth={320} type="native">
      <Table highlightOnHover verticalSpacing="xs" aria-label="Contacts">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>
              <Checkbox
                aria-label="Choose all shown"
                checked={isAll}
                indeterminate={!isAll && chosen.length > 0}
                onChange={() => onChoose(isAll ? [] : contacts.map(({ id }) => id))}
              />
            </Table.Th>
            <SortHead name="name" label="Name" sort={listing.sort} onSort={onSort} />
            {columns.map(({ name, label, type }) => {
              const isSortable = type !== 'list' && type !== 'json'
              return isSortable ? (
                <SortHead key={name} name={name} label={label} sort={listing.sort} onSort={onSort} />
              ) : (
                <Table.Th key={name}>{label}</Table.Th>
              )
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {contacts.map((contact) => (
            <Table.Tr
              key={contact.id}
              bg={chosen.includes(contact.id) ? 'var(--mantine-color-teal-light)' : undefined}
            >
              <Table.Td>
                <Checkbox
                  aria-label={`Choose ${contactName(contact)}`}
                  checked={chosen.includes(contact.id)}
                  onChange={() => toggle(contact.id)}
                />
              </Table.Td>
              <Table.Td className="app-cell">
                <NameCell contact={contact} />
              </Table.Td>
              {columns.map((column) => (
                <Table.Td key={column.name} className="app-cell">
                  <Cell column={column} value={attributeValue(contact, column.name)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function SortHead({
  name,
  label,
  sort,
  onSort,
}: {
  name: string
  label: string
  sort: ContactSort
  onSort(sort: ContactSort): void
}) {
  const direction = sort.by === name ? sort.direction : undefined
  const ariaSort = direction && (direction === 'asc' ? 'ascending' : 'descending')
  return (
    <Table.Th aria-sort={ariaSort ?? 'none'} style={{ whiteSpace: 'nowrap' }}>
      <button
        type="button"
        className="app-sort"
        onClick={() => onSort({ by: name, direction: direction === 'asc' ? 'desc' : 'asc' })}
      >
        {label}
        {direction && <Icon name={direction === 'asc' ? 'up' : 'down'} size={14} />}
      </button>
    </Table.Th>
  )
}

function NameCell({ contact }: { contact: Contact }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Anchor component={Link} to={`/contacts/${contact.id}`} fw={500} size="sm">
        {contactName(contact)}
      </Anchor>
      {contact.spamAt && (
        <Badge size="xs" color="red" variant="light">
          spam
        </Badge>
      )}
      {contact.optedOutAt && (
        <Badge size="xs" color="orange" variant="light">
          opted out
        </Badge>
      )}
    </Group>
  )
}

function Cell({ column, value }: { column: Attribute; value: unknown }) {
  if (value === null || value === undefined || value === '') return <span className="app-muted">–</span>
  if (column.name === 'tags' && Array.isArray(value)) {
    return (
      <Group gap={4} wrap="nowrap">
        {value.slice(0, 3).map((tag) => (
          <Badge key={String(tag)} variant="light" color="blue" style={{ flexShrink: 0 }}>
            {String(tag)}
          </Badge>
        ))}
        {value.length > 3 && <span className="app-muted">+{value.length - 3}</span>}
      </Group>
    )
  }
  if (column.type === 'datetime') {
    return <span title={sayTime(sayValue(value))}>{sayAgo(sayValue(value))}</span>
  }
  return <span title={sayValue(value)}>{sayValue(value)}</span>
}
