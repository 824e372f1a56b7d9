import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Estimate } from '../../api/campaign-shapes.ts'
import type { Problem } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Counts } from '../../ui/counts.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { saySpan } from '../../ui/words.ts'
import { sayCost, sayProblem } from '../campaign-words.ts'
import { AudienceSize } from './audience-size.tsx'
import { useComposer } from './composer-context.ts'
import { LaunchDialog } from './launch-dialog.tsx'
import { stepOf } from './composer-steps.ts'

/** What is wrong, what it comes to, and the launch. */
export function CheckStep() {
  const { campaign, check, checkError, isChecked } = useComposer()
  const [isAsking, setAsking] = useState(false)
  const errors = (check?.problems ?? []).filter(({ severity }) => severity === 'error')
  const warnings = (check?.problems ?? []).filter(({ severity }) => severity === 'warning')
  const isGoing = ['scheduled', 'active', 'paused'].includes(campaign.state)
  const isReady = check !== undefined && errors.length === 0 && isChecked && !isGoing
  return (
    <Stack>
      <ProblemNotice error={checkError} />
      {errors.length > 0 && (
        <Problems title="To correct before it can be launched" color="red" problems={errors} />
      )}
      {warnings.length > 0 && <Problems title="To think of" color="yellow" problems={warnings} />}
      {check && errors.length === 0 && <Alert color="teal">Nothing is wrong with it.</Alert>}
      {(campaign.kind === 'one-time' || campaign.kind === 'recurring') && <AudienceSize />}
      {check?.valid && check.estimate && <EstimateCard estimate={check.estimate} />}
      <Group>
        <Button size="md" disabled={!isReady} onClick={() => setAsking(true)}>
          {campaign.runs > 0 ? 'Run it again …' : 'Launch …'}
        </Button>
        <Text size="sm" c="dimmed">
          {isGoing
            ? 'It is going already: it can be launched again when it is over.'
            : errors.length > 0 && 'Correct what is red above first.'}
        </Text>
      </Group>
      {isAsking && check && (
        <LaunchDialog campaign={campaign} estimate={check.estimate} onClose={() => setAsking(false)} />
      )}
    </Stack>
  )
}

interface ProblemsProps {
  title: string
  color: string
  problems: Problem[]
}

function Problems({ title, color, problems }: ProblemsProps) {
  const { campaign } = useComposer()
  const [, setParams] = useSearchParams()
  return (
    <Alert color={color} title={title}>
      <List size="sm" aria-label={title}>
        {problems.map(({ field, message }) => {
          const step = stepOf(campaign.kind, field)
          return (
            <List.Item key={field + message}>
              {step && (
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  onClick={() => setParams({ step: step.name }, { replace: true })}
                >
                  {step.title}
                </Anchor>
              )}{' '}
              {sayField(field)}: {sayProblem(message)}
            </List.Item>
          )
        })}
      </List>
    </Alert>
  )
}

/** `variants.0.message.name` as `variant 1, message, name`. */
function sayField(field: string): string {
  return field
    .replaceAll(
      /\b(\w+s|include|exclude)\.(\d+)/g,
      (_, list: string, at: string) => `${list} ${Number(at) + 1}`,
    )
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll('.', ', ')
}

function EstimateCard({ estimate }: { estimate: Estimate }) {
  const { intended, cost, unpriced, durationSeconds, reach } = estimate
  const left = reach.limit === null ? null : Math.max(0, reach.limit - reach.used)
  return (
    <Card title="What it comes to">
      <Stack gap="xs">
        <Counts
          counts={[
            ['people get it', intended],
            ['it costs about', sayCost(cost) || (unpriced > 0 ? 'unknown' : 'nothing')],
            ['it takes about', intended === 0 ? '–' : saySpan(durationSeconds * 1_000)],
            ['may be newly written to today', left === null ? 'any number' : left],
          ]}
        />
      </Stack>
    </Card>
  )
}
