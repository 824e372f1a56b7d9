import { Alert, Anchor, Group, List, Paper, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Condition } from '../../../src/model/conditions.ts'
import { api, ApiProblem } from '../api/client.ts'
import type { SegmentPreview } from '../api/shapes.ts'
import { ConditionBuilder } from '../conditions/condition-builder.tsx'
import { completed, isComplete, type Group as ConditionGroup } from '../conditions/edit-condition.ts'
import { ProblemNotice } from '../ui/states.tsx'
import { sayCount } from '../ui/words.ts'

interface Props {
  value: ConditionGroup
  onChange(value: ConditionGroup): void
  /** Of the last try to save. */
  error: unknown
}

/** A live segment's condition, and whom it finds as it is built. */
export function ConditionForm({ value, onChange, error }: Props) {
  const isWhole = isComplete(value)
  return (
    <Stack gap="sm">
      <ConditionBuilder value={value} onChange={onChange} />
      <FieldProblems error={error} />
      <Preview condition={completed(value)} />
      {!isWhole && (
        <Text size="sm" c="dimmed">
          {value.conditions.length === 0
            ? 'Add a condition to begin.'
            : 'Fill in every condition before you save.'}
        </Text>
      )}
    </Stack>
  )
}

/** Which condition the API did not take, and why. */
function FieldProblems({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem)) return null
  const fields = error.fields.filter(({ field }) => field.startsWith('condition'))
  if (fields.length === 0) return null
  return (
    <Alert color="red" title="The condition is not usable yet">
      <List size="sm">
        {fields.map(({ field, message }) => (
          <List.Item key={field}>
            {placeOf(field)} {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** `condition.conditions.1.path` as `Condition 2, path:` */
function placeOf(field: string): string {
  const places = [...field.matchAll(/conditions\.(\d+)/g)].map(([, at]) => Number(at) + 1)
  const name = field.split('.').at(-1)
  return places.length > 0 ? `Condition ${places.join('.')}, ${name}:` : ''
}

function Preview({ condition }: { condition: Condition | undefined }) {
  const [asked] = useDebouncedValue(condition, 400)
  const preview = useQuery({
    queryKey: ['segment-preview', asked],
    queryFn: () => api.post<SegmentPreview>('/segments/preview', { condition: asked }),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
  })
  if (!asked) return null
  if (preview.error) return <ProblemNotice error={preview.error} />
  if (!preview.data) return <Text size="sm">Counting …</Text>
  const { count, estimated, sample } = preview.data
  return (
    <Paper
      withBorder
      p="md"
      aria-label="Preview"
      component="section"
      style={{ opacity: preview.isPlaceholderData ? 0.6 : 1 }}
    >
      <Text fw={600} role="status">
        {estimated && 'about '}
        {sayCount(count, 'contact fits', 'contacts fit')}
      </Text>
      <Group gap="sm" mt={4}>
        {sample.slice(0, 8).map(({ contactId, name, phone }) => (
          <Anchor key={contactId} component={Link} to={`/contacts/${contactId}`} size="sm">
            {name ?? phone ?? 'Somebody'}
          </Anchor>
        ))}
        {count > 8 && (
          <Text size="sm" c="dimmed">
            and more
          </Text>
        )}
      </Group>
    </Paper>
  )
}
