import { Autocomplete, Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import type { Contact } from '../../api/shapes.ts'
import { attributeValue, contactName } from '../../audience/contact-values.ts'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { sayValue } from '../../ui/words.ts'
import { useInbox } from '../inbox-context.ts'
import { useNumbers } from '../use-people.ts'

/** To write first: to a contact, or to a phone number that nobody knows yet. */
export function NewChatDialog({ onClose }: { onClose(): void }) {
  const { place } = useInbox()
  const client = useQueryClient()
  const numbers = useNumbers()
  const [chosen, setNumber] = useState<string | null>(null)
  const numberId = chosen ?? numbers[0]?.id ?? null
  const [typed, setTyped] = useState('')
  const people = usePeopleFound(typed)
  const start = useMutation({
    mutationFn: (person: { id: string } | undefined) =>
      api.post<Conversation>('/conversations', {
        ...{ numberId, ...(person ? { contactId: person.id } : { phone: typed.trim() }) },
      }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['inbox'] })
      place.open(id)
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="New conversation">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate(people.find(({ label }) => label === typed))
        }}
      >
        <Stack>
          <ProblemNotice error={start.error} />
          <Autocomplete
            label="To"
            placeholder="Name, or a phone number with its country code"
            data-autofocus
            filter={({ options }) => options}
            data={people.map(({ label }) => label)}
            value={typed}
            onChange={setTyped}
            error={fieldProblem(start.error, 'phone')}
          />
          <Select
            label="From our number"
            allowDeselect={false}
            data={numbers.map(({ id, displayNumber }) => ({ value: id, label: displayNumber }))}
            value={numberId}
            onChange={setNumber}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!numberId || typed.trim() === ''} loading={start.isPending}>
              Open it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Two of one name are told apart by their phone. */
function usePeopleFound(typed: string): { id: string; label: string }[] {
  const [search] = useDebouncedValue(typed.split(' · ')[0]?.trim() ?? '', 250)
  const { data = [] } = useQuery({
    queryKey: ['contacts', 'to write to', search],
    queryFn: async () => (await api.get<Page<Contact>>('/contacts', { search, limit: 8 })).items,
    placeholderData: keepPreviousData,
  })
  const found = data.map((contact) => ({
    id: contact.id,
    label: [contactName(contact), sayValue(attributeValue(contact, 'phone'))].filter(Boolean).join(' · '),
  }))
  return [...new Map(found.map((each) => [each.label, each])).values()]
}
