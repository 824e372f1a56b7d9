import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { FieldFrame } from './field-frame.tsx'
import type { FieldProps } from './field-props.ts'
import { RemoveButton } from './remove-button.tsx'
import { ValueInput } from './value-input.tsx'

/** One value of any type. */
export function ValueField(props: FieldProps) {
  const { label, value, onChange, path, problemAt } = props
  return (
    <FieldFrame of={props}>
      <ValueInput label={label} value={value ?? ''} onChange={onChange} error={problemAt(path)} />
    </FieldFrame>
  )
}

/** Names, each with a value of any type. An empty name is kept while it is typed, and handed on when it has one. */
export function ValuesField(props: FieldProps) {
  const { schema, label, isRequired, value, onChange, path, problemAt } = props
  const [pairs, setPairs] = useState(() =>
    Object.entries((value ?? schema.default ?? {}) as JsonObject).map(([name, given], at) => ({
      ...{ at, name },
      value: given,
    })),
  )
  const change = (changed: { at: number; name: string; value: Json }[]) => {
    setPairs(changed)
    const named = changed.flatMap((each): [string, Json][] => (each.name ? [[each.name, each.value]] : []))
    onChange(named.length === 0 && !isRequired ? undefined : Object.fromEntries(named))
  }
  const nextAt = Math.max(-1, ...pairs.map(({ at }) => at)) + 1
  return (
    <FieldFrame of={props}>
      <Stack gap="xs" mt={4}>
        {pairs.map((pair, n) => (
          <Group key={pair.at} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              aria-label={`${label} ${n + 1}: name`}
              placeholder="name"
              value={pair.name}
              onChange={(event) => change(pairs.with(n, { ...pair, name: event.currentTarget.value }))}
              w={140}
            />
            <ValueInput
              label={`${label} ${n + 1}: value`}
              value={pair.value}
              error={problemAt(`${path}.${pair.name}`)}
              onChange={(given) => change(pairs.with(n, { ...pair, value: given }))}
            />
            <RemoveButton what={`${label} ${n + 1}`} onClick={() => change(pairs.toSpliced(n, 1))} />
          </Group>
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => setPairs([...pairs, { at: nextAt, name: '', value: '' }])}
          >
            Add one
          </Button>
        </Group>
      </Stack>
    </FieldFrame>
  )
}
