import { Checkbox, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { JsonObject } from '../../../src/model/json.ts'
import type { JsonSchema } from '../api/journey-shapes.ts'
import type { FieldProps } from './field-props.ts'

/** The shape of what may be null: either that or nothing. */
export function unlessNull({ anyOf }: JsonSchema): JsonSchema | undefined {
  if (anyOf?.length !== 2 || !anyOf.some(({ type }) => type === 'null')) return undefined
  return anyOf.find(({ type }) => type !== 'null')
}

interface Props extends FieldProps {
  inner: JsonSchema
  Field: (props: FieldProps) => ReactNode
}

/** An empty input is null. What has inputs of its own is switched on by a box before them. */
export function NullableField({ inner, Field, ...props }: Props) {
  const { schema, label, value, onChange, path, problemAt, renderPart } = props
  const given = value ?? schema.default ?? null
  const description = schema.description ?? inner.description
  const shape = { ...inner, ...(description !== undefined && { description }) }
  if (inner.type !== 'object' && !inner.$ref) {
    const set = (typed: typeof value) => onChange(typed ?? null)
    return <Field {...props} schema={shape} value={given ?? undefined} onChange={set} isRequired={false} />
  }
  return (
    <Stack gap="xs">
      <Checkbox
        label={label}
        description={description}
        error={problemAt(path)}
        checked={given !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? {} : null)}
      />
      {given !== null && inner.properties && (
        <div className="app-group" role="group" aria-label={label}>
          {renderPart({ schema: inner, value: given as JsonObject, onChange, path })}
        </div>
      )}
      {given !== null && !inner.properties && <Field {...props} schema={inner} isRequired />}
    </Stack>
  )
}
