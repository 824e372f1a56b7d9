import { Stack } from '@mantine/core'
import type { Condition } from '../../../src/model/conditions.ts'
import { ConditionBuilder } from '../conditions/condition-builder.tsx'
import { asGroup, isGroup, partKinds } from '../conditions/edit-condition.ts'
import { FieldFrame } from './field-frame.tsx'
import { JsonField } from './json-field.tsx'
import type { FieldProps } from './field-props.ts'

/** By the builder of filters and segments where it can show the condition, else as JSON. */
export function ConditionField(props: FieldProps) {
  const { value, onChange, path, problemAt, isRequired } = props
  const condition = value as unknown as Condition | undefined
  if (condition && !isBuildable(condition)) return <JsonField {...props} />
  const group = asGroup(condition)
  return (
    <FieldFrame of={props} error={problemAt(path) ?? problemAt(`${path}.conditions`)}>
      <Stack mt={4}>
        <ConditionBuilder
          value={group}
          onChange={(changed) =>
            onChange(changed.conditions.length === 0 && !isRequired ? undefined : changed)
          }
        />
      </Stack>
    </FieldFrame>
  )
}

function isBuildable(condition: Condition): boolean {
  if (isGroup(condition)) return condition.conditions.every(isBuildable)
  return Object.hasOwn(partKinds, condition.kind)
}
