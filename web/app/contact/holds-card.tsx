import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll } from '../api/client.ts'
import type { Hold } from '../api/operation-shapes.ts'
import { HoldWords } from '../journeys/pause/hold-words.tsx'
import { PauseForm } from '../journeys/pause/pause-form.tsx'
import { ResumePanel } from '../journeys/pause/resume-panel.tsx'
import { Card } from '../ui/card.tsx'
import { OperationProgress } from '../ui/operation-progress.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { sayTime } from '../ui/words.ts'

interface Takeover {
  id: string
  conversationId: string
  kind: string
  reason: string
  beganAt: string
  takenBy: string | null
}

/** What keeps this contact's journeys from going on, and how they are held or let go. */
export function HoldsCard({ contactId }: { contactId: string }) {
  const [operationId, setOperationId] = useState<string>()
  const [isAsking, setAsking] = useState(false)
  const path = `/contacts/${contactId}`
  const holds = useQuery({
    queryKey: ['contact', contactId, 'holds'],
    queryFn: async () => ({
      pauses: await getAll<Hold>('/pauses', { active: 'true', scopeId: contactId }),
      takeovers: await getAll<Takeover>('/takeovers', { contactId }),
    }),
  })
  const pause = holds.data?.pauses[0]
  const isFree = holds.isSuccess && !pause && holds.data.takeovers.length === 0
  return (
    <Card
      title="Pause"
      action={
        holds.isSuccess &&
        !pause && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Pause the journeys …
          </Button>
        )
      }
    >
      <Stack gap="sm">
        {holds.isPending && <Loading what="the pauses" />}
        <ProblemNotice error={holds.error} />
        {isFree && (
          <Text size="sm" c="dimmed">
            Nothing holds this contact: journeys go on.
          </Text>
        )}
        {holds.data?.takeovers.map((takeover) => (
          <Taken key={takeover.id} takeover={takeover} />
        ))}
        {pause && (
          <>
            <HoldWords hold={pause} />
            <ResumePanel path={path} what="contact" cards={[]} onResumed={setOperationId} />
          </>
        )}
        {operationId && <OperationProgress key={operationId} id={operationId} />}
      </Stack>
      {isAsking && (
        <Modal opened onClose={() => setAsking(false)} size="lg" title="Pause this contact's journeys">
          <PauseForm path={path} what="contact" onPaused={() => setAsking(false)} />
        </Modal>
      )}
    </Card>
  )
}

/** A chat that a person has, or that waits for one. */
function Taken({ takeover: { conversationId, kind, takenBy, reason, beganAt } }: { takeover: Takeover }) {
  const client = useQueryClient()
  const handBack = useMutation({
    mutationFn: () => api.post(`/conversations/${conversationId}/hand-back`),
    onSettled: () => client.invalidateQueries({ queryKey: ['contact'] }),
  })
  const isWaiting = kind === 'handoff' && takenBy === null
  return (
    <div className="app-group">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {isWaiting ? 'The chat waits for a person' : 'A person has the chat'}
          {reason && `: ${reason}`}, since {sayTime(beganAt)}. Journeys stand still.
        </Text>
        <Button size="xs" variant="light" loading={handBack.isPending} onClick={() => handBack.mutate()}>
          Hand back
        </Button>
      </Group>
      <ProblemNotice error={handBack.error} />
    </div>
  )
}
