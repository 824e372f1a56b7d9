import { Checkbox, Stack } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import type { Condition } from '../../../../src/model/conditions.ts'
import { ConditionBuilder } from '../../conditions/condition-builder.tsx'
import { asGroup } from '../../conditions/edit-condition.ts'
import { useComposer } from './composer-context.ts'

interface Props {
  label: string
  path: string
  value: Condition | undefined
  onChange(condition: Condition | undefined): void
}

/** Conditions behind a box to tick. */
export function OptionalCondition({ label, path, value, onChange }: Props) {
  const { problemAt } = useComposer()
  return (
    <Stack gap="xs">
      <Checkbox
        label={label}
        checked={value !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? asGroup(undefined) : undefined)}
      />
      {value && <ConditionBuilder value={asGroup(value)} onChange={onChange} />}
      <ErrorText text={problemAt(path)} />
    </Stack>
  )
}
