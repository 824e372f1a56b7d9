import { NumberInput, Radio, Select, Stack } from '@mantine/core'
import { fieldProblem } from '../../ui/states.tsx'
import { RateInput } from '../../forms/pace-fields.tsx'

const ways = {
  all: 'All of it goes on',
  'newest-only': 'Of each contact only the newest run goes on',
  spread: 'All of it, spread over hours',
  'drop-older-than': 'What has been due for longer exits, the rest goes on',
  're-enter-at': 'All go on at one card',
}
interface BacklogWish {
  how: keyof typeof ways
  hours: number
  card: string
  ratePerMinute: number
}
export const usualBacklog: BacklogWish = { how: 'all', hours: 6, card: '', ratePerMinute: 6_000 }

/** As the API takes it. */
export function toResumption({ how, hours, card, ratePerMinute }: BacklogWish) {
  const needsHours = how === 'spread' || how === 'drop-older-than'
  const backlog = { how, ...(needsHours && { hours }), ...(how === 're-enter-at' && { card }) }
  return { backlog, ratePerMinute }
}

interface Props {
  cards: string[]
  value: BacklogWish
  onChange(value: BacklogWish): void
  error: unknown
}

/** What becomes of those who stood still. */
export function BacklogFields({ cards, value, onChange, error }: Props) {
  const offered = Object.entries(ways).filter(([how]) => how !== 're-enter-at' || cards.length > 0)
  return (
    <Stack gap="sm">
      <Radio.Group
        label="What has piled up"
        value={value.how}
        onChange={(how) => onChange({ ...value, how })}
      >
        <Stack gap="xs" mt={4}>
          {offered.map(([how, words]) => (
            <Radio key={how} value={how} label={words} />
          ))}
        </Stack>
      </Radio.Group>
      {(value.how === 'spread' || value.how === 'drop-older-than') && (
        <NumberInput
          label="Hours"
          min={0.1}
          max={2_160}
          value={value.hours}
          error={fieldProblem(error, 'hours')}
          onChange={(hours) => onChange({ ...value, hours: Number(hours) })}
          w={140}
        />
      )}
      {value.how === 're-enter-at' && (
        <Select
          label="Card"
          searchable
          data={cards}
          value={value.card || null}
          error={fieldProblem(error, 'card')}
          onChange={(card) => onChange({ ...value, card: card ?? '' })}
          w={240}
        />
      )}
      <RateInput
        value={value.ratePerMinute}
        onChange={(ratePerMinute) => onChange({ ...value, ratePerMinute })}
        error={error}
      />
    </Stack>
  )
}
