import { Group, Radio, Select, Stack, TextInput } from '@mantine/core'
import type { CampaignSchedule } from '../../../../src/model/campaign-definition.ts'
import { InstantInput } from '../../forms/instant-input.tsx'
import { ZoneSelect } from '../../forms/zone-select.tsx'
import { Card } from '../../ui/card.tsx'
import { useComposer } from './composer-context.ts'
import { NextRuns } from './next-runs.tsx'
import { RecurrenceFields } from './recurrence-fields.tsx'

type Of<K extends CampaignSchedule['kind']> = Extract<CampaignSchedule, { kind: K }>

/** When it goes out. */
export function ScheduleStep() {
  const { campaign, draft, change, isSaved } = useComposer()
  const schedule = draft.schedule ?? { kind: 'now' }
  const set = (changed: CampaignSchedule) => change({ schedule: changed })
  if (campaign.kind === 'recurring')
    return schedule.kind === 'recurring' ? (
      <Stack>
        <Card title="How often">
          <RecurrenceFields schedule={schedule} onChange={set} />
        </Card>
        <NextRuns campaignId={campaign.id} schedule={schedule} isStored={isSaved} />
      </Stack>
    ) : null
  return (
    <Card title="When">
      <Stack gap="sm">
        <Radio.Group aria-label="When" value={schedule.kind} onChange={(kind) => set(startSchedule(kind))}>
          <Stack gap="xs">
            <Radio value="now" label="At once, when you launch it" />
            <Radio value="at" label="At a time" />
            <Radio
              value="local"
              label="At the same time of day for everybody"
              description="each contact gets it when it is that time where they live"
            />
          </Stack>
        </Radio.Group>
        {schedule.kind === 'at' && <AtFields schedule={schedule} onChange={set} />}
        {schedule.kind === 'local' && <LocalFields schedule={schedule} onChange={set} />}
      </Stack>
    </Card>
  )
}

function startSchedule(kind: string): CampaignSchedule {
  const tomorrow = new Date(Date.now() + 86_400_000)
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const date = tomorrow.toISOString().slice(0, 10)
  if (kind === 'local') return { kind, date, time: '10:00', timeZone, past: 'next-day' }
  if (kind === 'at') return { kind, at: new Date(`${date}T10:00`).toISOString() }
  return { kind: 'now' }
}

interface Props<K extends CampaignSchedule['kind']> {
  schedule: Of<K>
  onChange(schedule: CampaignSchedule): void
}

function AtFields({ schedule, onChange }: Props<'at'>) {
  const { problemAt } = useComposer()
  return (
    <InstantInput
      label="Time"
      value={schedule.at}
      error={problemAt('schedule.at') ?? problemAt('schedule')}
      onChange={(at) => at !== undefined && onChange({ ...schedule, at })}
    />
  )
}

function LocalFields({ schedule, onChange }: Props<'local'>) {
  const { problemAt } = useComposer()
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="sm">
        <TextInput
          label="Day"
          type="date"
          required
          value={schedule.date}
          error={problemAt('schedule.date')}
          onChange={(event) => onChange({ ...schedule, date: event.currentTarget.value })}
          w={170}
        />
        <TextInput
          label="Time of day"
          type="time"
          required
          value={schedule.time}
          error={problemAt('schedule.time')}
          onChange={(event) => onChange({ ...schedule, time: event.currentTarget.value })}
          w={130}
        />
        <ZoneSelect
          label="Time zone of contacts whose own is not known"
          value={schedule.timeZone}
          error={problemAt('schedule.timeZone')}
          onChange={(timeZone) => onChange({ ...schedule, timeZone })}
        />
      </Group>
      <Select
        label="For whom that time is over already"
        allowDeselect={false}
        data={[
          { value: 'next-day', label: 'they get it the next day' },
          { value: 'at-once', label: 'they get it at once' },
          { value: 'leave-out', label: 'they are left out' },
        ]}
        value={schedule.past}
        onChange={(past) => onChange({ ...schedule, past: past ?? 'next-day' })}
        maw={380}
      />
    </Stack>
  )
}
