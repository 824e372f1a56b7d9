import { Autocomplete, Select } from '@mantine/core'
import { useContext } from 'react'
import { anyOperators, operandTypeOf, withOperator, type Compare, type Operator } from './edit-condition.ts'
import { Operand } from './operand.tsx'
import { VariableChoices } from './variable-choices.ts'

interface Props {
  value: Compare
  onChange(value: Compare): void
}

const sources = {
  vars: 'Variable',
  event: 'Attribute of the event',
  reply: 'Of the answer',
}

/** What a journey knows besides the contact: its variables, the event that it is about, the answer that came. */
export function VariableEditor({ value, onChange }: Props) {
  const variables = useContext(VariableChoices) ?? []
  const [source = 'vars', ...rest] = value.path.split('.')
  const name = rest.join('.')
  const known = source === 'vars' ? variables : source === 'reply' ? ['text', 'buttonId'] : []
  return (
    <>
      <Select
        aria-label="Where it stands"
        data={Object.entries(sources).map(([each, label]) => ({ value: each, label }))}
        allowDeselect={false}
        value={source}
        onChange={(chosen) => onChange({ ...value, path: `${chosen}.${name}` })}
        w={180}
      />
      <Autocomplete
        aria-label="Name"
        placeholder="name"
        data={known}
        value={name}
        onChange={(typed) => onChange({ ...value, path: `${source}.${typed}` })}
        w={170}
      />
      <Select
        aria-label="Comparison"
        data={anyOperators}
        allowDeselect={false}
        value={value.operator}
        onChange={(operator) => onChange(withOperator(value, operator as Operator))}
        w={190}
      />
      <Operand value={value} type={operandTypeOf(value.operator)} onChange={onChange} />
    </>
  )
}
