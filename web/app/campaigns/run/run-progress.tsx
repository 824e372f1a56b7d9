import { Button, Group, NumberInput, Popover, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CampaignKind } from '../../api/campaign-shapes.ts'
import type { RunProgress } from '../../api/report-shapes.ts'
import { api } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayNumber, saySpan, sayTime } from '../../ui/words.ts'

interface Props {
  run: RunProgress
  kind: CampaignKind | undefined
}

/** How far it is, in words and as a bar, with the levers that work now. */
export function RunProgressCard({ run, kind }: Props) {
  const isStanding = kind === 'triggered' || kind === 'drip'
  const total = run.intended ?? 0
  const share = run.state === 'completed' ? 100 : total === 0 ? 0 : (doneOf(run) / total) * 100
  return (
    <Card title="Progress" action={!run.endedAt && !isStanding && <Levers run={run} />}>
      <Stack gap="xs">
        <Text role="status">
          {isStanding ? 'It goes on as long as the campaign does.' : sayProgress(run)}
        </Text>
        {!isStanding && (
          <Progress
            value={share}
            animated={run.state === 'sending' || run.state === 'planning'}
            color={run.state === 'paused' || run.state === 'stopped' ? 'yellow' : 'teal'}
            aria-label="How far it is"
          />
        )}
        {run.budget && (
          <Text size="sm">
            {run.budget.spent} of {run.budget.amount} {run.budget.currency} are spent.
          </Text>
        )}
        {run.winner && <Text size="sm">Variant {run.winner} did best: the rest gets it.</Text>}
      </Stack>
    </Card>
  )
}

function sayProgress(run: RunProgress): string {
  const { state, intended, startsAt, endedAt, sendingAt } = run
  const of = `${sayNumber(doneOf(run))} of ${sayCount(intended ?? 0, 'message')}`
  switch (state) {
    case 'scheduled':
      return `It begins ${sayTime(startsAt)}.`
    case 'planning':
      return 'Who gets it is being looked up.'
    case 'sending':
      return `${of} have gone out${saySpeed(run)}.`
    case 'settling':
      return `All have gone out; the last answers of WhatsApp are awaited.`
    case 'paused':
    case 'stopped':
      return `It stands still. ${of} have gone out.`
    case 'completed':
      return `Done${endedAt && sendingAt ? ` in ${saySpan(Date.parse(endedAt) - Date.parse(sendingAt))}` : ''}: ${sayCount(intended ?? 0, 'person was', 'people were')} to get it.`
    case 'cancelled':
      return `It was cancelled after ${of}.`
    case 'failed':
      return 'It could not be done.'
  }
}

/** Whose turn has come and who does not wait for another try. */
function doneOf({ progress: { taken, planned } }: RunProgress): number {
  return Math.max(0, taken - planned)
}

function saySpeed(run: RunProgress): string {
  const { secondsLeft } = run.progress
  if (!secondsLeft) return ''
  const speed = ((run.intended ?? 0) - doneOf(run)) / secondsLeft
  const words = Number(speed.toFixed(speed < 10 ? 1 : 0)).toLocaleString()
  return `, ${words} a second now; done in about ${saySpan(secondsLeft * 1_000)}`
}

function Levers({ run }: { run: RunProgress }) {
  const client = useQueryClient()
  const steer = useMutation({
    mutationFn: (verb: 'pause' | 'resume' | 'cancel') => api.post(`/campaign-runs/${run.id}/${verb}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
  })
  const stands = run.state === 'paused' || run.state === 'stopped'
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        <Button
          size="xs"
          variant={stands ? 'filled' : 'default'}
          loading={steer.isPending}
          onClick={() => steer.mutate(stands ? 'resume' : 'pause')}
        >
          {stands ? 'Go on' : 'Pause'}
        </Button>
        <SpeedLever run={run} />
        <ConfirmButton
          size="xs"
          label="Cancel the rest"
          question="Cancel the rest of the run?"
          words="Who has not got it yet does not get it. What was sent stays sent. This cannot be taken back; to stop for a while, pause it."
          loading={steer.isPending}
          onConfirm={() => steer.mutate('cancel')}
        />
      </Group>
      <ProblemNotice error={steer.error} />
    </Stack>
  )
}

function SpeedLever({ run }: { run: RunProgress }) {
  const [isOpen, setOpen] = useState(false)
  const [speed, setSpeed] = useState<number | ''>(run.messagesPerSecond ?? '')
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: () =>
      api.post(`/campaign-runs/${run.id}/speed`, { messagesPerSecond: speed === '' ? null : speed }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['campaigns', 'run', run.id] })
      setOpen(false)
    },
  })
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setOpen(!isOpen)}>
          Speed
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            change.mutate()
          }}
        >
          <Stack gap="xs">
            <NumberInput
              label="Messages a second, at most"
              description="as fast as it may when empty"
              min={0.01}
              max={1_000}
              value={speed}
              error={fieldProblem(change.error, 'messagesPerSecond')}
              onChange={(given) => setSpeed(given === '' ? '' : Number(given))}
            />
            {!fieldProblem(change.error, 'messagesPerSecond') && <ProblemNotice error={change.error} />}
            <Button type="submit" size="xs" loading={change.isPending}>
              Set the speed
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
