import { Button, Checkbox, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll } from '../api/client.ts'
import type { SavedView } from '../api/shapes.ts'
import { Icon } from '../ui/icon.tsx'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { filterOf, fromView, type Listing } from './use-listing.ts'

interface Props {
  listing: Listing
  onApply(change: Partial<Listing>): void
}

export function SavedViews({ listing, onApply }: Props) {
  const [isSaving, { open, close }] = useDisclosure(false)
  const views = useQuery({ queryKey: ['contact-views'], queryFn: () => getAll<SavedView>('/contact-views') })
  const remove = useRemoveView()
  const mine = views.data?.filter((view) => view.mine) ?? []
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="bookmark" size={16} />}>
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{views.data?.length === 0 ? 'No saved views yet' : 'Saved views'}</Menu.Label>
          {views.data?.map((view) => (
            <Menu.Item
              key={view.id}
              onClick={() => onApply(fromView(view.query))}
              rightSection={view.mine ? null : 'shared'}
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="plus" size={14} />} onClick={open}>
            Save what is shown
          </Menu.Item>
          {mine.length > 0 && <Menu.Label>Delete</Menu.Label>}
          {mine.map(({ id, name }) => (
            <Menu.Item
              key={id}
              color="red"
              leftSection={<Icon name="close" size={14} />}
              onClick={() => remove.mutate(id)}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <SaveView listing={listing} opened={isSaving} onClose={close} />
    </>
  )
}

function useRemoveView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete(`/contact-views/${id}`),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['contact-views'] }),
  })
}

function SaveView({ listing, opened, onClose }: { listing: Listing; opened: boolean; onClose(): void }) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const { sort, columns } = listing
  const save = useMutation({
    mutationFn: () =>
      api.post('/contact-views', { name, shared, query: { ...filterOf(listing), sort, columns } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['contact-views'] })
      setName('')
      onClose()
    },
  })
  return (
    <Modal opened={opened} onClose={onClose} title="Save this view">
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
