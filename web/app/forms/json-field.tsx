import { Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Json } from '../../../src/model/json.ts'
import type { FieldProps } from './field-props.ts'

/** Anything, written as JSON. What cannot be read yet is kept as it is typed, and not handed on. */
export function JsonField({
  schema,
  label,
  isRequired,
  value,
  onChange,
  path,
  problemAt,
}: Omit<FieldProps, 'renderPart'>) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2))
  const [problem, setProblem] = useState<string>()
  const read = (typed: string) => {
    setText(typed)
    try {
      onChange(typed.trim() === '' ? undefined : (JSON.parse(typed) as Json))
      setProblem(undefined)
    } catch (error) {
      setProblem(`This is no JSON yet: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return (
    <Textarea
      label={label}
      description={schema.description ?? 'As JSON'}
      required={isRequired}
      error={problem ?? problemAt(path)}
      autosize
      minRows={2}
      maxRows={20}
      styles={{ input: { fontFamily: 'monospace' } }}
      value={text}
      onChange={(event) => read(event.currentTarget.value)}
    />
  )
}
