import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import type { CampaignDefinition, FollowUp } from '../../../../src/model/campaign-definition.ts'
import { RemoveButton } from '../../forms/remove-button.tsx'
import { Card } from '../../ui/card.tsx'
import { useComposer } from './composer-context.ts'
import { DurationInput } from '../../forms/duration-input.tsx'
import { FollowUpFields } from './follow-up-fields.tsx'
import { OptionalCondition } from './optional-condition.tsx'
import { EventChoice } from './trigger-step.tsx'

type Conversion = NonNullable<CampaignDefinition['conversion']>
const startConversion: Conversion = { event: '', within: { amount: 3, unit: 'days' } }

/** What counts as success, and what happens to people after the message. */
export function AfterwardsStep() {
  return (
    <Stack>
      <ConversionCard />
      <FollowUps />
    </Stack>
  )
}

function ConversionCard() {
  const { draft, change, problemAt } = useComposer()
  const { conversion } = draft
  const set = (part: Partial<Conversion>) =>
    change({ conversion: { ...startConversion, ...conversion, ...part } })
  return (
    <Card title="Conversion">
      <Stack gap="sm">
        <Checkbox
          label="Count who does something afterwards, e.g. buys"
          checked={conversion !== undefined}
          error={problemAt('conversion')}
          onChange={(event) =>
            change({ conversion: event.currentTarget.checked ? startConversion : undefined })
          }
        />
        {conversion && (
          <>
            <Group align="flex-start" gap="sm">
              <div style={{ flex: '1 1 14rem', maxWidth: 380 }}>
                <EventChoice
                  label="Event that counts"
                  value={conversion.event}
                  error={problemAt('conversion.event')}
                  onChange={(event) => set({ event })}
                />
              </div>
              <DurationInput
                label="Within, after the message"
                value={conversion.within}
                error={problemAt('conversion.within') ?? problemAt('conversion.within.amount')}
                onChange={(within) => set({ within })}
              />
            </Group>
            <TextInput
              label="Field of the event that holds the value"
              description="e.g. total: its sum is shown; may be empty"
              value={conversion.valueAttribute ?? ''}
              error={problemAt('conversion.valueAttribute')}
              onChange={(event) => set({ valueAttribute: event.currentTarget.value || undefined })}
              maw={380}
            />
            <OptionalCondition
              label="Only for contacts who fit conditions"
              path="conversion.condition"
              value={conversion.condition}
              onChange={(condition) => set({ condition })}
            />
          </>
        )}
      </Stack>
    </Card>
  )
}

function FollowUps() {
  const { draft, change, problemAt } = useComposer()
  const followUps = draft.followUps ?? []
  const set = (changed: FollowUp[]) => change({ followUps: changed })
  const add = () => {
    const taken = new Set(followUps.map(({ id }) => id))
    const number = Array.from({ length: 21 }, (_, at) => at + 1).find(
      (each) => !taken.has(`follow-up-${each}`),
    )
    set([...followUps, { id: `follow-up-${number}`, on: 'replied', action: { kind: 'tag', tag: '' } }])
  }
  return (
    <Card title="Follow-ups">
      <Stack gap="sm">
        {followUps.length === 0 && (
          <Text size="sm" c="dimmed">
            E.g. tag who clicked, or begin a journey with who did not read it within a day.
          </Text>
        )}
        {followUps.map((followUp, at) => (
          <div key={followUp.id} className="app-group" role="group" aria-label={`Follow-up ${at + 1}`}>
            <Stack gap="xs">
              <FollowUpFields
                followUp={followUp}
                path={`followUps.${at}`}
                onChange={(changed) => set(followUps.with(at, changed))}
              />
              <Group justify="flex-end">
                <RemoveButton what={`follow-up ${at + 1}`} onClick={() => set(followUps.toSpliced(at, 1))} />
              </Group>
            </Stack>
          </div>
        ))}
        <ErrorText text={problemAt('followUps')} />
        {followUps.length < 20 && (
          <Button size="xs" variant="light" w="fit-content" onClick={add}>
            Add a follow-up
          </Button>
        )}
      </Stack>
    </Card>
  )
}
