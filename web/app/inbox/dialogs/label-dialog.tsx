import { Button, Group, Modal, Stack, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getAll } from '../../api/client.ts'
import { useDeed } from '../use-deeds.ts'

interface Props {
  ids: string[]
  /** Of one conversation; many get more, and lose none. */
  labels: string[]
  onClose(): void
  onDone?: () => void
}

export function useLabelNames(): string[] {
  const { data = [] } = useQuery({
    queryKey: ['inbox', 'label-names'],
    queryFn: () => getAll<{ label: string }>('/labels'),
    staleTime: 30_000,
  })
  return data.map(({ label }) => label)
}

/** What conversations are about. */
export function LabelDialog({ ids, labels, onClose, onDone }: Props) {
  const [chosen, setChosen] = useState(labels)
  const deed = useDeed()
  const add = chosen.filter((label) => !labels.includes(label))
  const remove = labels.filter((label) => !chosen.includes(label))
  return (
    <Modal opened onClose={onClose} title={ids.length === 1 ? 'Labels' : `Label ${ids.length} conversations`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          deed.mutate(
            { ids, deed: { type: 'labels', add, remove } },
            {
              onSuccess: () => {
                onDone?.()
                onClose()
              },
            },
          )
        }}
      >
        <Stack>
          <TagsInput
            label="Labels"
            placeholder="Type a label and press Enter"
            data-autofocus
            data={useLabelNames()}
            value={chosen}
            onChange={setChosen}
            acceptValueOnBlur
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={deed.isPending} disabled={add.length + remove.length === 0}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
