import { NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { operandOf, type Compare } from './edit-condition.ts'
import { PeriodInput } from './period-input.tsx'

interface Props {
  value: Compare
  /** Of the attribute that it is compared with. */
  type: string
  onChange(value: Compare): void
}

/** What stands to the right of a comparison. */
export function Operand({ value, type, onChange }: Props) {
  const set = (operand: Compare['value']) => onChange({ ...value, value: operand })
  const kind = operandOf(value.operator)
  if (kind === 'none') return null
  if (kind === 'period' && value.period) {
    return <PeriodInput value={value.period} onChange={(period) => onChange({ ...value, period })} />
  }
  if (kind === 'list') {
    const list = Array.isArray(value.value) ? value.value.map(String) : []
    return <TagsInput aria-label="Values" placeholder="value, Enter" value={list} onChange={set} w={240} />
  }
  if (type === 'boolean') {
    const data = [
      { value: 'true', label: 'yes' },
      { value: 'false', label: 'no' },
    ]
    return (
      <Select
        aria-label="Value"
        data={data}
        allowDeselect={false}
        value={String(value.value)}
        onChange={(chosen) => set(chosen === 'true')}
        w={100}
      />
    )
  }
  if (type === 'integer' || type === 'float') {
    const shown = typeof value.value === 'number' ? value.value : ''
    return (
      <NumberInput
        aria-label="Value"
        placeholder="number"
        value={shown}
        onChange={(given) => set(given === '' ? '' : Number(given))}
        w={140}
      />
    )
  }
  const isDate = type === 'date' || type === 'datetime'
  return (
    <TextInput
      aria-label="Value"
      placeholder="value"
      type={isDate ? 'date' : 'text'}
      value={String(value.value ?? '')}
      onChange={(event) => set(event.currentTarget.value)}
      w={180}
    />
  )
}
