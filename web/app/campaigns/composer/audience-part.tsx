import { MultiSelect, Select, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Audience } from '../../../../src/model/campaign-definition.ts'
import { api, getAll, type Page } from '../../api/client.ts'
import type { Contact } from '../../api/shapes.ts'
import { useSegmentNames } from '../../api/vocabulary.ts'
import { contactName } from '../../audience/contact-values.ts'
import { ConditionBuilder } from '../../conditions/condition-builder.tsx'
import { ErrorText } from '../../forms/error-text.tsx'
import { asGroup } from '../../conditions/edit-condition.ts'
import { useComposer } from './composer-context.ts'
import { useVariableGroups } from './use-variable-groups.ts'

export type Part = Audience['include'][number] | Audience['exclude'][number]

interface Props {
  part: Part
  path: string
  onChange(part: Part): void
}

/** What has to be said about a kind of people. */
export function AudiencePart({ part, path, onChange }: Props) {
  const { problemAt } = useComposer()
  switch (part.kind) {
    case 'all':
      return (
        <Text size="sm" c="dimmed">
          Every contact who has a WhatsApp number and has not opted out.
        </Text>
      )
    case 'segment':
      return (
        <SegmentChoice
          value={part.segmentId}
          error={problemAt(`${path}.segmentId`) ?? problemAt(path)}
          onChange={(segmentId) => onChange({ ...part, segmentId })}
        />
      )
    case 'condition':
      return (
        <>
          <ConditionBuilder
            value={asGroup(part.condition)}
            onChange={(condition) => onChange({ ...part, condition })}
          />
          <ErrorText text={problemAt(`${path}.condition`) ?? problemAt(path)} />
        </>
      )
    case 'contacts':
      return (
        <ContactsChoice
          value={part.contactIds}
          onChange={(contactIds) => onChange({ ...part, contactIds })}
        />
      )
    case 'group':
      return (
        <GroupChoice
          value={part.groupId}
          error={problemAt(`${path}.groupId`) ?? problemAt(path)}
          onChange={(groupId) => onChange({ ...part, groupId })}
        />
      )
    case 'campaign':
      return (
        <CampaignChoice
          label="Campaign"
          value={part.campaignId}
          error={problemAt(`${path}.campaignId`) ?? problemAt(path)}
          onChange={(campaignId) => onChange({ ...part, campaignId })}
        />
      )
  }
}

interface ChoiceProps {
  label?: string
  value: string
  error: string | undefined
  onChange(id: string): void
}

export function SegmentChoice({ label = 'Segment', value, error, onChange }: ChoiceProps) {
  const segments = useSegmentNames()
  return (
    <Select
      label={label}
      placeholder={segments.length === 0 ? 'There is none yet: make one under Segments' : 'Choose one'}
      searchable
      data={segments.map(({ id, name }) => ({ value: id, label: name }))}
      value={value || null}
      error={error}
      onChange={(id) => onChange(id ?? '')}
      maw={380}
    />
  )
}

function GroupChoice({ value, error, onChange }: ChoiceProps) {
  const groups = useVariableGroups().data ?? []
  return (
    <Select
      label="List"
      placeholder={groups.length === 0 ? 'There is none yet: upload one below' : 'Choose one'}
      searchable
      data={groups.map(({ id, name }) => ({ value: id, label: name }))}
      value={value || null}
      error={error}
      onChange={(id) => onChange(id ?? '')}
      maw={380}
    />
  )
}

export function CampaignChoice({ label, value, error, onChange, kind }: ChoiceProps & { kind?: 'api' }) {
  const { campaign } = useComposer()
  const { data = [] } = useQuery({
    queryKey: ['campaigns', 'names', kind],
    queryFn: () => getAll<{ id: string; name: string }>('/campaigns', { kind }),
    staleTime: 30_000,
  })
  const others = data.filter(({ id }) => id !== campaign.id)
  return (
    <Select
      label={label}
      placeholder={others.length === 0 ? 'There is no other yet' : 'Choose one'}
      searchable
      data={others.map(({ id, name }) => ({ value: id, label: name }))}
      value={value || null}
      error={error}
      onChange={(id) => onChange(id ?? '')}
      maw={380}
    />
  )
}

/** A few people, found by name or number. */
function ContactsChoice({ value, onChange }: { value: string[]; onChange(ids: string[]): void }) {
  const [search, setSearch] = useState('')
  const [words] = useDebouncedValue(search.trim(), 250)
  const { data = [] } = useQuery({
    queryKey: ['contacts', 'choice', words],
    queryFn: async () => {
      const { items } = await api.get<Page<Contact>>('/contacts', { search: words, limit: 20 })
      return items.map((contact) => ({ value: contact.id, label: contactName(contact) }))
    },
    placeholderData: keepPreviousData,
  })
  const names = useContactNames(value)
  const chosen = value.map((id) => ({ value: id, label: names[id] ?? 'a contact' }))
  return (
    <MultiSelect
      label="Contacts"
      placeholder="Search by name or number"
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      data={[...data, ...chosen.filter((each) => data.every((found) => found.value !== each.value))]}
      value={value}
      onChange={onChange}
      maw={520}
    />
  )
}

/** So many names are looked up, one by one; a longer list is better made a segment. */
const mostNames = 50

function useContactNames(ids: string[]): Record<string, string> {
  const asked = ids.slice(0, mostNames)
  const { data = {} } = useQuery({
    queryKey: ['contacts', 'names', asked],
    queryFn: async () => {
      const found = await Promise.all(asked.map((id) => api.get<Contact>(`/contacts/${id}`)))
      return Object.fromEntries(found.map((contact, at) => [asked[at] ?? contact.id, contactName(contact)]))
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  return data
}
