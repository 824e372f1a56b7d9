import { NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { useAttributes } from '../api/vocabulary.ts'
import { operandOf, operatorsFor, withOperator, type Compare, type Operator } from './edit-condition.ts'
import { PeriodInput } from './period-input.tsx'

interface Props {
  value: Compare
  onChange(value: Compare): void
}
/** Conditions of their own ask for these. */
const asked = new Set(['tags', 'spam', 'whatsapp_opted'])

export function CompareEditor({ value, onChange }: Props) {
  const attributes = useAttributes().filter(({ name }) => !asked.has(name))
  const name = value.path.replace(/^contact\.(attributes\.)?/, '')
  const type = attributes.find((each) => each.name === name)?.type ?? 'string'
  const operators = operatorsFor(type)
  const options = (kind: string) =>
    attributes.filter((each) => each.kind === kind).map((each) => ({ value: each.name, label: each.label }))
  const chooseAttribute = (chosen: string) => {
    const nextType = attributes.find((each) => each.name === chosen)?.type ?? 'string'
    const next = operatorsFor(nextType)
    const operator = next.find((each) => each.value === value.operator)?.value ?? next[0]?.value ?? 'exists'
    const kept = nextType === type ? value : { ...value, value: nextType === 'boolean' ? true : '' }
    onChange(withOperator({ ...kept, path: `contact.${chosen}` }, operator))
  }
  return (
    <>
      <Select
        aria-label="Attribute"
        searchable
        data={[
          { group: 'Your attributes', items: options('custom') },
          { group: 'System', items: options('system') },
        ]}
        allowDeselect={false}
        value={name}
        onChange={(chosen) => chosen && chooseAttribute(chosen)}
        w={170}
      />
      <Select
        aria-label="Comparison"
        data={operators}
        allowDeselect={false}
        value={value.operator}
        onChange={(operator) => onChange(withOperator(value, operator as Operator))}
        w={170}
      />
      <Operand value={value} type={type} onChange={onChange} />
    </>
  )
}

function Operand({ value, type, onChange }: Props & { type: string }) {
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
