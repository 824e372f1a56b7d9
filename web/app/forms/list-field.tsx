import { Button, Chip, Group, Input, Stack, TagsInput, Textarea } from '@mantine/core'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { sayName } from '../ui/words.ts'
import { FieldFrame } from './field-frame.tsx'
import { JsonField } from './json-field.tsx'
import { VariantField } from './object-fields.tsx'
import { RemoveButton } from './remove-button.tsx'
import type { FieldProps } from './field-props.ts'

/** Several of the same. */
export function ListField(props: FieldProps) {
  const { items } = props.schema
  if (items?.enum) return <ChipsField {...props} />
  if (items?.widget === 'textarea') return <TextsField {...props} />
  if (items?.type === 'string') return <WordsField {...props} />
  return items?.properties || items?.oneOf ? <RowsField {...props} /> : <JsonField {...props} />
}

function listOf({ value, schema }: FieldProps): Json[] {
  if (Array.isArray(value)) return value
  return Array.isArray(schema.default) ? schema.default : []
}

/** The first problem at the list or at one of its items that no input of its own shows. */
function problemOf(props: FieldProps): string | undefined {
  const { path, problemAt } = props
  const own = problemAt(path)
  return (
    own ??
    listOf(props)
      .map((_, at) => problemAt(`${path}.${at}`))
      .find(Boolean)
  )
}

function WordsField(props: FieldProps) {
  const { schema, label, isRequired, onChange } = props
  return (
    <TagsInput
      label={label}
      description={schema.description}
      required={isRequired}
      error={problemOf(props)}
      placeholder="Type one and press Enter"
      value={listOf(props).map(String)}
      onChange={onChange}
    />
  )
}

function ChipsField(props: FieldProps) {
  const { schema, label, isRequired, onChange } = props
  return (
    <Input.Wrapper label={label} required={isRequired} error={problemOf(props)}>
      <Chip.Group multiple value={listOf(props).map(String)} onChange={onChange}>
        <Group gap={6} mt={4}>
          {schema.items?.enum?.map((each) => (
            <Chip key={each} value={each} size="xs">
              {sayName(each)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  )
}

function TextsField(props: FieldProps) {
  const { label, onChange, path, problemAt } = props
  const texts = listOf(props).map(String)
  return (
    <FieldFrame of={props}>
      <Stack gap="xs" mt={4}>
        {texts.map((text, at) => (
          <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
            <Textarea
              aria-label={`${label} ${at + 1}`}
              autosize
              value={text}
              error={problemAt(`${path}.${at}`)}
              onChange={(event) => onChange(texts.with(at, event.currentTarget.value))}
              style={{ flex: 1 }}
            />
            <RemoveButton what={`${label} ${at + 1}`} onClick={() => onChange(texts.toSpliced(at, 1))} />
          </Group>
        ))}
        <AddButton onClick={() => onChange([...texts, ''])} />
      </Stack>
    </FieldFrame>
  )
}

function RowsField(props: FieldProps) {
  const { schema, label, onChange, path, problemAt, renderPart } = props
  const rows = listOf(props)
  return (
    <FieldFrame of={props}>
      <Stack gap="xs" mt={4}>
        {rows.map((row, at) => (
          <div key={at} className="app-group" role="group" aria-label={`${label} ${at + 1}`}>
            <Stack gap="xs">
              <Row
                schema={schema.items ?? {}}
                label={`${label} ${at + 1}`}
                isRequired
                value={row}
                onChange={(changed) => onChange(rows.with(at, changed ?? {}))}
                path={`${path}.${at}`}
                problemAt={problemAt}
                renderPart={renderPart}
              />
              <Group justify="flex-end">
                <RemoveButton what={`${label} ${at + 1}`} onClick={() => onChange(rows.toSpliced(at, 1))} />
              </Group>
            </Stack>
          </div>
        ))}
        <AddButton onClick={() => onChange([...rows, {}])} />
      </Stack>
    </FieldFrame>
  )
}

function Row(props: FieldProps) {
  const { schema, value, onChange, path, renderPart } = props
  if (schema.oneOf) return <VariantField {...props} />
  return renderPart({ schema, value: (value ?? {}) as JsonObject, onChange, path })
}

function AddButton({ onClick }: { onClick(): void }) {
  return (
    <Group>
      <Button size="compact-sm" variant="light" onClick={onClick}>
        Add one
      </Button>
    </Group>
  )
}
