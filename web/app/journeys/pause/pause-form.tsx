import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { ProblemNotice } from '../../ui/states.tsx'
import { HoldFields } from './hold-fields.tsx'

interface Props {
  /** Of the journey or the contact. */
  path: string
  what: 'journey' | 'contact'
  onPaused?(): void
}

/** Nothing is sent and nobody goes on until it is resumed. */
export function PauseForm({ path, what, onPaused }: Props) {
  const [wish, setWish] = useState({ timers: 'freeze', entrants: 'queue', reason: '' })
  const client = useQueryClient()
  const pause = useMutation({
    mutationFn: () => api.post(`${path}/pause`, { ...wish, reason: wish.reason.trim() || undefined }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [what === 'journey' ? 'journeys' : 'contact'] })
      onPaused?.()
    },
  })
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Runs stand still where they would send or go on, however many there are.
      </Text>
      <HoldFields value={wish} onChange={setWish} error={pause.error} />
      <ProblemNotice error={pause.error} />
      <Group justify="flex-end">
        <Button loading={pause.isPending} onClick={() => pause.mutate()}>
          Pause the {what}
        </Button>
      </Group>
    </Stack>
  )
}
