import { NumberInput, Select } from '@mantine/core'
import type { EventCondition } from '../../../src/model/conditions.ts'
import { useEventNames } from '../api/vocabulary.ts'
import { sayName } from '../ui/words.ts'
import { PeriodInput } from './period-input.tsx'

interface Props {
  value: EventCondition
  onChange(value: EventCondition): void
}

/** `did order placed at least 2 times in the last 30 days` */
export function EventEditor({ value, onChange }: Props) {
  const names = useEventNames()
  const groups = [
    {
      group: 'Your events',
      items: names.filter(({ isCustom }) => isCustom).map(({ name }) => ({ value: name, label: name })),
    },
    {
      group: 'System events',
      items: names
        .filter(({ isCustom }) => !isCustom)
        .map(({ name }) => ({ value: name, label: sayName(name) })),
    },
  ]
  return (
    <>
      <Select
        aria-label="Event"
        placeholder="event"
        searchable
        data={groups}
        value={value.event || null}
        onChange={(event) => onChange({ ...value, event: event ?? '' })}
        w={190}
      />
      <HowOften value={value} onChange={onChange} />
      <Since value={value} onChange={onChange} />
    </>
  )
}

type Often = NonNullable<EventCondition['count']>['operator'] | 'never'

function HowOften({ value, onChange }: Props) {
  const count = value.count ?? { operator: 'at-least' as const, times: 1 }
  const chosen: Often = value.performed ? count.operator : 'never'
  const choose = (often: Often) =>
    onChange(
      often === 'never'
        ? { ...value, performed: false, count: { operator: 'at-least', times: 1 } }
        : { ...value, performed: true, count: { ...count, operator: often } },
    )
  return (
    <>
      <Select
        aria-label="How often"
        data={[
          { value: 'at-least', label: 'at least' },
          { value: 'at-most', label: 'at most' },
          { value: 'exactly', label: 'exactly' },
          { value: 'never', label: 'never' },
        ]}
        allowDeselect={false}
        value={chosen}
        onChange={(often) => choose(often as Often)}
        w={110}
      />
      {chosen !== 'never' && (
        <NumberInput
          aria-label="Times"
          suffix=" ×"
          min={0}
          max={10_000}
          allowDecimal={false}
          value={count.times}
          onChange={(times) =>
            onChange({ ...value, count: { ...count, times: Math.max(0, Number(times) || 0) } })
          }
          w={80}
        />
      )}
    </>
  )
}

function Since({ value, onChange }: Props) {
  const { window, ...rest } = value
  const last = window && 'last' in window ? window.last : undefined
  return (
    <>
      <Select
        aria-label="In which time"
        data={[
          { value: 'ever', label: 'at any time' },
          { value: 'last', label: 'in the last' },
          ...(window && !last ? [{ value: 'dates', label: 'between fixed dates' }] : []),
        ]}
        allowDeselect={false}
        value={last ? 'last' : window ? 'dates' : 'ever'}
        onChange={(chosen) => {
          if (chosen === 'ever') onChange(rest)
          if (chosen === 'last') onChange({ ...rest, window: { last: { amount: 30, unit: 'days' } } })
        }}
        w={130}
      />
      {last && (
        <PeriodInput value={last} onChange={(period) => onChange({ ...rest, window: { last: period } })} />
      )}
    </>
  )
}
