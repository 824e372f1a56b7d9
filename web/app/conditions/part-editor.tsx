import { Autocomplete, Group as Row, Select, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Condition } from '../../../src/model/conditions.ts'
import { useSegmentNames, useTags } from '../api/vocabulary.ts'
import { CompareEditor } from './compare-editor.tsx'
import { isAboutContact, partKinds, type Part, type PartKind } from './edit-condition.ts'
import { EventEditor } from './event-editor.tsx'
import { PeriodInput } from './period-input.tsx'
import { VariableEditor } from './variable-editor.tsx'

interface Props<T> {
  value: T
  onChange(value: T): void
}

/** One condition: what it looks at, and the inputs of its kind. */
export function PartEditor({ value, onChange }: Props<Condition>) {
  const isVariable = value.kind === 'compare' && !isAboutContact(value)
  const label = isVariable ? 'In the run' : (partKinds[value.kind as PartKind] as string | undefined)
  return (
    <Row gap="xs" style={{ flex: 1 }}>
      <Text size="sm" w={110} fw={500}>
        {label ?? value.kind}
      </Text>
      <Inputs value={value as Part} onChange={onChange} />
    </Row>
  )
}

function Inputs({ value, onChange }: Props<Part>): ReactNode {
  switch (value.kind) {
    case 'compare':
      return isAboutContact(value) ? (
        <CompareEditor value={value} onChange={onChange} />
      ) : (
        <VariableEditor value={value} onChange={onChange} />
      )
    case 'event':
      return <EventEditor value={value} onChange={onChange} />
    case 'tag':
      return <TagInputs value={value} onChange={onChange} />
    case 'segment':
      return <SegmentInputs value={value} onChange={onChange} />
    case 'consent':
      return <ConsentInputs value={value} onChange={onChange} />
    case 'last-seen':
      return <LastSeenInputs value={value} onChange={onChange} />
    case 'window':
      return (
        <YesNo
          label="24-hour window"
          words={['is open', 'is closed']}
          value={value.open}
          onChange={(open) => onChange({ ...value, open })}
        />
      )
    case 'spam':
      return (
        <YesNo
          label="Spam"
          words={['is marked', 'is not marked']}
          value={value.is}
          onChange={(is) => onChange({ ...value, is })}
        />
      )
    default:
      return (
        <Text size="sm" c="dimmed">
          made by the API; it is kept as it is
        </Text>
      )
  }
}

type Of<K extends Part['kind']> = Props<Extract<Part, { kind: K }>>

function TagInputs({ value, onChange }: Of<'tag'>) {
  const tags = useTags()
  return (
    <>
      <YesNo
        label="Tag"
        words={['has', 'has not']}
        value={value.has}
        onChange={(has) => onChange({ ...value, has })}
      />
      <Autocomplete
        aria-label="Tag"
        placeholder="tag"
        data={tags}
        value={value.tag}
        onChange={(tag) => onChange({ ...value, tag })}
        limit={20}
        w={200}
      />
    </>
  )
}

function SegmentInputs({ value, onChange }: Of<'segment'>) {
  const segments = useSegmentNames()
  return (
    <>
      <YesNo
        label="Member"
        words={['is in', 'is not in']}
        value={value.member}
        onChange={(member) => onChange({ ...value, member })}
      />
      <Select
        aria-label="Segment"
        placeholder="segment"
        searchable
        data={segments.map(({ id, name }) => ({ value: id, label: name }))}
        value={value.segmentId || null}
        onChange={(segmentId) => onChange({ ...value, segmentId: segmentId ?? '' })}
        w={240}
      />
    </>
  )
}

function ConsentInputs({ value, onChange }: Of<'consent'>) {
  return (
    <>
      <Select
        aria-label="Consent for"
        data={[
          { value: 'marketing', label: 'Marketing' },
          { value: 'utility', label: 'Utility' },
          { value: 'authentication', label: 'Authentication' },
          { value: 'any', label: 'Any category' },
        ]}
        allowDeselect={false}
        value={value.category}
        onChange={(category) => onChange({ ...value, category: category as typeof value.category })}
        w={160}
      />
      <Select
        aria-label="Consent"
        data={[
          { value: 'opted_in', label: 'opted in' },
          { value: 'opted_out', label: 'opted out' },
          { value: 'unknown', label: 'never said anything' },
        ]}
        allowDeselect={false}
        value={value.state}
        onChange={(state) => onChange({ ...value, state: state as typeof value.state })}
        w={180}
      />
    </>
  )
}

function LastSeenInputs({ value, onChange }: Of<'last-seen'>) {
  return (
    <>
      <Select
        aria-label="Last seen"
        data={[
          { value: 'within', label: 'within the last' },
          { value: 'longer-ago', label: 'longer ago than' },
          { value: 'never', label: 'never' },
        ]}
        allowDeselect={false}
        value={value.operator}
        onChange={(chosen) => {
          const operator = chosen as typeof value.operator
          const period = value.period ?? { amount: 30, unit: 'days' as const }
          onChange(operator === 'never' ? { kind: 'last-seen', operator } : { ...value, operator, period })
        }}
        w={160}
      />
      {value.period && (
        <PeriodInput value={value.period} onChange={(period) => onChange({ ...value, period })} />
      )}
    </>
  )
}

function YesNo(props: Props<boolean> & { label: string; words: [string, string] }) {
  const { label, words, value, onChange } = props
  return (
    <Select
      aria-label={label}
      data={[
        { value: 'yes', label: words[0] },
        { value: 'no', label: words[1] },
      ]}
      allowDeselect={false}
      value={value ? 'yes' : 'no'}
      onChange={(chosen) => onChange(chosen === 'yes')}
      w={140}
    />
  )
}
