import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FieldFrame } from './field-frame.tsx'
import type { FieldProps } from './field-props.ts'

const units = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 }
type Unit = keyof typeof units

/** So many milliseconds, said in a unit that people count in. */
export function SpanField(props: FieldProps) {
  const { label, value, onChange, path, problemAt } = props
  const given = typeof value === 'number' ? value : undefined
  const [unit, setUnit] = useState<Unit>(given ? largestUnit(given) : 'minutes')
  const set = (amount: number | string, chosen: Unit) => {
    setUnit(chosen)
    onChange(amount === '' ? undefined : Math.round(Number(amount) * units[chosen]))
  }
  const amount = given === undefined ? '' : given / units[unit]
  return (
    <FieldFrame of={props} error={problemAt(path)}>
      <Group gap="xs" mt={4}>
        <NumberInput
          aria-label={`${label}: how much`}
          min={0}
          value={amount}
          onChange={(typed) => set(typed, unit)}
          w={110}
        />
        <Select
          aria-label={`${label}: unit`}
          data={Object.keys(units)}
          allowDeselect={false}
          value={unit}
          onChange={(chosen) => set(amount, chosen as Unit)}
          w={130}
        />
      </Group>
    </FieldFrame>
  )
}

/** An instant, in the time zone of whoever looks at it. */
export function InstantField({ schema, label, isRequired, value, onChange, path, problemAt }: FieldProps) {
  const given = value ?? schema.default
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={[schema.description, `in your time zone, ${zone}`].filter(Boolean).join('; ')}
      required={isRequired}
      error={problemAt(path)}
      value={typeof given === 'string' ? toLocal(given) : ''}
      onChange={(event) => {
        const typed = new Date(event.currentTarget.value)
        onChange(Number.isNaN(typed.getTime()) ? undefined : typed.toISOString())
      }}
      maw={260}
    />
  )
}

/** `2027-01-04T10:00` as the input has it. */
function toLocal(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function largestUnit(ms: number): Unit {
  const fitting = Object.entries(units).findLast(([, size]) => ms % size === 0)
  return (fitting?.[0] ?? 'seconds') as Unit
}
