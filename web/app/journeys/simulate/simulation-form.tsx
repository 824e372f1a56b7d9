import { Button, Group, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import type { SimulationLine } from '../../api/simulation-shapes.ts'
import { useSegmentNames } from '../../api/vocabulary.ts'
import { Card } from '../../ui/card.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { useVersions } from '../use-journey.ts'

interface Wish {
  version: string
  kind: string
  count: number
  country: string
  segmentId: string
  days: number
  silentPercent: number
  stopPercent: number
}
const usual: Wish = {
  ...{ version: 'draft', kind: 'synthetic', count: 1_000, country: '', segmentId: '' },
  ...{ days: 90, silentPercent: 30, stopPercent: 1 },
}

/** As the API takes it. */
function toOrder(wish: Wish) {
  const places = wish.country === '' ? {} : { places: [{ country: wish.country.toUpperCase() }] }
  return {
    ...(wish.version !== 'draft' && { version: Number(wish.version) }),
    audience:
      wish.kind === 'segment'
        ? { kind: 'segment', segmentId: wish.segmentId }
        : { kind: 'synthetic', count: wish.count, ...places },
    horizon: { amount: wish.days, unit: 'days' },
    behaviour: { default: { silence: wish.silentPercent / 100, stop: wish.stopPercent / 100 } },
  }
}

interface Props {
  journey: Journey
  onStarted(id: string): void
}

/** Which definition, on whom, and how they behave. */
export function SimulationForm({ journey, onStarted }: Props) {
  const [wish, setWish] = useState(usual)
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => api.post<SimulationLine>(`/journeys/${journey.id}/simulations`, toOrder(wish)),
    onSuccess: async ({ id }) => {
      onStarted(id)
      await client.invalidateQueries({ queryKey: ['journeys', 'simulations', journey.id] })
    },
  })
  const change = (changed: Partial<Wish>) => setWish({ ...wish, ...changed })
  return (
    <Card title="Try it out">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate()
        }}
      >
        <Stack gap="sm">
          <Audience journey={journey} wish={wish} onChange={change} error={start.error} />
          <Behaviour wish={wish} onChange={change} error={start.error} />
          <ProblemNotice error={start.error} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              Nothing is sent and nobody is changed.
            </Text>
            <Button type="submit" loading={start.isPending}>
              Simulate
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

interface PartProps {
  wish: Wish
  onChange(change: Partial<Wish>): void
  error: unknown
}

function Audience({ journey, wish, onChange, error }: PartProps & { journey: Journey }) {
  const versions = useVersions(journey.id).data ?? []
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="What"
        allowDeselect={false}
        data={[
          { value: 'draft', label: 'The draft' },
          ...versions.map(({ number }) => ({ value: String(number), label: `Version ${number}` })),
        ]}
        value={wish.version}
        onChange={(version) => onChange({ version: version ?? 'draft' })}
        w={140}
      />
      <SegmentedControl
        aria-label="Audience"
        value={wish.kind}
        onChange={(kind) => onChange({ kind })}
        data={[
          { value: 'synthetic', label: 'Made-up contacts' },
          { value: 'segment', label: 'A segment' },
        ]}
      />
      {wish.kind === 'segment' ? (
        <SegmentChoice wish={wish} onChange={onChange} error={error} />
      ) : (
        <>
          <NumberInput
            label="How many"
            min={1}
            max={1_000_000}
            thousandSeparator
            value={wish.count}
            error={fieldProblem(error, 'audience.count')}
            onChange={(count) => onChange({ count: Number(count) })}
            w={130}
          />
          <TextInput
            label="Country"
            placeholder="e.g. IN"
            value={wish.country}
            error={fieldProblem(error, 'country')}
            onChange={(event) => onChange({ country: event.currentTarget.value.trim() })}
            w={110}
          />
        </>
      )}
    </Group>
  )
}

function SegmentChoice({ wish, onChange, error }: PartProps) {
  const segments = useSegmentNames()
  return (
    <Select
      label="Segment"
      placeholder={segments.length === 0 ? 'There is none yet' : 'Choose one'}
      searchable
      data={segments.map(({ id, name }) => ({ value: id, label: name }))}
      value={wish.segmentId || null}
      error={fieldProblem(error, 'audience.segmentId')}
      onChange={(segmentId) => onChange({ segmentId: segmentId ?? '' })}
      w={240}
    />
  )
}

function Behaviour({ wish, onChange, error }: PartProps) {
  return (
    <Group align="flex-start" gap="sm">
      <NumberInput
        label="Days to look ahead"
        min={1}
        max={3_660}
        value={wish.days}
        error={fieldProblem(error, 'horizon') ?? fieldProblem(error, 'horizon.amount')}
        onChange={(days) => onChange({ days: Number(days) })}
        w={160}
      />
      <NumberInput
        label="Do not answer, percent"
        min={0}
        max={100}
        value={wish.silentPercent}
        error={fieldProblem(error, 'silence')}
        onChange={(percent) => onChange({ silentPercent: Number(percent) })}
        w={180}
      />
      <NumberInput
        label="Opt out, percent"
        min={0}
        max={100}
        value={wish.stopPercent}
        error={fieldProblem(error, 'stop')}
        onChange={(percent) => onChange({ stopPercent: Number(percent) })}
        w={150}
      />
    </Group>
  )
}
