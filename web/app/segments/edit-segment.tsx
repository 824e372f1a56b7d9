import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import type { Segment } from '../api/shapes.ts'
import { asGroup, isComplete } from '../conditions/edit-condition.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { ConditionForm } from './segment-form.tsx'

export function EditSegment({ segment, onDone }: { segment: Segment; onDone(): void }) {
  const [name, setName] = useState(segment.name)
  const [condition, setCondition] = useState(asGroup(segment.condition))
  const isLive = segment.kind === 'live'
  const client = useQueryClient()
  const save = useMutation({
    // A condition that is the same must not have the members found anew.
    mutationFn: () => {
      const isChanged = isLive && JSON.stringify(condition) !== JSON.stringify(asGroup(segment.condition))
      return api.patch(`/segments/${segment.id}`, { name, ...(isChanged && { condition }) })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['segments'] })
      await client.invalidateQueries({ queryKey: ['segment-names'] })
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack>
        <ProblemNotice error={save.error} />
        <TextInput
          label="Name"
          required
          maw={420}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldProblem(save.error, 'name')}
        />
        {isLive && <ConditionForm value={condition} onChange={setCondition} error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={isLive && !isComplete(condition)}>
            Save
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
