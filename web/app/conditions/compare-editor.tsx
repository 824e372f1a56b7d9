import { Select } from '@mantine/core'
import { useAttributes } from '../api/vocabulary.ts'
import { operatorsFor, withOperator, type Compare, type Operator } from './edit-condition.ts'
import { Operand } from './operand.tsx'

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
