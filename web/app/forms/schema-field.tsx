import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import type { JsonSchema } from '../api/journey-shapes.ts'
import { sayName, sayValue } from '../ui/words.ts'
import { AutomaticMessageField } from './automatic-message-field.tsx'
import { ChoiceField, hasChoices } from './choice-field.tsx'
import { ConditionField } from './condition-field.tsx'
import { isDuration, DurationField } from './duration-field.tsx'
import type { FieldProps } from './field-props.ts'
import { JsonField } from './json-field.tsx'
import { ListField } from './list-field.tsx'
import { NullableField, unlessNull } from './nullable-field.tsx'
import { ObjectField, PairsField, VariantField } from './object-fields.tsx'
import { InstantField, SpanField } from './time-fields.tsx'
import { ZoneSelect } from './zone-select.tsx'
import { ValueField, ValuesField } from './values-field.tsx'

/** One input, chosen by what the schema says. What no input fits is written as JSON. */
export function SchemaField(props: FieldProps) {
  const { schema } = props
  if (schema.$ref?.endsWith('/Condition')) return <ConditionField {...props} />
  if (schema.$ref?.endsWith('/JsonObject')) return <ValuesField {...props} />
  if (schema.$ref?.endsWith('/AutomaticMessage')) return <AutomaticMessageField {...props} />
  const inner = unlessNull(schema)
  if (inner) return <NullableField {...props} inner={inner} Field={SchemaField} />
  if (schema.widget === 'value') return <ValueField {...props} />
  if (schema.widget === 'span') return <SpanField {...props} />
  if (schema.widget === 'zone') return <ZoneField {...props} />
  if (schema.format === 'date-time') return <InstantField {...props} />
  if (hasChoices(schema)) return <ChoiceField {...props} />
  if (schema.enum) return <EnumField {...props} />
  if (isDuration(schema)) return <DurationField {...props} />
  if (schema.oneOf) return <VariantField {...props} />
  if (schema.type === 'array') return <ListField {...props} />
  if (schema.properties) return <ObjectField {...props} />
  if (schema.type === 'object' && isText(schema.additionalProperties)) return <PairsField {...props} />
  if (schema.type === 'boolean') return <BooleanField {...props} />
  if (schema.type === 'number' || schema.type === 'integer') return <NumberField {...props} />
  if (schema.type === 'string' || schema.anyOf?.some(({ type }) => type === 'string'))
    return <TextField {...props} />
  return <JsonField {...props} />
}

function isText(schema: JsonSchema['additionalProperties']): boolean {
  return typeof schema === 'object' && schema.type === 'string'
}

function commonOf({ schema, label, isRequired, path, problemAt }: FieldProps) {
  return { label, description: schema.description, required: isRequired, error: problemAt(path) }
}

/** Long texts get lines, code a typewriter's letters. */
function TextField(props: FieldProps) {
  const { schema, value, onChange, isRequired } = props
  const common = {
    ...commonOf(props),
    value: sayValue(value),
    onChange: (event: { currentTarget: { value: string } }) => {
      const text = event.currentTarget.value
      onChange(text === '' && !isRequired ? undefined : text)
    },
  }
  if (schema.widget === 'code')
    return (
      <Textarea
        {...common}
        autosize
        minRows={6}
        maxRows={24}
        styles={{ input: { fontFamily: 'monospace' } }}
      />
    )
  if (schema.widget === 'textarea') return <Textarea {...common} autosize minRows={2} maxRows={12} />
  return <TextInput {...common} />
}

function NumberField(props: FieldProps) {
  const { schema, value, onChange } = props
  return (
    <NumberInput
      {...commonOf(props)}
      min={schema.minimum}
      max={schema.maximum}
      allowDecimal={schema.type === 'number'}
      value={typeof value === 'number' ? value : ''}
      placeholder={sayValue(schema.default)}
      onChange={(given) => onChange(given === '' ? undefined : Number(given))}
      maw={200}
    />
  )
}

/** What may be left open has three answers. */
function BooleanField(props: FieldProps) {
  const { schema, value, onChange, isRequired } = props
  const { label, description, error } = commonOf(props)
  if (schema.default === undefined && !isRequired)
    return (
      <Select
        {...{ label, description, error }}
        clearable
        placeholder="not said"
        data={['yes', 'no']}
        value={value === undefined ? null : value ? 'yes' : 'no'}
        onChange={(given) => onChange(given === null ? undefined : given === 'yes')}
        maw={200}
      />
    )
  return (
    <Checkbox
      {...{ label, description, error }}
      checked={Boolean(value ?? schema.default)}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

function ZoneField({ schema, label, value, onChange, path, problemAt }: FieldProps) {
  return (
    <ZoneSelect
      label={label}
      {...(schema.description !== undefined && { description: schema.description })}
      value={typeof value === 'string' ? value : ''}
      error={problemAt(path)}
      onChange={onChange}
    />
  )
}

function EnumField(props: FieldProps) {
  const { schema, value, onChange, isRequired } = props
  return (
    <Select
      {...commonOf(props)}
      data={(schema.enum ?? []).map((each) => ({ value: each, label: sayName(each) }))}
      clearable={!isRequired && schema.default === undefined}
      allowDeselect={false}
      value={typeof value === 'string' ? value : typeof schema.default === 'string' ? schema.default : null}
      onChange={(given) => onChange(given ?? undefined)}
    />
  )
}
