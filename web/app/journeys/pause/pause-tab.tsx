import { Stack } from '@mantine/core'
import { useState } from 'react'
import type { Journey } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { OperationProgress } from '../../ui/operation-progress.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { inFlowOrder } from '../flow/edit-draft.ts'
import { useHolds } from '../use-journey.ts'
import { EmergencyStop } from './emergency-stop.tsx'
import { HoldWords } from './hold-words.tsx'
import { PauseForm } from './pause-form.tsx'
import { ResumePanel } from './resume-panel.tsx'

const places: Record<string, string> = {
  workspace: 'the whole workspace',
  number: 'the number',
  journey: 'this journey',
}

/** What holds the journey now, and how it is held or let go. */
export function PauseTab({ journey }: { journey: Journey }) {
  const [operationId, setOperationId] = useState<string>()
  const holds = useHolds(journey)
  if (holds.isPending) return <Loading what="the pauses" />
  if (holds.error) return <ProblemNotice error={holds.error} onRetry={() => void holds.refetch()} />
  const own = holds.data.find(({ kind, scope }) => kind === 'pause' && scope === 'journey')
  const stops = holds.data.filter(({ kind }) => kind === 'stop')
  const others = holds.data.filter((hold) => hold !== own && hold.kind !== 'stop')
  return (
    <Stack>
      {others.map((hold) => (
        <Card key={hold.id} title={`Paused: ${places[hold.scope] ?? hold.scope}`}>
          <HoldWords hold={hold} />
        </Card>
      ))}
      {own ? (
        <Card title="This journey is paused">
          <Stack>
            <HoldWords hold={own} />
            <ResumePanel
              path={`/journeys/${journey.id}`}
              what="journey"
              cards={inFlowOrder(journey.draft)}
              onResumed={setOperationId}
            />
          </Stack>
        </Card>
      ) : (
        <Card title="Pause this journey">
          <PauseForm path={`/journeys/${journey.id}`} what="journey" />
        </Card>
      )}
      {operationId && (
        <Card title="Going on">
          <OperationProgress key={operationId} id={operationId} />
        </Card>
      )}
      <EmergencyStop journey={journey} stops={stops} onReleased={setOperationId} />
    </Stack>
  )
}
