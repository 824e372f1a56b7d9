import { Radio, Select, Stack, TextInput } from '@mantine/core'
import type { JsonObject } from '../../../src/model/json.ts'
import { JsonField } from '../forms/json-field.tsx'
import { useJudged, useVersion } from '../journeys/use-journey.ts'
import { fieldProblem } from '../ui/states.tsx'
import { actionWords, type Action, type Resolution } from './resolution.ts'

interface Props {
  journeyId: string
  version: number
  cardId: string
  cards: string[]
  value: Resolution
  onChange(value: Resolution): void
  error: unknown
}

/** How stuck runs go on: for one, and for many. */
export function ResolutionFields({ journeyId, version, cardId, cards, value, onChange, error }: Props) {
  const definition = useVersion(journeyId, version).data?.definition
  const outlets = useJudged(journeyId, definition).data?.outlets[cardId] ?? []
  return (
    <Stack gap="sm">
      <ActionChoice value={value.action} onChange={(action) => onChange({ ...value, action })} />
      {value.action === 'skip' && (
        <Select
          label="By which way out"
          placeholder="The first one"
          clearable
          data={outlets.map(({ id, label }) => ({ value: id, label }))}
          value={value.outlet ?? null}
          error={fieldProblem(error, 'outlet')}
          onChange={(outlet) => onChange({ ...value, outlet: outlet ?? '' })}
        />
      )}
      {value.action === 'goto' && (
        <Select
          label="At which card"
          searchable
          required
          data={cards}
          value={value.card ?? null}
          error={fieldProblem(error, 'card')}
          onChange={(card) => onChange({ ...value, card: card ?? '' })}
        />
      )}
      {value.action === 'exit' && (
        <TextInput
          label="Why"
          placeholder="For the trace and the report"
          value={value.reason ?? ''}
          error={fieldProblem(error, 'reason')}
          onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
        />
      )}
      {value.action !== 'exit' && (
        <JsonField
          schema={{ description: 'As JSON, e.g. {"order_id": "A-17"}' }}
          label="Variables to set before"
          isRequired={false}
          value={value.vars}
          onChange={(vars) => onChange({ ...value, vars: (vars ?? {}) as JsonObject })}
          path="vars"
          problemAt={(path) => fieldProblem(error, path)}
        />
      )}
    </Stack>
  )
}

function ActionChoice({ value, onChange }: { value: Action; onChange(action: Action): void }) {
  return (
    <Radio.Group aria-label="What to do" value={value} onChange={onChange}>
      <Stack gap="xs">
        {Object.entries(actionWords).map(([action, words]) => (
          <Radio key={action} value={action} label={words} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
