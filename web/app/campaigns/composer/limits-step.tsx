import { Checkbox, Group, MultiSelect, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import type { CampaignDefinition } from '../../../../src/model/campaign-definition.ts'
import { useNumbers } from '../../journeys/name-and-number.tsx'
import { Card } from '../../ui/card.tsx'
import { DurationInput, OptionalDuration } from '../../forms/duration-input.tsx'
import { ShareInput } from '../../forms/share-input.tsx'
import { useComposer } from './composer-context.ts'

type Canary = NonNullable<CampaignDefinition['canary']>
const startCanary: Canary = {
  ...{ size: 500, wait: { amount: 10, unit: 'minutes' } },
  ...{ maximumFailures: 0.1, maximumOptOuts: 0.02 },
}

/** How fast, how carefully, and for how much. */
export function LimitsStep() {
  const { campaign } = useComposer()
  const isToMany = campaign.kind !== 'triggered' && campaign.kind !== 'drip'
  return (
    <Stack>
      {isToMany && <SpeedCard />}
      {isToMany && <CanaryCard />}
      {isToMany && <BudgetCard />}
      <CareCard />
    </Stack>
  )
}

function SpeedCard() {
  const { campaign, draft, change, problemAt } = useComposer()
  const numbers = (useNumbers().data ?? []).filter(({ id }) => id !== campaign.numberId)
  return (
    <Card title="Speed">
      <Stack gap="sm">
        <NumberInput
          label="Messages a second, at most"
          description="as fast as WhatsApp lets it when empty; answers and journeys go first always"
          min={0.01}
          max={1_000}
          value={draft.messagesPerSecond ?? ''}
          error={problemAt('messagesPerSecond')}
          onChange={(rate) => change({ messagesPerSecond: rate === '' ? undefined : Number(rate) })}
          maw={380}
        />
        {numbers.length > 0 && (
          <MultiSelect
            label="Numbers that share the work"
            description="contacts hear from the number that they know already"
            data={numbers.map(({ id, displayNumber }) => ({ value: id, label: `+${displayNumber}` }))}
            value={draft.otherNumberIds ?? []}
            error={problemAt('otherNumberIds')}
            onChange={(otherNumberIds) => change({ otherNumberIds })}
            maw={480}
          />
        )}
      </Stack>
    </Card>
  )
}

function CanaryCard() {
  const { draft, change, problemAt } = useComposer()
  const { canary } = draft
  const set = (part: Partial<Canary>) => change({ canary: { ...startCanary, ...canary, ...part } })
  return (
    <Card title="A few first">
      <Stack gap="sm">
        <Checkbox
          label="Send it to a few first, and stop when they do badly"
          checked={canary !== undefined}
          error={problemAt('canary')}
          onChange={(event) => change({ canary: event.currentTarget.checked ? startCanary : undefined })}
        />
        {canary && (
          <Group align="flex-start" gap="sm">
            <NumberInput
              label="How many"
              min={1}
              max={10_000}
              allowDecimal={false}
              value={canary.size}
              error={problemAt('canary.size')}
              onChange={(size) => set({ size: Number(size) || 1 })}
              w={120}
            />
            <DurationInput
              label="Watched for"
              value={canary.wait}
              error={problemAt('canary.wait')}
              onChange={(wait) => set({ wait })}
            />
            <ShareInput
              label="Stop above failures, percent"
              value={canary.maximumFailures}
              error={problemAt('canary.maximumFailures')}
              onChange={(maximumFailures) => set({ maximumFailures })}
              w={220}
            />
            <ShareInput
              label="Stop above opt-outs, percent"
              value={canary.maximumOptOuts}
              error={problemAt('canary.maximumOptOuts')}
              onChange={(maximumOptOuts) => set({ maximumOptOuts })}
              w={220}
            />
          </Group>
        )}
      </Stack>
    </Card>
  )
}

function BudgetCard() {
  const { draft, change, problemAt } = useComposer()
  const { budget } = draft
  return (
    <Card title="Budget">
      <Stack gap="sm">
        <Checkbox
          label="Stop when this much is spent"
          description="by your rate card; each run has the whole of it"
          checked={budget !== undefined}
          error={problemAt('budget')}
          onChange={(event) =>
            change({ budget: event.currentTarget.checked ? { amount: '100', currency: 'USD' } : undefined })
          }
        />
        {budget && (
          <Group align="flex-start" gap="sm">
            <TextInput
              label="Amount"
              inputMode="decimal"
              value={budget.amount}
              error={problemAt('budget.amount')}
              onChange={(event) => change({ budget: { ...budget, amount: event.currentTarget.value } })}
              w={140}
            />
            <TextInput
              label="Currency"
              maxLength={3}
              value={budget.currency}
              error={problemAt('budget.currency')}
              onChange={(event) =>
                change({ budget: { ...budget, currency: event.currentTarget.value.toUpperCase() } })
              }
              w={110}
            />
          </Group>
        )}
      </Stack>
    </Card>
  )
}

function CareCard() {
  const { draft, change, problemAt } = useComposer()
  return (
    <Card title="Care">
      <Stack gap="sm">
        <Select
          label="What kind of message it is"
          description="who opted out of that kind gets none of it; and when nobody can tell whether WhatsApp took a message, marketing is not sent again, a notice is"
          allowDeselect={false}
          data={[
            { value: 'marketing', label: 'Marketing' },
            { value: 'utility', label: 'A notice that people need' },
          ]}
          value={draft.class ?? 'marketing'}
          error={problemAt('class')}
          onChange={(chosen) => change({ class: chosen === 'utility' ? 'utility' : 'marketing' })}
          maw={480}
        />
        <OptionalDuration
          label="Of no use any more after"
          description="who could not be written to by then is left out; for ever when empty"
          value={draft.expireAfter}
          error={problemAt('expireAfter') ?? problemAt('expireAfter.amount')}
          onChange={(expireAfter) => change({ expireAfter })}
        />
        <NumberInput
          label="Priority"
          description="1 goes before 9 where a contact may get one message only"
          min={1}
          max={9}
          allowDecimal={false}
          value={draft.priority ?? 7}
          error={problemAt('priority')}
          onChange={(priority) => change({ priority: Number(priority) || 7 })}
          maw={320}
        />
      </Stack>
    </Card>
  )
}
