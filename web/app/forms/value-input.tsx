import { Group, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Json } from '../../../src/model/json.ts'

type Kind = 'text' | 'number' | 'boolean' | 'json'
const kinds = [
  { value: 'text', label: 'text' },
  { value: 'number', label: 'number' },
  { value: 'boolean', label: 'yes or no' },
  { value: 'json', label: 'JSON' },
]
const starts: Record<Kind, Json> = { text: '', number: 0, boolean: true, json: null }

interface Props {
  label: string
  value: Json
  onChange(value: Json): void
  error?: string | undefined
}

/** A value of any type: what kind it is, and an input of that kind. */
export function ValueInput(props: Props) {
  const { label, value, onChange } = props
  const [kind, setKind] = useState<Kind>(kindOf(value))
  const choose = (chosen: Kind) => {
    setKind(chosen)
    if (chosen !== 'json') onChange(convert(value, chosen))
  }
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" style={{ flex: 1 }}>
      <Select
        aria-label={`${label}: kind`}
        data={kinds}
        allowDeselect={false}
        value={kind}
        onChange={(chosen) => choose(chosen as Kind)}
        w={110}
      />
      <Input key={kind} kind={kind} {...props} />
    </Group>
  )
}

function Input({ kind, label, value, onChange, error }: Props & { kind: Kind }) {
  const common = { 'aria-label': label, error, style: { flex: 1 } }
  if (kind === 'number')
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        onChange={(given) => onChange(Number(given))}
      />
    )
  if (kind === 'boolean')
    return (
      <Select
        {...common}
        data={['yes', 'no']}
        allowDeselect={false}
        value={value === true ? 'yes' : 'no'}
        onChange={(given) => onChange(given === 'yes')}
      />
    )
  if (kind === 'json') return <JsonInput {...common} value={value} onChange={onChange} />
  return (
    <TextInput
      {...common}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** What cannot be read yet is kept as it is typed, and not handed on. */
function JsonInput({ value, onChange, error, ...common }: Omit<Props, 'label'> & { 'aria-label': string }) {
  const [text, setText] = useState(JSON.stringify(value))
  const [problem, setProblem] = useState<string>()
  const read = (typed: string) => {
    setText(typed)
    try {
      onChange(JSON.parse(typed) as Json)
      setProblem(undefined)
    } catch {
      setProblem('This is no JSON yet')
    }
  }
  return (
    <Textarea
      {...common}
      error={problem ?? error}
      autosize
      maxRows={12}
      styles={{ input: { fontFamily: 'monospace' } }}
      value={text}
      onChange={(event) => read(event.currentTarget.value)}
    />
  )
}

function kindOf(value: Json): Kind {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'json'
}

/** The same as another kind where it can be said so: `"5"` as 5. */
function convert(value: Json, kind: Exclude<Kind, 'json'>): Json {
  if (kindOf(value) === kind) return value
  if (kind === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  if (kind === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value)
  return starts[kind]
}
