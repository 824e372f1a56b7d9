import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Condition } from '../../../src/model/conditions.ts'
import { ConditionBuilder } from '../conditions/condition-builder.tsx'
import { asGroup, completed, isComplete, type Group as ConditionGroup } from '../conditions/edit-condition.ts'
import type { Listing } from './use-listing.ts'

interface Props {
  condition: Condition | undefined
  onChange(change: Partial<Listing>): void
}

/** The table follows as the condition is built: what is not filled in yet does not count. */
export function FilterPanel({ condition, onChange }: Props) {
  const [draft, setDraft] = useState<ConditionGroup>(asGroup(condition))
  const edit = (changed: ConditionGroup) => {
    setDraft(changed)
    onChange({ condition: completed(changed) })
  }
  return (
    <Stack gap="xs">
      <ConditionBuilder value={draft} onChange={edit} />
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          disabled={draft.conditions.length === 0}
          onClick={() => edit(asGroup(undefined))}
        >
          Clear
        </Button>
        {condition && (
          <Button size="xs" variant="default" component={Link} to="/segments/new" state={{ condition }}>
            Make a live segment of it
          </Button>
        )}
        {draft.conditions.length > 0 && !isComplete(draft) && (
          <Text size="sm" c="dimmed">
            Conditions that are not filled in do not count yet.
          </Text>
        )}
      </Group>
    </Stack>
  )
}
