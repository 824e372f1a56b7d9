import { NumberInput, Select } from '@mantine/core'
import type { Period } from '../../../src/model/condition-period.ts'

/** `30 days` */
export function PeriodInput({ value, onChange }: { value: Period; onChange(value: Period): void }) {
  return (
    <>
      <NumberInput
        aria-label="How long"
        min={1}
        max={10_000}
        allowDecimal={false}
        value={value.amount}
        onChange={(amount) => onChange({ ...value, amount: Math.max(1, Number(amount) || 1) })}
        w={80}
      />
      <Select
        aria-label="Unit of time"
        data={['minutes', 'hours', 'days', 'weeks', 'months']}
        allowDeselect={false}
        value={value.unit}
        onChange={(unit) => onChange({ ...value, unit: unit as Period['unit'] })}
        w={110}
      />
    </>
  )
}
