import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api, ApiProblem } from '../../api/client.ts'
import type { Journey, JsonSchema } from '../../api/journey-shapes.ts'
import type { Assertion } from '../../api/simulation-shapes.ts'
import { JsonField } from '../../forms/json-field.tsx'
import { SchemaFields } from '../../forms/schema-fields.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { DraftChoices } from '../flow/draft-choices.tsx'

const start: JsonObject = {
  name: '',
  scene: { startAt: '2027-01-04T09:00:00Z', replies: [] },
  expectations: [{ expect: 'ends', state: 'completed' }],
}

interface Props {
  journey: Journey
  assertion: Assertion | 'new'
  onClose(): void
}

/** A scene, and what must come of it: as a form, or as JSON for those who copy one. */
export function EditAssertion({ journey, assertion, onClose }: Props) {
  const { name, scene, expectations } = assertion === 'new' ? start : assertion
  const [given, setGiven] = useState({ name, scene, expectations } as JsonObject)
  const [isJson, setJson] = useState(false)
  const save = useSave(journey.id, assertion, given, onClose)
  const fields = save.error instanceof ApiProblem ? save.error.fields : []
  const problemAt = (path: string) => fields.find(({ field }) => field === path)?.message
  return (
    <Modal opened onClose={onClose} size="xl" title="What must hold">
      <Stack>
        {isJson ? (
          <JsonField
            schema={{}}
            label="Assertion"
            isRequired
            value={given}
            onChange={(value) => setGiven((value ?? {}) as JsonObject)}
            path=""
            problemAt={() => undefined}
          />
        ) : (
          <DraftChoices draft={journey.draft}>
            <Form value={given} onChange={setGiven} problemAt={problemAt} />
          </DraftChoices>
        )}
        {fields.map(({ field, message }) => (
          <Text key={field + message} size="sm" c="red">
            {field}: {message}
          </Text>
        ))}
        {fields.length === 0 && <ProblemNotice error={save.error} />}
        <Group justify="space-between">
          <Anchor component="button" type="button" size="sm" onClick={() => setJson(!isJson)}>
            {isJson ? 'As a form' : 'As JSON'}
          </Anchor>
          <Group>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate()}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}

interface FormProps {
  value: JsonObject
  onChange(value: JsonObject): void
  problemAt(path: string): string | undefined
}

function Form(props: FormProps) {
  const schema = useQuery({
    queryKey: ['journey-assertion-schema'],
    queryFn: () => api.get<{ schema: JsonSchema }>('/journey-assertion-schema'),
    staleTime: Infinity,
  })
  if (schema.isPending) return <Loading what="the form" />
  if (schema.error) return <ProblemNotice error={schema.error} />
  return <SchemaFields schema={schema.data.schema} {...props} />
}

function useSave(journeyId: string, assertion: Assertion | 'new', given: JsonObject, onSaved: () => void) {
  const path = `/journeys/${journeyId}/assertions`
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      assertion === 'new' ? api.post(path, given) : api.put(`${path}/${assertion.id}`, given),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['journeys', 'assertions'] })
      onSaved()
    },
  })
}
