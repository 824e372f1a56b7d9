import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemNotice } from './states.tsx'

interface Props {
  name: string
  /** What it comes to, and what there is to choose. */
  children: ReactNode
  onDelete(): Promise<unknown>
  /** Leaves the page of what is no more. */
  onDeleted(): Promise<void>
  onClose(): void
}

/** Deletes what has a page of its own. A refusal, e.g. of what is in use, says why. */
export function DeleteDialog({ name, children, onDelete, onDeleted, onClose }: Props) {
  const remove = useMutation({ mutationFn: onDelete, onSuccess: onDeleted })
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`}>
      <Stack>
        {children}
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
