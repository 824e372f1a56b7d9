import { Text } from '@mantine/core'
import { sayCount, sayNumber } from '../../ui/words.ts'
import { summaryOf } from './edit-draft.ts'
import type { Flow } from './flow-model.ts'

interface Props {
  flow: Flow
  id: string
  onOpen(): void
}

/** A card as the drawing and the list show it: what it is, what it says, and how many were there. */
export function CardBox({ flow, id, onOpen }: Props) {
  const card = flow.cards[id]
  if (!card) return null
  const type = flow.types.get(card.type)
  const problems = flow.problemsOf(id)
  const isWrong = problems.some(({ severity }) => severity === 'error')
  const name = card.title ?? type?.label ?? card.type
  return (
    <button
      type="button"
      className="flow-card"
      data-group={type?.group}
      data-wrong={isWrong}
      aria-label={`Card ${name}`}
      onClick={onOpen}
    >
      <Text size="xs" c="dimmed" className="flow-line-of">
        {type?.label ?? card.type}
        {flow.ids[0] === id && ' · starts here'}
      </Text>
      <Text size="sm" fw={600} className="flow-line-of">
        {name}
      </Text>
      <Text size="xs" c="dimmed" lineClamp={problems.length > 0 ? 1 : 2}>
        {summaryOf(card)}
      </Text>
      {problems.length > 0 && (
        <Text size="xs" c={isWrong ? 'red' : 'yellow'} className="flow-line-of">
          {isWrong ? sayCount(problems.length, 'thing is wrong', 'things are wrong') : 'to be looked at'}
        </Text>
      )}
      <Numbers flow={flow} id={id} />
    </button>
  )
}

function Numbers({ flow, id }: { flow: Flow; id: string }) {
  const numbers = flow.numbersOf(id)
  if (!numbers) return null
  const failed = numbers.failed.reduce((sum, { count }) => sum + count, 0)
  return (
    <span className="flow-numbers">
      <span>{sayNumber(numbers.entered)} entered</span>
      {numbers.waiting > 0 && (
        <Text span inherit c="blue">
          {sayNumber(numbers.waiting)} here now
        </Text>
      )}
      {failed > 0 && (
        <Text span inherit c="red">
          {sayNumber(failed)} failed
        </Text>
      )}
    </span>
  )
}
