import { Alert, Anchor, List, Text } from '@mantine/core'
import { useState } from 'react'
import type { Problem } from '../../api/journey-shapes.ts'
import { sayCount } from '../../ui/words.ts'
import type { Flow } from './flow-model.ts'
import { nameOf } from './way-box.tsx'

interface Props {
  flow: Flow
  onOpen(id: string): void
}
const most = 4

/** What keeps the draft from being published, and what may be meant otherwise. */
export function ProblemList({ flow, onOpen }: Props) {
  const { problems } = flow
  const [isOpen, setOpen] = useState(false)
  if (problems.length === 0) return null
  const errors = problems.filter(({ severity }) => severity === 'error')
  const shown = isOpen ? problems : (errors.length > 0 ? errors : problems).slice(0, most)
  const title =
    errors.length > 0
      ? `${sayCount(errors.length, 'thing keeps', 'things keep')} it from being published`
      : sayCount(problems.length, 'thing to look at', 'things to look at')
  return (
    <Alert color={errors.length > 0 ? 'red' : 'yellow'} title={title}>
      <List size="sm">
        {shown.map((problem) => (
          <List.Item key={`${problem.field} ${problem.message}`}>
            <Where problem={problem} flow={flow} onOpen={onOpen} /> {problem.message}
          </List.Item>
        ))}
      </List>
      {problems.length > shown.length && (
        <Anchor component="button" type="button" size="sm" onClick={() => setOpen(true)}>
          Show all {problems.length}
        </Anchor>
      )}
    </Alert>
  )
}

function Where({
  problem: { card, field },
  flow,
  onOpen,
}: {
  problem: Problem
  flow: Flow
  onOpen(id: string): void
}) {
  if (card === undefined || !Object.hasOwn(flow.cards, card)) return <Text span>{field}:</Text>
  const setting = field.replace(`cards.${card}`, '').replace(/^\.(settings\.)?/, '')
  return (
    <>
      <Anchor component="button" type="button" size="sm" onClick={() => onOpen(card)}>
        {nameOf(flow, card)}
      </Anchor>
      {setting && `, ${setting}`}:
    </>
  )
}
