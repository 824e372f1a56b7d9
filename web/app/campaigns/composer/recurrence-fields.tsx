import { Chip, Group, Input, NumberInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { ZoneSelect } from '../../forms/zone-select.tsx'
import { useComposer } from './composer-context.ts'
import { dayNames, readRule, writeRule, type Recurrence, type SimpleRule } from './recurrence.ts'

interface Props {
  schedule: Recurrence
  onChange(schedule: Recurrence): void
}
type RRule = Extract<Recurrence['rule'], { kind: 'rrule' }>

/** How often, in a form or as a rule in letters. */
export function RecurrenceFields({ schedule, onChange }: Props) {
  const { problemAt } = useComposer()
  const { rule } = schedule
  const simple = rule.kind === 'rrule' ? readRule(rule.rrule) : undefined
  const way = rule.kind === 'cron' ? 'cron' : simple ? 'simple' : 'rrule'
  const choose = (chosen: string) => {
    const from = rule.kind === 'rrule' ? rule.from : `${new Date().toISOString().slice(0, 10)}T10:00:00`
    const weekly = { kind: 'rrule', rrule: 'FREQ=WEEKLY;BYDAY=MO', from } as const
    const last = { kind: 'rrule', rrule: 'FREQ=MONTHLY;BYDAY=-1FR', from } as const
    const rules = { cron: { kind: 'cron', cron: '0 10 * * MON' } as const, rrule: last, simple: weekly }
    onChange({ ...schedule, rule: rules[chosen as keyof typeof rules] })
  }
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="How the rule is written"
        value={way}
        onChange={choose}
        data={[
          { value: 'simple', label: 'Simple' },
          { value: 'rrule', label: 'RRULE' },
          { value: 'cron', label: 'Cron' },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {rule.kind === 'cron' && (
        <TextInput
          label="Cron rule"
          description="minute, hour, day of the month, month, day of the week"
          required
          value={rule.cron}
          error={problemAt('schedule.rule.cron') ?? problemAt('schedule.rule')}
          onChange={(event) => onChange({ ...schedule, rule: { ...rule, cron: event.currentTarget.value } })}
          maw={380}
        />
      )}
      {rule.kind === 'rrule' && (
        <RruleFields
          rule={rule}
          simple={simple}
          onChange={(changed) => onChange({ ...schedule, rule: changed })}
        />
      )}
      <ZoneSelect
        label="Time zone"
        value={schedule.timeZone}
        error={problemAt('schedule.timeZone')}
        onChange={(timeZone) => onChange({ ...schedule, timeZone })}
      />
      <EndAndOverlap schedule={schedule} onChange={onChange} />
    </Stack>
  )
}

interface RruleProps {
  rule: RRule
  simple: SimpleRule | undefined
  onChange(rule: RRule): void
}

function RruleFields({ rule, simple, onChange }: RruleProps) {
  const { problemAt } = useComposer()
  const [day = '', time = ''] = rule.from.split('T')
  return (
    <>
      {simple ? (
        <SimpleFields
          rule={simple}
          onChange={(changed) => onChange({ ...rule, rrule: writeRule(changed) })}
        />
      ) : (
        <TextInput
          label="Rule"
          description="as calendars write it (RFC 5545), e.g. FREQ=MONTHLY;BYDAY=-1FR: the last Friday of a month"
          required
          value={rule.rrule}
          error={problemAt('schedule.rule.rrule') ?? problemAt('schedule.rule')}
          onChange={(event) => onChange({ ...rule, rrule: event.currentTarget.value })}
        />
      )}
      <Group gap="sm" align="flex-start">
        <TextInput
          label="Time of day"
          type="time"
          required
          value={time.slice(0, 5)}
          error={problemAt('schedule.rule.from')}
          onChange={(event) =>
            onChange({ ...rule, from: `${day}T${event.currentTarget.value || '10:00'}:00` })
          }
          w={130}
        />
        <TextInput
          label="Beginning on"
          type="date"
          required
          value={day}
          onChange={(event) =>
            event.currentTarget.value && onChange({ ...rule, from: `${event.currentTarget.value}T${time}` })
          }
          w={170}
        />
      </Group>
    </>
  )
}

function SimpleFields({ rule, onChange }: { rule: SimpleRule; onChange(rule: SimpleRule): void }) {
  const { problemAt } = useComposer()
  return (
    <>
      <Group gap="sm" align="flex-start">
        <NumberInput
          label="Every"
          min={1}
          max={52}
          allowDecimal={false}
          value={rule.interval}
          onChange={(interval) => onChange({ ...rule, interval: Number(interval) || 1 })}
          w={90}
        />
        <Select
          label="Unit"
          allowDeselect={false}
          data={[
            { value: 'DAILY', label: 'days' },
            { value: 'WEEKLY', label: 'weeks' },
            { value: 'MONTHLY', label: 'months' },
          ]}
          value={rule.every}
          error={problemAt('schedule.rule.rrule')}
          onChange={(every) => onChange({ ...rule, every: every ?? 'WEEKLY' })}
          w={130}
        />
        {rule.every === 'MONTHLY' && (
          <NumberInput
            label="On day"
            description="a month without it is passed over"
            min={1}
            max={31}
            allowDecimal={false}
            value={rule.monthDay}
            onChange={(monthDay) => onChange({ ...rule, monthDay: Number(monthDay) || 1 })}
            w={220}
          />
        )}
      </Group>
      {rule.every === 'WEEKLY' && (
        <Input.Wrapper label="On">
          <Chip.Group multiple value={rule.days} onChange={(days) => onChange({ ...rule, days })}>
            <Group gap={6} mt={4}>
              {Object.entries(dayNames).map(([day, name]) => (
                <Chip key={day} value={day} size="xs">
                  {name}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      )}
    </>
  )
}

function EndAndOverlap({ schedule, onChange }: Props) {
  const { problemAt } = useComposer()
  return (
    <Group gap="sm" align="flex-start">
      <TextInput
        label="Last day (for ever when empty)"
        type="date"
        value={schedule.until?.slice(0, 10) ?? ''}
        error={problemAt('schedule.until')}
        onChange={(event) => {
          const day = event.currentTarget.value
          onChange({ ...schedule, until: endOfDay(day, schedule.timeZone) })
        }}
        w={240}
      />
      <Select
        label="When the run before is still going"
        allowDeselect={false}
        data={[
          { value: 'skip', label: 'the new one is left out' },
          { value: 'buffer-one', label: 'the new one waits for it' },
          { value: 'allow-all', label: 'both go on' },
          { value: 'cancel-other', label: 'the one before is cancelled' },
        ]}
        value={schedule.overlap}
        onChange={(overlap) => onChange({ ...schedule, overlap: overlap ?? 'skip' })}
        w={280}
      />
    </Group>
  )
}

/** The last second of a day where the rule's clock stands. */
function endOfDay(day: string, timeZone: string): string | undefined {
  if (day === '') return undefined
  const zoned = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const parts = zoned.formatToParts(new Date(`${day}T23:59:59Z`))
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length)
  return `${day}T23:59:59${offset || 'Z'}`
}
