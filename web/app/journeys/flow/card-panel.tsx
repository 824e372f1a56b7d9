import { Button, Drawer, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { DraftCard, Problem } from '../../api/journey-shapes.ts'
import { JsonField } from '../../forms/json-field.tsx'
import { SchemaFields } from '../../forms/schema-fields.tsx'
import { Counts } from '../../ui/counts.tsx'
import { saySpan } from '../../ui/words.ts'
import { useJudged } from '../use-journey.ts'
import { CardWays } from './card-ways.tsx'
import { DraftChoices } from './draft-choices.tsx'
import { withCard, withoutCard, type Place } from './edit-draft.ts'
import type { Flow } from './flow-model.ts'
import { nameOf } from './way-box.tsx'

interface Props {
  journeyId: string
  draft: JsonObject
  id: string
  flow: Flow
  onOpen(id: string): void
  onAdd(place: Place): void
  onClose(): void
  /** Absent of a version, which stays as it is. */
  onSave?: ((draft: JsonObject, onSaved?: () => void) => void) | undefined
}

/** One card: its numbers, its settings with what is wrong beside them, and where its ways out lead. */
export function CardPanel({ journeyId, draft, id, flow, onOpen, onAdd, onClose, onSave }: Props) {
  const stored = flow.cards[id] as DraftCard
  const [card, setCard] = useState(stored)
  const edited = useMemo(() => withCard(draft, id, card), [draft, id, card])
  const [asked] = useDebouncedValue(edited, 350)
  const judged = useJudged(journeyId, onSave ? asked : undefined)
  const isChanged = JSON.stringify(card) !== JSON.stringify(stored)
  const problems = (judged.data?.problems ?? []).filter((each) => each.card === id)
  const problemAt = (path: string) => errorAt(problems, `cards.${id}.settings.${path}`)
  const type = flow.types.get(card.type)
  const choices = flow.ids.map((value) => ({ value, label: nameOf(flow, value) }))
  const outlets = judged.data?.outlets[id] ?? flow.outletsOf(id)
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={type?.label ?? card.type}>
      <DraftChoices draft={draft} cards={choices}>
        <Stack>
          <CardNumbers flow={flow} id={id} />
          <fieldset disabled={!onSave} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
            <Stack>
              <TextInput
                label="Title"
                description={`Known to conditions and APIs as ${id}`}
                placeholder={type?.label}
                value={card.title ?? ''}
                onChange={(event) => setCard({ ...card, title: event.currentTarget.value })}
              />
              <Settings card={card} flow={flow} problemAt={problemAt} onChange={setCard} />
              <CardWays
                flow={flow}
                id={id}
                card={card}
                outlets={outlets}
                onChange={(next) => setCard({ ...card, next })}
                onOpen={onOpen}
                onAdd={onSave && !isChanged ? onAdd : undefined}
              />
            </Stack>
          </fieldset>
          <Problems id={id} problems={problems} />
          {onSave && (
            <Levers
              isChanged={isChanged}
              onSave={() => onSave(edited, onClose)}
              onRemove={() => onSave(withoutCard(draft, id), onClose)}
            />
          )}
        </Stack>
      </DraftChoices>
    </Drawer>
  )
}

function Levers(props: { isChanged: boolean; onSave(): void; onRemove(): void }) {
  return (
    <Group justify="space-between">
      <Button variant="subtle" color="red" onClick={props.onRemove}>
        Remove the card
      </Button>
      <Button disabled={!props.isChanged} onClick={props.onSave}>
        Save the card
      </Button>
    </Group>
  )
}

function errorAt(problems: Problem[], path: string): string | undefined {
  return problems.find(({ field, severity }) => field === path && severity === 'error')?.message
}

function Problems({ id, problems }: { id: string; problems: Problem[] }) {
  return problems.map(({ field, message, severity }) => (
    <Text key={field + message} size="sm" c={severity === 'error' ? 'red' : 'dimmed'}>
      {field.replace(`cards.${id}`, '').replace(/^\.(settings\.)?/, '') || 'This card'}: {message}
    </Text>
  ))
}

interface SettingsProps {
  card: DraftCard
  flow: Flow
  problemAt(path: string): string | undefined
  onChange(card: DraftCard): void
}

/** The form that the card's schema describes; of a card that is not known, its JSON. */
function Settings({ card, flow, problemAt, onChange }: SettingsProps) {
  const schema = flow.types.get(card.type)?.settings
  if (schema)
    return (
      <SchemaFields
        schema={schema}
        value={card.settings}
        onChange={(settings) => onChange({ ...card, settings })}
        problemAt={problemAt}
      />
    )
  return (
    <JsonField
      schema={{}}
      label="Settings"
      isRequired={false}
      value={card.settings}
      onChange={(settings) => onChange({ ...card, settings: (settings ?? {}) as JsonObject })}
      path=""
      problemAt={problemAt}
    />
  )
}

function CardNumbers({ flow, id }: { flow: Flow; id: string }) {
  const numbers = flow.numbersOf(id)
  if (!numbers) return null
  const failed = numbers.failed.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <Counts
        counts={[
          ['entered', numbers.entered],
          ['here now', numbers.waiting],
          ['failed', failed, failed > 0 ? 'red' : undefined],
          ['usually stay', numbers.medianMs === null ? '–' : saySpan(numbers.medianMs)],
        ]}
      />
      {numbers.failed.map(({ code, count }) => (
        <Text key={code} size="sm" c="red">
          {code}: {count}
        </Text>
      ))}
    </>
  )
}
