import { Button, Group, List, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { useJudged } from '../use-journey.ts'
import { isObject } from './edit-draft.ts'

interface Props {
  journeyId: string
  definition: JsonObject
  onSave?: ((draft: JsonObject) => void) | undefined
}

/** The definition as it is stored, for those who know it; what is wrong is named by its field as one types. */
export function DraftJson({ journeyId, definition, onSave }: Props) {
  const stored = JSON.stringify(definition, null, 2)
  const [text, setText] = useState(stored)
  const [known, setKnown] = useState(stored)
  if (known !== stored) {
    setKnown(stored)
    setText(stored)
  }
  const read = useMemo(() => readJson(text), [text])
  const [asked] = useDebouncedValue(read.value, 400)
  const judged = useJudged(journeyId, onSave ? asked : undefined)
  const problems = (judged.data?.problems ?? []).filter(({ severity }) => severity === 'error')
  return (
    <Stack gap="sm">
      <Textarea
        aria-label="Definition as JSON"
        error={read.problem}
        readOnly={!onSave}
        autosize
        minRows={12}
        maxRows={32}
        spellCheck={false}
        styles={{ input: { fontFamily: 'monospace', fontSize: 13 } }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {!read.problem && problems.length > 0 && (
        <List size="sm" c="red" aria-label="What is wrong">
          {problems.map(({ field, message }) => (
            <List.Item key={field + message}>
              <Text span ff="monospace" size="sm">
                {field}
              </Text>{' '}
              {message}
            </List.Item>
          ))}
        </List>
      )}
      {onSave && (
        <Group justify="flex-end">
          <Button variant="default" disabled={text === stored} onClick={() => setText(stored)}>
            Take back
          </Button>
          <Button
            disabled={text === stored || read.value === undefined}
            onClick={() => read.value && onSave(read.value)}
          >
            Save the definition
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function readJson(text: string): { value?: JsonObject; problem?: string } {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { value } : { problem: 'A definition is an object: { "start": …, "cards": … }' }
  } catch (error) {
    return { problem: `This is no JSON yet: ${error instanceof Error ? error.message : String(error)}` }
  }
}
