import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../api/client.ts'
import type { Contact } from '../api/shapes.ts'
import { attributeValue, contactName } from '../audience/contact-values.ts'
import { ProblemNotice } from '../ui/states.tsx'
import { sayValue } from '../ui/words.ts'

/** Finds the other one, and makes both one: this contact stays, with what both have. */
export function MergeDialog({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const [search, setSearch] = useState('')
  const [otherId, setOtherId] = useState<string>()
  const client = useQueryClient()
  const found = useOthers(search, contact.id)
  const merge = useMutation({
    mutationFn: () => api.post(`/contacts/${contact.id}/merge`, { otherId }),
    onSuccess: async () => {
      await client.invalidateQueries()
      notifications.show({ color: 'teal', message: 'The two contacts are one now.' })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Merge another contact into ${contactName(contact)}`}>
      <Stack>
        <ProblemNotice error={merge.error ?? found.error} />
        <TextInput
          label="Find the other contact"
          placeholder="Name, phone, e-mail or id"
          data-autofocus
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Radio.Group value={otherId ?? null} onChange={setOtherId} aria-label="The other contact">
          <Stack gap="xs">
            {found.data?.map((other) => (
              <Radio
                key={other.id}
                value={other.id}
                label={contactName(other)}
                description={sayValue(attributeValue(other, 'phone') ?? attributeValue(other, 'email'))}
              />
            ))}
          </Stack>
        </Radio.Group>
        {otherId && (
          <Alert>
            Chats, events and segments of both come together. Where both have a value, this contact's stays.
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!otherId} loading={merge.isPending} onClick={() => merge.mutate()}>
            Merge
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function useOthers(search: string, ownId: string) {
  const [words] = useDebouncedValue(search.trim(), 250)
  return useQuery({
    queryKey: ['contacts', 'to merge', words],
    queryFn: () => api.get<Page<Contact>>('/contacts', { search: words, limit: 6 }),
    select: ({ items }) => items.filter(({ id }) => id !== ownId),
    enabled: words !== '',
  })
}
