import { Checkbox, Radio, Select, Stack, TextInput } from '@mantine/core'
import type { CampaignDefinition } from '../../../../src/model/campaign-definition.ts'
import { useEventNames } from '../../api/vocabulary.ts'
import { OptionalCondition } from './optional-condition.tsx'
import { Card } from '../../ui/card.tsx'
import { SegmentChoice } from './audience-part.tsx'
import { useComposer } from './composer-context.ts'

type Trigger = NonNullable<CampaignDefinition['trigger']>

/** What begins it for somebody. */
export function TriggerStep() {
  const { campaign, draft, change, problemAt } = useComposer()
  const trigger: Trigger = draft.trigger ?? { type: 'custom-event', event: '' }
  const set = (changed: Trigger) => change({ trigger: changed })
  return (
    <Stack>
      <Card title="What begins it">
        <Stack gap="sm">
          <Radio.Group
            aria-label="What begins it"
            value={trigger.type}
            onChange={(type) =>
              set(type === 'custom-event' ? { type, event: '' } : { type: 'segment-entered', segmentId: '' })
            }
          >
            <Stack gap="xs">
              <Radio
                value="custom-event"
                label="An event comes"
                description="e.g. cart_abandoned, from your shop"
              />
              <Radio value="segment-entered" label="Somebody enters a segment" />
            </Stack>
          </Radio.Group>
          {trigger.type === 'custom-event' ? (
            <EventChoice
              value={trigger.event}
              error={problemAt('trigger.event') ?? problemAt('trigger')}
              onChange={(event) => set({ ...trigger, event })}
            />
          ) : (
            <SegmentChoice
              value={trigger.segmentId}
              error={problemAt('trigger.segmentId') ?? problemAt('trigger')}
              onChange={(segmentId) => set({ ...trigger, segmentId })}
            />
          )}
          <OptionalCondition
            label="Only for contacts who fit conditions"
            path="trigger.condition"
            value={trigger.condition}
            onChange={(condition) => set({ ...trigger, condition })}
          />
        </Stack>
      </Card>
      {campaign.kind === 'drip' && <ExitFields />}
    </Stack>
  )
}

interface EventProps {
  value: string
  error: string | undefined
  onChange(event: string): void
  label?: string
}

export function EventChoice({ value, error, onChange, label = 'Event' }: EventProps) {
  const events = useEventNames().filter(({ isCustom }) => isCustom)
  const names = events.map(({ name }) => name)
  return (
    <Select
      label={label}
      required
      searchable
      placeholder={names.length === 0 ? 'There is no event type yet' : 'Choose one'}
      data={value === '' || names.includes(value) ? names : [...names, value]}
      value={value || null}
      error={error}
      onChange={(event) => onChange(event ?? '')}
      maw={380}
    />
  )
}

/** What ends a drip before its last step. */
function ExitFields() {
  const { draft, change, problemAt } = useComposer()
  const exitOn = draft.exitOn ?? { reply: true }
  return (
    <Card title="What ends it early">
      <Stack gap="sm">
        <Checkbox
          label="The contact answers"
          checked={exitOn.reply}
          onChange={(event) => change({ exitOn: { ...exitOn, reply: event.currentTarget.checked } })}
        />
        <TextInput
          label="An event that is the goal"
          description="e.g. order_paid; nothing when empty"
          value={exitOn.goal ?? ''}
          error={problemAt('exitOn.goal')}
          onChange={(event) =>
            change({ exitOn: { ...exitOn, goal: event.currentTarget.value || undefined } })
          }
          maw={380}
        />
      </Stack>
    </Card>
  )
}
