import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { HoldFields } from './hold-fields.tsx'

/** Nothing is sent and nobody goes on until it is resumed. */
export function PauseForm({ journey }: { journey: Journey }) {
  const [wish, setWish] = useState({ timers: 'freeze', entrants: 'queue', reason: '' })
  const client = useQueryClient()
  const pause = useMutation({
    mutationFn: () =>
      api.post(`/journeys/${journey.id}/pause`, { ...wish, reason: wish.reason.trim() || undefined }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['journeys'] }),
  })
  return (
    <Card title="Pause this journey">
      <Stack>
        <Text size="sm" c="dimmed">
          Runs stand still where they would send or go on, however many are inside.
        </Text>
        <HoldFields value={wish} onChange={setWish} error={pause.error} />
        <ProblemNotice error={pause.error} />
        <Group justify="flex-end">
          <Button loading={pause.isPending} onClick={() => pause.mutate()}>
            Pause the journey
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
