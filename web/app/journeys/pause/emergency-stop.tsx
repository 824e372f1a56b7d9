import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import type { Hold, Operation } from '../../api/operation-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { StopDialog } from '../../ui/stop-dialog.tsx'
import { inFlowOrder } from '../flow/edit-draft.ts'
import { BacklogFields, toResumption, usualBacklog } from './backlog-fields.tsx'
import { HoldWords } from './hold-words.tsx'

interface Props {
  journey: Journey
  stops: Hold[]
  onReleased(operationId: string): void
}

/** Stops every send at once: what was handed over to WhatsApp already is all that still goes out. */
export function EmergencyStop({ journey, stops, onReleased }: Props) {
  const [isAsking, setAsking] = useState(false)
  return (
    <Card
      title="Emergency stop"
      action={
        <Button size="xs" color="red" onClick={() => setAsking(true)}>
          Stop all sending …
        </Button>
      }
    >
      <Stack>
        {stops.length === 0 && (
          <Text size="sm" c="dimmed">
            Takes effect at once, at each send. Nothing is stopped now.
          </Text>
        )}
        {stops.map((stop) => (
          <div key={stop.id} className="app-group">
            <HoldWords hold={stop} />
            <Release journey={journey} stop={stop} onReleased={onReleased} />
          </div>
        ))}
      </Stack>
      {isAsking && <StopSending journey={journey} onClose={() => setAsking(false)} />}
    </Card>
  )
}

function StopSending({ journey, onClose }: { journey: Journey; onClose(): void }) {
  const [scope, setScope] = useState('journey')
  const client = useQueryClient()
  const scopeId = { journey: journey.id, number: journey.numberId }[scope]
  return (
    <StopDialog
      title="Stop all sending"
      onStop={(reason) => api.post('/emergency-stop', { scope, scopeId, reason })}
      onStopped={() => client.invalidateQueries({ queryKey: ['journeys'] })}
      onClose={onClose}
    >
      {() => (
        <Select
          label="Of what"
          allowDeselect={false}
          data={[
            { value: 'journey', label: 'This journey' },
            { value: 'number', label: 'Everything from its number' },
            { value: 'workspace', label: 'The whole workspace' },
          ]}
          value={scope}
          onChange={(chosen) => setScope(chosen ?? 'journey')}
        />
      )}
    </StopDialog>
  )
}

interface ReleaseProps {
  journey: Journey
  stop: Hold
  onReleased(operationId: string): void
}

function Release({ journey, stop: { scope, scopeId }, onReleased }: ReleaseProps) {
  const [wish, setWish] = useState(usualBacklog)
  const client = useQueryClient()
  const release = useMutation({
    mutationFn: () =>
      api.post<{ operation: Operation }>('/emergency-stop/release', {
        ...toResumption(wish),
        scope,
        ...(scope !== 'workspace' && { scopeId }),
      }),
    onSuccess: async ({ operation }) => {
      onReleased(operation.id)
      await client.invalidateQueries({ queryKey: ['journeys'] })
    },
  })
  return (
    <Stack mt="sm">
      <BacklogFields
        cards={inFlowOrder(journey.draft)}
        value={wish}
        onChange={setWish}
        error={release.error}
      />
      <ProblemNotice error={release.error} />
      <Group justify="flex-end">
        <Button loading={release.isPending} onClick={() => release.mutate()}>
          Let it send again
        </Button>
      </Group>
    </Stack>
  )
}
