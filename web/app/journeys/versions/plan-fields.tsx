import { Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { PaceFields } from '../../forms/pace-fields.tsx'
import { fieldProblem } from '../../ui/states.tsx'
import { sayCount } from '../../ui/words.ts'
import { fateWords, timingWords, type decisiveCards, type Fate, type MovePlan } from './move-plan.ts'

interface Props {
  decisive: ReturnType<typeof decisiveCards>
  /** Of the new version. */
  cards: string[]
  value: MovePlan
  onChange(value: MovePlan): void
  error: unknown
}

/** What becomes of people inside: at each card that the new version changes or does not have, and at the others. */
export function PlanFields({ decisive, cards, value, onChange, error }: Props) {
  return (
    <Stack gap="sm">
      {decisive.map(({ card, title, change, inside }) => (
        <div key={card} className="app-group" role="group" aria-label={`People at ${card}`}>
          <Text size="sm" fw={500} mb={6}>
            {sayCount(inside, 'person', 'people')} at {title ?? card}, which is {change}
          </Text>
          <FateFields
            card={card}
            cards={cards}
            value={value.cards[card]}
            onChange={(fate) => onChange({ ...value, cards: { ...value.cards, [card]: fate } })}
            error={error}
          />
        </div>
      ))}
      <Radio.Group
        label="People at cards that are as they were"
        value={value.unchanged}
        onChange={(unchanged) => onChange({ ...value, unchanged })}
      >
        <Group gap="md" mt={4}>
          <Radio value="move" label={fateWords.move} />
          <Radio value="stay" label={fateWords.stay} />
        </Group>
      </Radio.Group>
      <PaceFields value={value.pace} onChange={(pace) => onChange({ ...value, pace })} error={error} />
    </Stack>
  )
}

interface FateProps {
  card: string
  cards: string[]
  value: Fate | undefined
  onChange(fate: Fate): void
  error: unknown
}

function FateFields({ card, cards, value, onChange, error }: FateProps) {
  const choices = (words: object) => Object.entries(words).map(([of, label]) => ({ value: of, label }))
  const goesOn = value?.action === 'move' || value?.action === 're-evaluate'
  return (
    <Group align="flex-start" gap="xs">
      <Select
        label="They"
        placeholder="Say what becomes of them"
        data={choices(fateWords)}
        allowDeselect={false}
        value={value?.action ?? null}
        error={fieldProblem(error, `plan.cards.${card}`)}
        onChange={(action) => onChange({ ...value, action: action as Fate['action'] })}
        w={230}
      />
      {goesOn && (
        <Select
          label="At card"
          placeholder="the same"
          clearable
          searchable
          data={cards}
          value={value.card ?? null}
          error={fieldProblem(error, `plan.cards.${card}.card`)}
          onChange={(target) => onChange({ ...value, card: target ?? '' })}
          w={190}
        />
      )}
      {value?.action === 'move' && (
        <Select
          label="Of a wait"
          allowDeselect={false}
          data={choices(timingWords)}
          value={value.timing ?? 'keep-elapsed'}
          onChange={(timing) => onChange({ ...value, timing: timing as keyof typeof timingWords })}
          w={250}
        />
      )}
      {value?.action === 'exit' && (
        <TextInput
          label="Why"
          value={value.reason ?? ''}
          onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
          w={230}
        />
      )}
    </Group>
  )
}
