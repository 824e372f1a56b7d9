import { Button, Group, Paper, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api } from '../../api/client.ts'
import type { JsonSchema, Problem } from '../../api/journey-shapes.ts'
import { SchemaFields } from '../../forms/schema-fields.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { DraftChoices } from './draft-choices.tsx'

interface Props {
  draft: JsonObject
  problems: Problem[]
  onSave?: ((draft: JsonObject) => void) | undefined
}

/** What starts the journey, who may enter, its goal: everything but the cards. */
export function DraftSettings({ draft, problems, onSave }: Props) {
  const [edited, setEdited] = useState(draft)
  const [known, setKnown] = useState(draft)
  if (known !== draft) {
    setKnown(draft)
    setEdited(draft)
  }
  const { data, error, isPending } = useQuery({
    queryKey: ['journey-definition-schema'],
    queryFn: () => api.get<{ schema: JsonSchema }>('/journey-definition-schema'),
    staleTime: Infinity,
  })
  const problemAt = (path: string) =>
    problems.find(({ field, severity }) => field === path && severity === 'error')?.message
  if (isPending) return <Loading what="the form" />
  if (error) return <ProblemNotice error={error} />
  return (
    <Paper withBorder p="md">
      <DraftChoices draft={draft}>
        <fieldset disabled={!onSave} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack maw={640}>
            <SchemaFields
              schema={data.schema}
              value={edited}
              onChange={setEdited}
              problemAt={problemAt}
              without={['start', 'cards']}
            />
            {onSave && (
              <Group justify="flex-end">
                <Button variant="default" disabled={edited === draft} onClick={() => setEdited(draft)}>
                  Take back
                </Button>
                <Button disabled={edited === draft} onClick={() => onSave(edited)}>
                  Save start and rules
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </DraftChoices>
    </Paper>
  )
}
