import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import type { ContactFilter } from '../api/shapes.ts'
import { ProblemNotice } from '../ui/states.tsx'
import { TagPicker } from '../ui/tag-picker.tsx'
import { sayCount } from '../ui/words.ts'

interface Batch {
  id: string
  state: 'running' | 'completed' | 'cancelled' | 'failed'
  done: number
  error: string | null
}
interface Props {
  chosen: string[]
  total: number | undefined
  filter: ContactFilter
  onDone(): void
}
type Action = 'add-tags' | 'remove-tags'

/** Tags for those who are chosen, or for all who fit. A worker does it; the table follows when it has. */
export function BulkBar({ chosen, total, filter, onDone }: Props) {
  const [action, setAction] = useState<Action>()
  const [batchId, setBatchId] = useState<string>()
  const isRunning = useBatch(batchId, () => setBatchId(undefined))
  if (isRunning) return <Text size="sm">Changing contacts …</Text>
  if (chosen.length === 0) return null
  return (
    <Group gap="xs">
      <Text size="sm" fw={500}>
        {chosen.length} chosen
      </Text>
      <Button size="xs" variant="light" onClick={() => setAction('add-tags')}>
        Add tags
      </Button>
      <Button size="xs" variant="light" onClick={() => setAction('remove-tags')}>
        Remove tags
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={onDone}>
        Choose none
      </Button>
      {action && (
        <TagDialog
          action={action}
          ids={chosen}
          total={total}
          filter={filter}
          onClose={() => setAction(undefined)}
          onStarted={(batch) => {
            setBatchId(batch.id)
            setAction(undefined)
            onDone()
          }}
        />
      )}
    </Group>
  )
}

function useBatch(id: string | undefined, onEnd: () => void): boolean {
  const client = useQueryClient()
  const { data: batch } = useQuery({
    queryKey: ['contact-batch', id],
    queryFn: () => api.get<Batch>(`/contact-batches/${id}`),
    enabled: id !== undefined,
    refetchInterval: ({ state: { data } }) => (data && data.state !== 'running' ? false : 700),
  })
  const ended = id !== undefined && batch?.id === id && batch.state !== 'running' ? batch : undefined
  useEffect(() => {
    if (!ended) return
    const isGood = ended.state === 'completed'
    const message = isGood
      ? `${sayCount(ended.done, 'contact')} changed`
      : (ended.error ?? `It was ${ended.state}.`)
    notifications.show({ color: isGood ? 'teal' : 'red', message })
    void client.invalidateQueries({ queryKey: ['contacts'] })
    void client.invalidateQueries({ queryKey: ['tags'] })
    onEnd()
    // Once for each batch that has ended.
    // eslint-disable-next-line react/exhaustive-deps
  }, [ended?.id])
  return id !== undefined && !ended
}

interface DialogProps {
  action: Action
  ids: string[]
  total: number | undefined
  filter: ContactFilter
  onClose(): void
  onStarted(batch: Batch): void
}

function TagDialog({ action, ids, total, filter, onClose, onStarted }: DialogProps) {
  const [tags, setTags] = useState<string[]>([])
  const start = useMutation({
    mutationFn: (isForAll: boolean) =>
      api.post<Batch>('/contact-batches', {
        action: { type: action, tags },
        filter: isForAll ? filter : { ids },
      }),
    onSuccess: onStarted,
  })
  const words = action === 'add-tags' ? 'Add tags' : 'Remove tags'
  return (
    <Modal opened onClose={onClose} title={words}>
      <Stack>
        <ProblemNotice error={start.error} />
        <TagPicker label="Tags" value={tags} onChange={setTags} autoFocused />
        <Group justify="flex-end">
          {total !== undefined && total > ids.length && (
            <Button
              variant="default"
              disabled={tags.length === 0}
              loading={start.isPending}
              onClick={() => start.mutate(true)}
            >
              For all {sayCount(total, 'contact')} that fit
            </Button>
          )}
          <Button disabled={tags.length === 0} loading={start.isPending} onClick={() => start.mutate(false)}>
            For {ids.length} chosen
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
