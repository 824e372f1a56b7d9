import { Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Json } from '../../../src/model/json.ts'
import { api } from '../api/client.ts'
import type { Attribute, Profile } from '../api/shapes.ts'
import { useAttributes } from '../api/vocabulary.ts'
import { Card } from '../ui/card.tsx'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { sayTime, sayValue } from '../ui/words.ts'
import { fromInput, toInput } from './attribute-input.ts'

/** Shown here by cards of their own. */
const elsewhere = new Set([
  'tags',
  'spam',
  'phone',
  'wa_id',
  'username',
  'external_customer_id',
  'whatsapp_opted',
])

export function AttributesCard({ profile }: { profile: Profile }) {
  const [isEditing, setEditing] = useState(false)
  const values = new Map(profile.attributes.map(({ name, value }) => [name, value]))
  const attributes = useAttributes().filter(({ name }) => !elsewhere.has(name))
  const edit = (
    <Button size="xs" variant="light" onClick={() => setEditing(true)}>
      Edit
    </Button>
  )
  const filled = attributes.filter(({ name }) => sayValue(values.get(name)) !== '')
  if (isEditing) {
    const done = () => setEditing(false)
    return (
      <Card title="Attributes">
        <AttributeForm contactId={profile.contact.id} attributes={attributes} values={values} onDone={done} />
      </Card>
    )
  }
  return (
    <Card title="Attributes" action={edit}>
      <Table verticalSpacing={6} withRowBorders={false}>
        <Table.Tbody>
          {filled.map(({ name, label, type }) => (
            <Table.Tr key={name}>
              <Table.Th w={130} fw={400} c="dimmed" scope="row">
                {label}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {type === 'datetime' ? sayTime(sayValue(values.get(name))) : sayValue(values.get(name))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {filled.length === 0 && <Text c="dimmed">Nothing is known yet.</Text>}
    </Card>
  )
}

interface FormProps {
  contactId: string
  attributes: Attribute[]
  values: Map<string, Json>
  onDone(): void
}

function AttributeForm({ contactId, attributes, values, onDone }: FormProps) {
  const writable = attributes.filter(({ writable: isWritable }) => isWritable)
  const [inputs, setInputs] = useState<Record<string, string>>({})
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.patch(`/contacts/${contactId}`, changesOf(writable, inputs)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['contact', contactId] })
      void client.invalidateQueries({ queryKey: ['contacts'] })
      onDone()
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="xs">
        <ProblemNotice error={save.error} />
        {writable.map((attribute) => (
          <AttributeField
            key={attribute.name}
            attribute={attribute}
            value={inputs[attribute.name] ?? toInput(attribute.type, values.get(attribute.name) ?? null)}
            onChange={(value) => setInputs({ ...inputs, [attribute.name]: value })}
            problem={fieldProblem(
              save.error,
              attribute.kind === 'custom' ? attribute.name : camelCase(attribute.name),
            )}
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={Object.keys(inputs).length === 0}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function changesOf(attributes: Attribute[], inputs: Record<string, string>): Record<string, unknown> {
  const changed = attributes.filter(({ name }) => name in inputs)
  const pairs = (kind: string) =>
    changed
      .filter((each) => each.kind === kind)
      .map(({ name, type }) => [name, fromInput(type, inputs[name] ?? '')] as const)
  const custom = pairs('custom')
  return {
    ...Object.fromEntries(pairs('system').map(([name, value]) => [camelCase(name), value])),
    ...(custom.length > 0 && { attributes: Object.fromEntries(custom) }),
  }
}

interface FieldProps {
  attribute: Attribute
  value: string
  onChange(value: string): void
  problem: string | undefined
}

function AttributeField({ attribute: { label, type, description }, value, onChange, problem }: FieldProps) {
  const props = { label, description: description ?? undefined, error: problem }
  if (type === 'boolean') {
    const data = [
      { value: 'true', label: 'yes' },
      { value: 'false', label: 'no' },
    ]
    return (
      <Select
        {...props}
        clearable
        data={data}
        value={value || null}
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    )
  }
  const isNumber = type === 'integer' || type === 'float'
  return (
    <TextInput
      {...props}
      type={type === 'date' ? 'date' : 'text'}
      inputMode={isNumber ? 'decimal' : 'text'}
      placeholder={type === 'list' ? 'values, separated by commas' : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
