import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { useInbox } from '../inbox-context.ts'
import { ownViews, type InboxView } from '../views/use-views.ts'

/** The filter as it stands, under a name of its own. */
export function SaveViewDialog({ onClose }: { onClose(): void }) {
  const { place } = useInbox()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const save = useMutation({
    mutationFn: () => {
      const given = Object.entries(place.filter).filter(([, value]) => value !== '')
      const { view, ...query } = Object.fromEntries(given)
      const isOwn = view !== 'all' && ownViews.some(({ id }) => id === view)
      return api.post<InboxView>('/inbox-views', {
        name,
        shared,
        query: { ...query, ...(isOwn && { view }) },
      })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['inbox'] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Save this view">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <ProblemNotice error={save.error} />
          <TextInput
            label="Name"
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldProblem(save.error, 'name')}
          />
          <Checkbox
            label="Others of the workspace see it too"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
