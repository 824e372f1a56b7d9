import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { JsonSchema } from '../api/journey-shapes.ts'
import { sayName, sayValue } from '../ui/words.ts'
import { FieldFrame } from './field-frame.tsx'
import { RemoveButton } from './remove-button.tsx'
import type { FieldProps } from './field-props.ts'

/** A part with inputs of its own; where it may be left out, a box to tick stands before them. */
export function ObjectField(props: FieldProps) {
  const { schema, label, isRequired, value, onChange, path, problemAt, renderPart } = props
  const isOptional = !isRequired && schema.default === undefined
  const given = (value ?? schema.default) as JsonObject | undefined
  const error = problemAt(path)
  const fields = renderPart({ schema, value: given ?? {}, onChange, path })
  if (!isOptional)
    return (
      <FieldFrame of={props}>
        <div className="app-group" role="group" aria-label={label}>
          {fields}
        </div>
      </FieldFrame>
    )
  return (
    <Stack gap="xs">
      <Checkbox
        label={label}
        description={schema.description}
        error={error}
        checked={given !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? {} : undefined)}
      />
      {given !== undefined && (
        <div className="app-group" role="group" aria-label={label}>
          {fields}
        </div>
      )}
    </Stack>
  )
}

/** One of several shapes, which a word in it tells apart. */
export function VariantField(props: FieldProps) {
  const { schema, label, isRequired, value, onChange, path, problemAt, renderPart } = props
  const variants = schema.oneOf ?? []
  const key = Object.entries(variants[0]?.properties ?? {}).find(([, each]) => each.const !== undefined)?.[0]
  const nameOf = (variant: JsonSchema) => sayValue(variant.properties?.[key ?? '']?.const)
  const given = (value ?? schema.default) as JsonObject | undefined
  const chosen = variants.find((variant) => nameOf(variant) === given?.[key ?? ''])
  const isOptional = !isRequired && schema.default === undefined
  const choose = (name: string | null) => onChange(name === null ? undefined : { [key ?? '']: name })
  return (
    <Stack gap="xs">
      <Select
        label={label}
        description={schema.description}
        required={isRequired}
        clearable={isOptional}
        allowDeselect={false}
        placeholder={isOptional ? 'none' : 'Choose one'}
        error={problemAt(path) ?? problemAt(`${path}.${key}`)}
        data={variants.map((variant) => ({ value: nameOf(variant), label: sayName(nameOf(variant)) }))}
        value={chosen ? nameOf(chosen) : null}
        onChange={choose}
      />
      {chosen && Object.keys(chosen.properties ?? {}).length > 1 && (
        <div className="app-group" role="group" aria-label={label}>
          {renderPart({ schema: chosen, value: given ?? {}, onChange, path })}
        </div>
      )}
    </Stack>
  )
}

/** Names, each with a text. An empty name is kept while it is typed, and handed on when it has one. */
export function PairsField(props: FieldProps) {
  const { schema, label, isRequired, value, onChange, path, problemAt } = props
  const [pairs, setPairs] = useState(() => Object.entries((value ?? schema.default ?? {}) as JsonObject))
  const change = (changed: [string, Json][]) => {
    setPairs(changed)
    const named = changed.filter(([name]) => name !== '')
    onChange(named.length === 0 && !isRequired ? undefined : Object.fromEntries(named))
  }
  return (
    <FieldFrame of={props}>
      <Stack gap="xs" mt={4}>
        {pairs.map(([name, text], at) => (
          <Group key={at} gap="xs" wrap="nowrap">
            <NameInput
              label={`${label} ${at + 1}: name`}
              choices={schema.propertyNames?.enum}
              value={name}
              onChange={(typed) => change(pairs.with(at, [typed, text]))}
            />
            <TextInput
              aria-label={`${label} ${at + 1}: value`}
              value={typeof text === 'string' ? text : JSON.stringify(text)}
              error={problemAt(`${path}.${name}`)}
              onChange={(event) => change(pairs.with(at, [name, event.currentTarget.value]))}
              style={{ flex: 1 }}
            />
            <RemoveButton what={`${label} ${at + 1}`} onClick={() => change(pairs.toSpliced(at, 1))} />
          </Group>
        ))}
        <Group>
          <Button size="compact-sm" variant="light" onClick={() => setPairs([...pairs, ['', '']])}>
            Add one
          </Button>
        </Group>
      </Stack>
    </FieldFrame>
  )
}

interface NameProps {
  label: string
  choices: string[] | undefined
  value: string
  onChange(value: string): void
}

function NameInput({ label, choices, value, onChange }: NameProps) {
  if (choices)
    return (
      <Select
        aria-label={label}
        data={choices.map((each) => ({ value: each, label: sayName(each) }))}
        value={value || null}
        onChange={(given) => onChange(given ?? '')}
        w={140}
      />
    )
  return (
    <TextInput
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      w={140}
    />
  )
}
