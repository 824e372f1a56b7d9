import { Button, Menu, Radio, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import type { Journey } from '../api/journey-shapes.ts'
import { DeleteDialog } from '../ui/delete-dialog.tsx'
import { RenameDialog } from '../ui/rename-dialog.tsx'
import { useSaveJourney } from './use-journey.ts'

/** What is seldom done to a journey as a whole. */
export function JourneyMenu({ journey }: { journey: Journey }) {
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const close = () => setDialog(undefined)
  const client = useQueryClient()
  const unpublish = useMutation({
    mutationFn: () => api.post(`/journeys/${journey.id}/unpublish`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['journeys'] })
      notifications.show({ color: 'teal', message: 'Nobody enters any more. Who is inside goes on.' })
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('rename')}>Rename</Menu.Item>
          {journey.publishedVersionId !== null && (
            <Menu.Item onClick={() => unpublish.mutate()}>Let nobody enter</Menu.Item>
          )}
          <Menu.Item color="red" onClick={() => setDialog('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'rename' && <Rename journey={journey} onClose={close} />}
      {dialog === 'delete' && <Delete journey={journey} onClose={close} />}
    </>
  )
}

interface DialogProps {
  journey: Journey
  onClose(): void
}

function Rename({ journey, onClose }: DialogProps) {
  const save = useSaveJourney(journey.id)
  return <RenameDialog what="journey" name={journey.name} save={save} onClose={onClose} />
}

function Delete({ journey, onClose }: DialogProps) {
  const [runs, setRuns] = useState('continue')
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <DeleteDialog
      name={journey.name}
      onDelete={() => api.delete(`/journeys/${journey.id}?runs=${runs}`)}
      onDeleted={async () => {
        await navigate('/journeys')
        await client.invalidateQueries({ queryKey: ['journeys', 'list'] })
      }}
      onClose={onClose}
    >
      <Text size="sm">Nobody enters it any more. What it did stays in the histories of the contacts.</Text>
      <Radio.Group label="Who is inside" value={runs} onChange={setRuns}>
        <Stack gap="xs" mt={4}>
          <Radio value="continue" label="goes on to the end" />
          <Radio value="cancel" label="leaves now" />
        </Stack>
      </Radio.Group>
    </DeleteDialog>
  )
}
