import { MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getAll } from '../api/client.ts'
import type { JsonSchema } from '../api/journey-shapes.ts'
import { useCardChoices } from './card-choices.ts'
import type { FieldProps } from './field-props.ts'

interface Source {
  path: string
  value: string
  label: string
}

/** Where the things are listed that a widget lets one choose from. */
const sources: Record<string, Source> = {
  template: { path: '/templates', value: 'name', label: 'name' },
  segment: { path: '/segments', value: 'id', label: 'name' },
  media: { path: '/media', value: 'id', label: 'name' },
  journey: { path: '/journeys', value: 'id', label: 'name' },
  flow: { path: '/flows', value: 'metaId', label: 'name' },
  catalog: { path: '/catalogs', value: 'id', label: 'name' },
  connection: { path: '/connections', value: 'id', label: 'name' },
  user: { path: '/users', value: 'id', label: 'username' },
  group: { path: '/groups', value: 'id', label: 'name' },
  block: { path: '/blocks', value: 'id', label: 'name' },
}

export function hasChoices({ widget, type }: JsonSchema): boolean {
  if (widget === undefined || (type !== 'string' && type !== 'array')) return false
  return widget === 'card' || Object.hasOwn(sources, widget)
}

/** Something that the workspace has, by its name. */
export function ChoiceField(props: FieldProps) {
  const { schema, label, isRequired, value, onChange, path, problemAt } = props
  const { choices, isPending } = useChoices(schema.widget ?? '')
  const chosen = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
  // What is chosen and is not there any more stays visible.
  const lost = chosen.filter((each) => each !== '' && choices.every((choice) => choice.value !== each))
  const common = {
    label,
    description: schema.description,
    required: isRequired,
    error: problemAt(path),
    searchable: true,
    data: [...choices, ...lost.map((each) => ({ value: each, label: each }))],
    nothingFoundMessage: isPending ? 'Loading …' : 'There is none yet',
  }
  if (schema.type === 'array') return <MultiSelect {...common} value={chosen} onChange={onChange} />
  return (
    <Select
      {...common}
      clearable={!isRequired}
      value={chosen[0] || null}
      onChange={(given) => onChange(given ?? undefined)}
    />
  )
}

function useChoices(widget: string) {
  const cards = useCardChoices()
  const source = sources[widget]
  const { data, isPending } = useQuery({
    queryKey: ['choices', source?.path],
    queryFn: () => getAll<Record<string, string>>(source?.path ?? ''),
    enabled: source !== undefined,
    staleTime: 30_000,
  })
  if (!source) return { choices: cards, isPending: false }
  const found = (data ?? []).map((each) => ({
    value: each[source.value] ?? '',
    label: each[source.label] ?? each[source.value] ?? '',
  }))
  // A template stands once for each of its languages.
  return {
    choices: found.filter(({ value }, at) => found.findIndex((e) => e.value === value) === at),
    isPending,
  }
}
