import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayAgo } from '../../ui/words.ts'
import type { Conflict, useEdits } from './use-edits.ts'

interface Props {
  edit: ReturnType<typeof useEdits>
  /** What was open showed the edition that goes. */
  onReload(): void
}

/** Two people edit one draft: whoever comes second decides, and sees whose work it is about. */
export function DraftConflict({ edit, onReload }: Props) {
  const reload = useMutation({ mutationFn: edit.reload, onSuccess: onReload })
  const overwrite = useMutation({ mutationFn: edit.overwrite })
  const error = reload.error ?? overwrite.error
  const isBusy = reload.isPending || overwrite.isPending || edit.isSaving
  if (edit.conflict)
    return (
      <Modal
        opened
        onClose={() => {}}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        title="Somebody else changed this draft"
      >
        <Stack>
          <Text>{sayConflict(edit.conflict)} Your change is not saved.</Text>
          <ProblemNotice error={error} />
          <Button variant="default" loading={isBusy} onClick={() => reload.mutate()}>
            Load theirs, and drop my change
          </Button>
          <Button color="red" loading={isBusy} onClick={() => overwrite.mutate()}>
            Overwrite theirs with mine
          </Button>
          <Text size="sm" c="dimmed">
            Undo brings theirs back after you have overwritten it.
          </Text>
        </Stack>
      </Modal>
    )
  if (!edit.isOutdated) return null
  return (
    <Alert color="yellow" title="Somebody else changed this draft">
      <Group justify="space-between">
        <Text size="sm">You still see the one that you opened.</Text>
        <Button variant="light" color="yellow" loading={isBusy} onClick={() => reload.mutate()}>
          Load the newest
        </Button>
      </Group>
      <ProblemNotice error={error} />
    </Alert>
  )
}

function sayConflict({ changedBy, changedAt }: Conflict): string {
  if (!changedBy) return 'It is not the one that you opened any more.'
  return `${changedBy} saved it ${changedAt ? sayAgo(changedAt) : 'meanwhile'}.`
}
