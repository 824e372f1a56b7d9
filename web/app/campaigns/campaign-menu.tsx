import { Button, Menu, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Campaign } from '../api/campaign-shapes.ts'
import { api } from '../api/client.ts'
import { DeleteDialog } from '../ui/delete-dialog.tsx'
import { RenameDialog } from '../ui/rename-dialog.tsx'
import { useSaveCampaign } from './use-campaign.ts'

/** What is seldom done to a campaign as a whole. */
export function CampaignMenu({ campaign }: { campaign: Campaign }) {
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const close = () => setDialog(undefined)
  const client = useQueryClient()
  const navigate = useNavigate()
  const verb = campaign.archivedAt ? 'unarchive' : 'archive'
  const fail = (error: Error) => notifications.show({ color: 'red', message: error.message })
  const archive = useMutation({
    mutationFn: () => api.post(`/campaigns/${campaign.id}/${verb}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['campaigns'] })
      notifications.show({ color: 'teal', message: verb === 'archive' ? 'It is archived.' : 'It is back.' })
    },
    onError: fail,
  })
  const copy = useMutation({
    mutationFn: () => {
      const { numberId, kind, definition, name } = campaign
      return api.post<Campaign>('/campaigns', { numberId, kind, definition, name: `${name} (copy)` })
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['campaigns', 'list'] })
      await navigate(`/campaigns/${id}`)
    },
    onError: fail,
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('rename')}>Rename</Menu.Item>
          <Menu.Item onClick={() => copy.mutate()}>Copy into a new draft</Menu.Item>
          {campaign.state !== 'draft' && (
            <Menu.Item onClick={() => archive.mutate()}>
              {verb === 'archive' ? 'Archive' : 'Take out of the archive'}
            </Menu.Item>
          )}
          {campaign.state === 'draft' && (
            <Menu.Item color="red" onClick={() => setDialog('delete')}>
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'rename' && <Rename campaign={campaign} onClose={close} />}
      {dialog === 'delete' && <Delete campaign={campaign} onClose={close} />}
    </>
  )
}

interface DialogProps {
  campaign: Campaign
  onClose(): void
}

function Rename({ campaign, onClose }: DialogProps) {
  const save = useSaveCampaign(campaign.id)
  return <RenameDialog what="campaign" name={campaign.name} save={save} onClose={onClose} />
}

function Delete({ campaign, onClose }: DialogProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <DeleteDialog
      name={campaign.name}
      onDelete={() => api.delete(`/campaigns/${campaign.id}`)}
      onDeleted={async () => {
        await navigate('/campaigns')
        await client.invalidateQueries({ queryKey: ['campaigns', 'list'] })
      }}
      onClose={onClose}
    >
      <Text size="sm">It is a draft that nobody was sent.</Text>
    </DeleteDialog>
  )
}
