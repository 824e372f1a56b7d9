import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { fieldProblem, ProblemNotice } from './states.tsx'

interface Props {
  /** E.g. `journey`. */
  what: string
  name: string
  save: {
    mutate(change: { name: string }, options: { onSuccess(): void }): void
    error: unknown
    isPending: boolean
  }
  onClose(): void
}

export function RenameDialog({ what, name: before, save, onClose }: Props) {
  const [name, setName] = useState(before)
  return (
    <Modal opened onClose={onClose} title={`Rename the ${what}`}>
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
