import { Alert, Button, Checkbox, Group, List, Radio, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiProblem } from '../../api/client.ts'
import type { Journey, MigrationPreview } from '../../api/journey-shapes.ts'
import { usualPace } from '../../forms/pace-fields.tsx'
import { Card } from '../../ui/card.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { inFlowOrder } from '../flow/edit-draft.ts'
import { useJudged } from '../use-journey.ts'
import { DiffView, useDiff } from './diff-view.tsx'
import { decisiveCards, toMigration, toPlan, type MovePlan } from './move-plan.ts'
import { PlanFields } from './plan-fields.tsx'
import { PreviewMove } from './preview-move.tsx'
import { useOccupancy } from './who-stands-where.tsx'

interface Published {
  version: { number: number }
}

/** Makes a version of the draft: what it changes, whom it concerns, and what becomes of them. */
export function PublishPanel({ journey, latest }: { journey: Journey; latest: number | undefined }) {
  const judged = useJudged(journey.id, journey.draft)
  const errors = (judged.data?.problems ?? []).filter(({ severity }) => severity === 'error')
  const isUndeclared = errors.some(({ message }) => message.includes('declareAttributes'))
  const blocking = errors.filter(({ message }) => !message.includes('declareAttributes'))
  return (
    <Card title={latest === undefined ? 'Publish the first version' : `Publish version ${latest + 1}`}>
      <Stack>
        {judged.isPending && <Loading what="the check" />}
        <ProblemNotice error={judged.error} />
        {blocking.length > 0 && (
          <Alert color="red" title="The draft cannot be published yet">
            <List size="sm">
              {blocking.slice(0, 8).map(({ field, message }) => (
                <List.Item key={field + message}>
                  {field}: {message}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        {latest !== undefined && <DiffView journeyId={journey.id} from="latest" to="draft" />}
        <PublishForm
          journey={journey}
          latest={latest}
          isUndeclared={isUndeclared}
          isReady={judged.isSuccess && blocking.length === 0}
        />
      </Stack>
    </Card>
  )
}

interface FormProps {
  journey: Journey
  latest: number | undefined
  isUndeclared: boolean
  isReady: boolean
}

function usePlan(journey: Journey, latest: number | undefined) {
  const [plan, setPlan] = useState<MovePlan>({ cards: {}, unchanged: 'move', pace: usualPace })
  const diff = useDiff(journey.id, 'latest', 'draft', latest !== undefined)
  const occupancy = useOccupancy(journey.id).data ?? []
  const inside = occupancy.reduce((sum, each) => sum + each.inside, 0)
  const decisive = decisiveCards(diff.data?.cards ?? [], occupancy)
  return { plan, setPlan, inside, decisive }
}

function usePublish(journeyId: string, onPublished: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (order: object) => api.post<Published>(`/journeys/${journeyId}/publish`, order),
    onSuccess: async ({ version }) => {
      onPublished()
      notifications.show({ color: 'teal', message: `Version ${version.number} is published.` })
      await client.invalidateQueries({ queryKey: ['journeys'] })
    },
    // Somebody changed the draft meanwhile: what is asked to be published is shown first.
    onError: async (error) => {
      if (error instanceof ApiProblem && error.code === 'conflict')
        await client.invalidateQueries({ queryKey: ['journeys', 'one', journeyId] })
    },
  })
}

function PublishForm({ journey, latest, isUndeclared, isReady }: FormProps) {
  const { plan, setPlan, inside, decisive } = usePlan(journey, latest)
  const [whom, setWhom] = useState('stay')
  const [declareAttributes, setDeclare] = useState(true)
  const [reason, setReason] = useState('')
  const isMoving = whom === 'move' && inside > 0
  const preview = useMutation({
    mutationFn: () =>
      api.post<MigrationPreview>(`/journeys/${journey.id}/migrations/preview`, { plan: toPlan(plan) }),
  })
  const publish = usePublish(journey.id, () => {
    setReason('')
    preview.reset()
  })
  const send = () =>
    publish.mutate({
      revision: journey.revision,
      declareAttributes: isUndeclared && declareAttributes,
      ...(reason && { overrideAssertions: { reason } }),
      ...(isMoving && { migration: toMigration(plan) }),
    })
  const error = publish.error ?? preview.error
  const change = (changed: MovePlan) => {
    setPlan(changed)
    preview.reset()
  }
  return (
    <Stack>
      {inside > 0 && <WhomToMove value={whom} onChange={setWhom} inside={inside} />}
      {isMoving && (
        <PlanFields
          decisive={decisive}
          cards={inFlowOrder(journey.draft)}
          value={plan}
          onChange={change}
          error={error}
        />
      )}
      {isMoving && preview.data && <PreviewMove preview={preview.data} />}
      {isUndeclared && <DeclareBox value={declareAttributes} onChange={setDeclare} />}
      <ProblemNotice error={error} />
      <FailedAssertions error={publish.error} reason={reason} onReason={setReason} />
      <Group justify="flex-end">
        {isMoving && (
          <Button
            variant="light"
            disabled={!isReady}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            Who would be messaged
          </Button>
        )}
        <Button disabled={!isReady} loading={publish.isPending} onClick={send}>
          {isMoving ? 'Publish and move people' : 'Publish'}
        </Button>
      </Group>
    </Stack>
  )
}

function DeclareBox({ value, onChange }: { value: boolean; onChange(value: boolean): void }) {
  return (
    <Checkbox
      label="Declare the attributes that its cards set and nobody has declared"
      checked={value}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

function WhomToMove(props: { value: string; onChange(value: string): void; inside: number }) {
  return (
    <Radio.Group
      label={`Who is inside (${props.inside.toLocaleString()})`}
      value={props.value}
      onChange={props.onChange}
    >
      <Stack gap="xs" mt={4}>
        <Radio
          value="stay"
          label="finishes the version they are in"
          description="only who enters from now on takes the new one"
        />
        <Radio value="move" label="is moved to the new version, by a plan" />
      </Stack>
    </Radio.Group>
  )
}

interface FailedProps {
  error: unknown
  reason: string
  onReason(reason: string): void
}

/** What the journey is held to and this draft does not keep; whoever answers for it may publish all the same. */
function FailedAssertions({ error, reason, onReason }: FailedProps) {
  if (!(error instanceof ApiProblem)) return null
  const failed = error.fields.filter(({ field }) => field.startsWith('assertions.'))
  if (failed.length === 0) return null
  return (
    <Stack gap="xs">
      {failed.map(({ field, message }) => (
        <Text key={field + message} size="sm" c="red">
          {field.replace('assertions.', '')}: {message}
        </Text>
      ))}
      <Textarea
        label="Publish all the same, because"
        description="The reason is kept with the version"
        autosize
        value={reason}
        onChange={(event) => onReason(event.currentTarget.value)}
      />
    </Stack>
  )
}
