import { Input } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FieldProps } from './field-props.ts'

/** Name, explanation and problem around the inputs of a field that has several. */
export function FieldFrame({
  of: { schema, label, isRequired, path, problemAt },
  error = problemAt(path),
  children,
}: {
  of: FieldProps
  /** What else is wrong with it than what stands at its own path. */
  error?: string | undefined
  children: ReactNode
}) {
  return (
    <Input.Wrapper label={label} description={schema.description} required={isRequired} error={error}>
      {children}
    </Input.Wrapper>
  )
}
