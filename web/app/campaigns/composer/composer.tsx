import { Alert, Badge, Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { useState, type ComponentType } from 'react'
import { useSearchParams } from 'react-router'
import type { Campaign } from '../../api/campaign-shapes.ts'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { MessageStep } from '../message/message-step.tsx'
import { sayProblem } from '../campaign-words.ts'
import { useCheck } from '../use-campaign.ts'
import { AfterwardsStep } from './afterwards-step.tsx'
import { ApiStep } from './api-step.tsx'
import { AudienceStep } from './audience-step.tsx'
import { CampaignMessage } from './campaign-message.tsx'
import { CheckStep } from './check-step.tsx'
import { ComposerProvider } from './composer-context.ts'
import { stepOf, stepsOf, type StepName } from './composer-steps.ts'
import { LimitsStep } from './limits-step.tsx'
import { ScheduleStep } from './schedule-step.tsx'
import { StepsStep } from './steps-step.tsx'
import { TriggerStep } from './trigger-step.tsx'
import { useDraft } from './use-draft.ts'

const components: Record<StepName, ComponentType> = {
  audience: AudienceStep,
  trigger: TriggerStep,
  call: ApiStep,
  message: MessageStep,
  steps: StepsStep,
  schedule: ScheduleStep,
  limits: LimitsStep,
  afterwards: AfterwardsStep,
  check: CheckStep,
}

/** The campaign in steps, each of which may be done at any time; what is typed is stored by itself. */
export function Composer({ campaign }: { campaign: Campaign }) {
  const [params, setParams] = useSearchParams()
  const way = stepsOf(campaign.kind)
  const names = way.map(({ name }) => name)
  const shown = names.find((name) => name === params.get('step')) ?? names[0] ?? 'message'
  const { draft, stored, error, isSaved, change } = useDraft(campaign)
  const check = useCheck(campaign.id, stored)
  const [left, setLeft] = useState<StepName[]>(campaign.runs > 0 ? names : [])
  const seen = shown === 'check' ? names : left
  const go = (name: string) => {
    setLeft([...new Set([...seen, shown])])
    setParams({ step: name }, { replace: true })
  }
  const errors = (check.data?.problems ?? []).filter(({ severity }) => severity === 'error')
  const stepNameOf = (field: string) => stepOf(campaign.kind, field)?.name
  const hasSeen = (field: string) => seen.some((name) => name === stepNameOf(field))
  const problemAt = (path: string) =>
    hasSeen(path) ? sayProblem(errors.find(({ field }) => field === path)?.message) : undefined
  const countOf = (name: StepName) =>
    seen.includes(name) ? errors.filter(({ field }) => stepNameOf(field) === name).length : 0
  const Component = components[shown]
  const next = way[names.indexOf(shown) + 1]
  return (
    <ComposerProvider
      value={{
        ...{ campaign, draft, change, problemAt, isSaved },
        ...{ check: check.data, checkError: check.error, isChecked: isSaved && !check.isPlaceholderData },
      }}
    >
      <Stack>
        <StepTabs way={way} shown={shown} countOf={countOf} onGo={go} />
        <ProblemNotice error={error} />
        {isFrozen(campaign) && (
          <Alert color="yellow">
            The campaign is {campaign.state}: end it before you change what it does.
          </Alert>
        )}
        <fieldset className="app-fieldset" disabled={isFrozen(campaign) && shown !== 'check'}>
          <CampaignMessage>
            <Component key={shown} />
          </CampaignMessage>
        </fieldset>
        <Foot
          saved={isSaved ? 'All changes are saved.' : error ? 'The last changes are not saved.' : 'Saving …'}
          next={next?.title}
          onNext={() => next && go(next.name)}
        />
        {check.isPending && shown === 'check' && <Loading what="the check" />}
      </Stack>
    </ComposerProvider>
  )
}

interface StepTabsProps {
  way: ReturnType<typeof stepsOf>
  shown: StepName
  /** Errors in a step that has been seen. */
  countOf(name: StepName): number
  onGo(name: string): void
}

function StepTabs({ way, shown, countOf, onGo }: StepTabsProps) {
  return (
    <Tabs value={shown} onChange={(name) => name && onGo(name)} variant="outline">
      <Tabs.List>
        {way.map(({ name, title }) => (
          <Tabs.Tab key={name} value={name} rightSection={<ErrorCount count={countOf(name)} />}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  )
}

interface FootProps {
  saved: string
  next: string | undefined
  onNext(): void
}

function Foot({ saved, next, onNext }: FootProps) {
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {saved}
      </Text>
      {next && (
        <Button variant="light" onClick={onNext}>
          Next: {next}
        </Button>
      )}
    </Group>
  )
}

/** What has begun by itself goes on as it began; a one-time campaign's next run may differ. */
function isFrozen({ kind, state }: Campaign): boolean {
  return kind !== 'one-time' && (state === 'active' || state === 'paused' || state === 'scheduled')
}

function ErrorCount({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <Badge size="xs" circle color="red" aria-label={`${count} to correct`}>
      {count}
    </Badge>
  )
}
