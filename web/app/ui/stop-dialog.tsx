import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { fieldProblem, ProblemNotice } from './states.tsx'

interface Props {
  title: string
  /** What is to stop, to choose; of its fields the refusal may speak. */
  children(error: unknown): ReactNode
  /** Below the reason. */
  words?: ReactNode
  onStop(reason: string): Promise<unknown>
  onStopped(): Promise<void>
  onClose(): void
}

/** Stops sending at once, with the reason that everybody sees. */
export function StopDialog({ title, children, words, onStop, onStopped, onClose }: Props) {
  const [reason, setReason] = useState('')
  const stop = useMutation({
    mutationFn: () => onStop(reason),
    onSuccess: async () => {
      await onStopped()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack>
        {children(stop.error)}
        <TextInput
          label="Why"
          required
          data-autofocus
          value={reason}
          error={fieldProblem(stop.error, 'reason')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {words}
        {!fieldProblem(stop.error, 'reason') && <ProblemNotice error={stop.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={stop.isPending} onClick={() => stop.mutate()}>
            Stop now
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
