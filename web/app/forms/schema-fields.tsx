import { Stack } from '@mantine/core'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { JsonSchema } from '../api/journey-shapes.ts'
import type { ProblemAt } from './field-props.ts'
import { SchemaField } from './schema-field.tsx'

interface Props {
  schema: JsonSchema
  value: JsonObject
  onChange(value: JsonObject): void
  /** Where the value stands in the whole. */
  path?: string
  problemAt: ProblemAt
  /** Properties that are shown elsewhere. */
  without?: string[]
}

/** A form that a JSON Schema describes: one input for each of its properties. */
export function SchemaFields({ schema, value, onChange, path = '', problemAt, without = [] }: Props) {
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([name, { readOnly, const: fixed }]) => !readOnly && fixed === undefined && !without.includes(name),
  )
  const set = (name: string, given: Json | undefined) => {
    const { [name]: _, ...rest } = value
    onChange(given === undefined ? rest : { ...value, [name]: given })
  }
  return (
    <Stack gap="sm">
      {shown.map(([name, field]) => (
        <SchemaField
          key={name}
          schema={field}
          label={field.title ?? sayProperty(name)}
          isRequired={schema.required?.includes(name) ?? false}
          value={value[name]}
          onChange={(given) => set(name, given)}
          path={path === '' ? name : `${path}.${name}`}
          problemAt={problemAt}
          renderPart={(part) => <SchemaFields {...part} problemAt={problemAt} />}
        />
      ))}
    </Stack>
  )
}

/** `timeZone` as `Time zone`. */
function sayProperty(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
