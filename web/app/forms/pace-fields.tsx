import { Checkbox, Group, NumberInput, Stack } from '@mantine/core'
import { fieldProblem } from '../ui/states.tsx'

/** How fast many are dealt with, and whether a few go first. */
export interface Pace {
  ratePerMinute: number
  spreadHours: number | undefined
  canaryPercent: number | undefined
}
export const usualPace: Pace = { ratePerMinute: 1_200, spreadHours: undefined, canaryPercent: undefined }

export function paceOf({ ratePerMinute, spreadHours, canaryPercent }: Pace) {
  return {
    ratePerMinute,
    ...(spreadHours && { spreadHours }),
    ...(canaryPercent && { canary: { share: canaryPercent / 100 } }),
  }
}

export function PaceFields({
  value,
  onChange,
  error,
}: {
  value: Pace
  onChange(value: Pace): void
  error: unknown
}) {
  return (
    <Stack gap="xs">
      <Group align="flex-start">
        <RateInput
          value={value.ratePerMinute}
          onChange={(ratePerMinute) => onChange({ ...value, ratePerMinute })}
          error={error}
        />
        <NumberInput
          label="Spread over hours"
          placeholder="as fast as that"
          min={0}
          max={2_160}
          value={value.spreadHours ?? ''}
          error={fieldProblem(error, 'spreadHours')}
          onChange={(hours) => onChange({ ...value, spreadHours: hours === '' ? undefined : Number(hours) })}
          w={170}
        />
        {value.canaryPercent !== undefined && (
          <NumberInput
            label="A few first: percent"
            min={0.1}
            max={50}
            value={value.canaryPercent}
            error={fieldProblem(error, 'share')}
            onChange={(percent) => onChange({ ...value, canaryPercent: Number(percent) || 1 })}
            w={170}
          />
        )}
      </Group>
      <Checkbox
        label="Begin with a few, and stop when they do badly"
        checked={value.canaryPercent !== undefined}
        onChange={(event) =>
          onChange({ ...value, canaryPercent: event.currentTarget.checked ? 5 : undefined })
        }
      />
    </Stack>
  )
}

/** How many a minute, at the most. */
export function RateInput({
  value,
  onChange,
  error,
}: {
  value: number
  onChange(value: number): void
  error: unknown
}) {
  return (
    <NumberInput
      label="At most a minute"
      min={1}
      max={60_000}
      value={value}
      error={fieldProblem(error, 'ratePerMinute')}
      onChange={(rate) => onChange(Number(rate) || 1)}
      w={170}
    />
  )
}
