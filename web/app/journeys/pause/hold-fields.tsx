import { Group, Radio, Stack, TextInput } from '@mantine/core'
import { fieldProblem } from '../../ui/states.tsx'

export interface HoldWish {
  timers: string
  entrants: string
  reason: string
}
interface Props {
  value: HoldWish
  onChange(value: HoldWish): void
  error: unknown
}

/** What becomes of timers and of who would enter, while the journey stands still. */
export function HoldFields({ value, onChange, error }: Props) {
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="xl">
        <Radio.Group
          label="Timers meanwhile"
          value={value.timers}
          onChange={(timers) => onChange({ ...value, timers })}
        >
          <Stack gap="xs" mt={4}>
            <Radio value="freeze" label="stand still" description="as much is left after it as before" />
            <Radio value="run" label="run on" description="what falls due is overdue after it" />
          </Stack>
        </Radio.Group>
        <Radio.Group
          label="Who would enter"
          value={value.entrants}
          onChange={(entrants) => onChange({ ...value, entrants })}
        >
          <Stack gap="xs" mt={4}>
            <Radio value="queue" label="waits at the door" description="and enters when it is over" />
            <Radio value="drop" label="is turned away" />
          </Stack>
        </Radio.Group>
      </Group>
      <TextInput
        label="Why"
        placeholder="For those who find it paused"
        value={value.reason}
        error={fieldProblem(error, 'reason')}
        onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
        maw={480}
      />
    </Stack>
  )
}
