import { ActionIcon, Menu, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { DeleteDialog } from '../../ui/delete-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { RenameDialog } from '../../ui/rename-dialog.tsx'
import { useInbox } from '../inbox-context.ts'
import { noFilter } from '../use-place.ts'
import type { InboxView } from './use-views.ts'

/** What is seldom done to the saved view that is shown; of somebody else's only they may. */
export function SavedViewMenu({ view }: { view: InboxView }) {
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const close = () => setDialog(undefined)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label="This view">
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('rename')}>Rename</Menu.Item>
          <Menu.Item color="red" onClick={() => setDialog('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'rename' && <Rename view={view} onClose={close} />}
      {dialog === 'delete' && <Delete view={view} onClose={close} />}
    </>
  )
}

interface DialogProps {
  view: InboxView
  onClose(): void
}

function Rename({ view, onClose }: DialogProps) {
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (change: { name: string }) => api.patch(`/inbox-views/${view.id}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: ['inbox', 'views'] }),
  })
  return <RenameDialog what="view" name={view.name} save={save} onClose={onClose} />
}

function Delete({ view: { id, name, shared }, onClose }: DialogProps) {
  const { place } = useInbox()
  const client = useQueryClient()
  return (
    <DeleteDialog
      name={name}
      onDelete={() => api.delete(`/inbox-views/${id}`)}
      onDeleted={async () => {
        place.setFilter({ ...noFilter, view: 'all' })
        await client.invalidateQueries({ queryKey: ['inbox', 'views'] })
      }}
      onClose={onClose}
    >
      <Text size="sm">
        {shared ? 'Others see it no more either. ' : ''}The conversations in it stay as they are.
      </Text>
    </DeleteDialog>
  )
}
