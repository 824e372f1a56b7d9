import { Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import type { JsonObject } from '../../../src/model/json.ts'
import { ChoiceField } from './choice-field.tsx'
import type { FieldProps } from './field-props.ts'
import { JsonField } from './json-field.tsx'

const kinds = [
  { value: 'text', label: 'Words' },
  { value: 'blockId', label: 'A block' },
  { value: 'content', label: 'A message as JSON' },
]

/** What a chat says by itself. */
export function AutomaticMessageField(props: FieldProps) {
  const { label, isRequired, value, onChange, path, problemAt } = props
  const given = (value ?? {}) as JsonObject
  const kind = kinds.find((each) => each.value in given)?.value ?? 'text'
  const inner = given[kind]
  const part = { ...props, isRequired: true, value: inner, path: `${path}.${kind}` }
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={`${label}: what it is`}
          data={kinds}
          value={kind}
          onChange={(chosen) => onChange({ [chosen]: chosen === 'content' ? {} : '' })}
        />
      </Group>
      {kind === 'text' && (
        <Textarea
          aria-label={label}
          description="{{contact.first_name}} and other placeholders are filled in"
          autosize
          minRows={2}
          maxRows={12}
          required={isRequired}
          value={typeof inner === 'string' ? inner : ''}
          error={problemAt(`${path}.text`) ?? problemAt(path)}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
      )}
      {kind === 'blockId' && (
        <ChoiceField
          {...part}
          label="Block"
          schema={{ type: 'string', widget: 'block' }}
          onChange={(blockId) => onChange({ blockId: blockId ?? '' })}
        />
      )}
      {kind === 'content' && (
        <JsonField
          {...part}
          label="Message"
          schema={{ description: 'In the Cloud API’s shape; out of the 24 hours only a template goes out' }}
          onChange={(content) => onChange({ content: content ?? {} })}
        />
      )}
    </Stack>
  )
}
