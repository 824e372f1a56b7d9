import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  label?: string
  isSaving: boolean
  onSave(): void
  onClose(): void
  /** What else there is to do, on the other side. */
  children?: ReactNode
}

/** Saves what a dialog is about, or leaves it. */
export function DialogFooter({ label = 'Save', isSaving, onSave, onClose, children }: Props) {
  return (
    <Group justify="space-between">
      <div>{children}</div>
      <Group>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isSaving} onClick={onSave}>
          {label}
        </Button>
      </Group>
    </Group>
  )
}
