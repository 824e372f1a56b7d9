import { Anchor, Button, Group, Paper, Radio, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import type { Condition } from '../../../src/model/conditions.ts'
import { api } from '../api/client.ts'
import type { Segment, SegmentKind } from '../api/shapes.ts'
import { asGroup, isComplete } from '../conditions/edit-condition.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { ConditionForm } from './segment-form.tsx'

export function NewSegmentPage() {
  // The contacts' filter may have been brought along.
  const { state } = useLocation() as { state: { condition?: Condition } | null }
  const [name, setName] = useState('')
  const [kind, setKind] = useState<SegmentKind>('live')
  const [condition, setCondition] = useState(asGroup(state?.condition))
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: () => api.post<Segment>('/segments', { kind, name, ...(kind === 'live' && { condition }) }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['segments'] })
      await client.invalidateQueries({ queryKey: ['segment-names'] })
      await navigate(`/segments/${id}`)
    },
  })
  return (
    <>
      <Anchor component={Link} to="/segments" size="sm">
        ← Segments
      </Anchor>
      <PageTitle title="New segment" />
      <Paper withBorder p="md">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate()
          }}
        >
          <Stack>
            <ProblemNotice error={create.error} />
            <TextInput
              label="Name"
              required
              maw={420}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={fieldProblem(create.error, 'name')}
            />
            <KindChoice value={kind} onChange={setKind} />
            {kind === 'live' && (
              <ConditionForm value={condition} onChange={setCondition} error={create.error} />
            )}
            <Group>
              <Button
                type="submit"
                loading={create.isPending}
                disabled={kind === 'live' && !isComplete(condition)}
              >
                Create segment
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </>
  )
}

function KindChoice({ value, onChange }: { value: SegmentKind; onChange(kind: SegmentKind): void }) {
  return (
    <Radio.Group label="Kind" value={value} onChange={onChange}>
      <Stack gap="xs" mt={4}>
        <Radio
          value="live"
          label="Live"
          description="follows a condition: contacts come and go by themselves"
        />
        <Radio
          value="static"
          label="Static"
          description="holds the contacts that you, an import or the API put in"
        />
      </Stack>
    </Radio.Group>
  )
}
