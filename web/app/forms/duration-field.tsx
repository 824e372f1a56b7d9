import { Group, NumberInput, Select } from '@mantine/core'
import type { JsonSchema } from '../api/journey-shapes.ts'
import { FieldFrame } from './field-frame.tsx'
import type { FieldProps } from './field-props.ts'

const units = ['seconds', 'minutes', 'hours', 'days', 'weeks']
interface Duration {
  amount: number
  unit: string
}

export function isDuration({ properties }: JsonSchema): boolean {
  return properties !== undefined && Object.keys(properties).join() === 'amount,unit'
}

/** `24 hours`; nothing where it may be left out. */
export function DurationField(props: FieldProps) {
  const { schema, label, isRequired, value, onChange, path, problemAt } = props
  const given = (value ?? schema.default) as Duration | undefined
  const set = (change: Partial<Duration>) =>
    onChange({ amount: given?.amount ?? 1, unit: given?.unit ?? 'hours', ...change })
  return (
    <FieldFrame of={props} error={problemAt(path) ?? problemAt(`${path}.amount`)}>
      <Group gap="xs" mt={4}>
        <NumberInput
          aria-label={`${label}: how much`}
          min={0}
          max={10_000}
          value={given?.amount ?? ''}
          onChange={(amount) =>
            amount === '' && !isRequired ? onChange(undefined) : set({ amount: Number(amount) })
          }
          w={110}
        />
        <Select
          aria-label={`${label}: unit`}
          data={units}
          allowDeselect={false}
          value={given?.unit ?? 'hours'}
          onChange={(unit) => set({ unit: unit ?? 'hours' })}
          w={130}
        />
      </Group>
    </FieldFrame>
  )
}
