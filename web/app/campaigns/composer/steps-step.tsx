import { Button, Group, Stack, Text } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import type { CampaignDefinition } from '../../../../src/model/campaign-definition.ts'
import { RemoveButton } from '../../forms/remove-button.tsx'
import { Card } from '../../ui/card.tsx'
import { MessageFields } from '../message/message-step.tsx'
import { startVariant } from '../use-campaign.ts'
import { useComposer } from './composer-context.ts'
import { DurationInput } from '../../forms/duration-input.tsx'
import { OptionalCondition } from './optional-condition.tsx'

type Step = CampaignDefinition['steps'][number]

/** What a drip sends after its first message. */
export function StepsStep() {
  const { draft, change, problemAt } = useComposer()
  const steps = draft.steps ?? []
  const set = (changed: Step[]) => change({ steps: changed })
  const add = () => {
    const taken = new Set(steps.map(({ variant }) => variant.id))
    const number = Array.from({ length: 51 }, (_, at) => at + 2).find((each) => !taken.has(`step-${each}`))
    set([...steps, { delay: { amount: 1, unit: 'days' }, variant: startVariant(`step-${number}`) }])
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        The first message stands under “Message”. Each step waits, and then sends one more.
      </Text>
      <ErrorText text={problemAt('steps')} />
      {steps.map((step, at) => (
        <StepCard
          key={step.variant.id}
          step={step}
          at={at}
          onChange={(changed) => set(steps.with(at, changed))}
          onRemove={() => set(steps.toSpliced(at, 1))}
        />
      ))}
      <Group>
        <Button variant="light" onClick={add}>
          Add a step
        </Button>
      </Group>
    </Stack>
  )
}

interface StepProps {
  step: Step
  at: number
  onChange(step: Step): void
  onRemove(): void
}

function StepCard({ step, at, onChange, onRemove }: StepProps) {
  const { problemAt } = useComposer()
  const path = `steps.${at}`
  return (
    <Card title={`Message ${at + 2}`} action={<RemoveButton what={`message ${at + 2}`} onClick={onRemove} />}>
      <Stack gap="sm">
        <DurationInput
          label="After the message before it"
          value={step.delay}
          error={problemAt(`${path}.delay`) ?? problemAt(`${path}.delay.amount`)}
          onChange={(delay) => onChange({ ...step, delay })}
        />
        <MessageFields
          message={step.variant.message}
          path={`${path}.variant.message`}
          onChange={(message) => onChange({ ...step, variant: { ...step.variant, message } })}
        />
        <OptionalCondition
          label="Only for contacts who fit conditions then"
          path={`${path}.condition`}
          value={step.condition}
          onChange={(condition) => onChange({ ...step, condition })}
        />
      </Stack>
    </Card>
  )
}
