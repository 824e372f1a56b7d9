import { Button, Group, Menu, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import type { Journey } from '../api/journey-shapes.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
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
      {dialog === 'rename' && <RenameDialog journey={journey} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog journey={journey} onClose={close} />}
    </>
  )
}

interface DialogProps {
  journey: Journey
  onClose(): void
}

function RenameDialog({ journey, onClose }: DialogProps) {
  const [name, setName] = useState(journey.name)
  const save = useSaveJourney(journey.id)
  return (
    <Modal opened onClose={onClose} title="Rename the journey">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate({ name }, { onSuccess: onClose })
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            required
            data-autofocus
            value={name}
            error={fieldProblem(save.error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {!fieldProblem(save.error, 'name') && <ProblemNotice error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function DeleteDialog({ journey, onClose }: DialogProps) {
  const [runs, setRuns] = useState('continue')
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => api.delete(`/journeys/${journey.id}?runs=${runs}`),
    onSuccess: async () => {
      await navigate('/journeys')
      await client.invalidateQueries({ queryKey: ['journeys', 'list'] })
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Delete ${journey.name}?`}>
      <Stack>
        <Text size="sm">Nobody enters it any more. What it did stays in the histories of the contacts.</Text>
        <Radio.Group label="Who is inside" value={runs} onChange={setRuns}>
          <Stack gap="xs" mt={4}>
            <Radio value="continue" label="goes on to the end" />
            <Radio value="cancel" label="leaves now" />
          </Stack>
        </Radio.Group>
        <ProblemNotice error={remove.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
