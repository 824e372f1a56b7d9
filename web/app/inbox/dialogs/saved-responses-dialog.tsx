import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { SavedResponse } from '../../api/inbox-shapes.ts'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { useSavedResponses } from '../compose/use-saved-responses.ts'

/** Answers that are written often: made, changed, and taken away. @param text a new one begins with it */
export function SavedResponsesDialog({ text, onClose }: { text: string; onClose(): void }) {
  const responses = useSavedResponses()
  const [edited, setEdited] = useState<SavedResponse | 'new' | undefined>(text.trim() ? 'new' : undefined)
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['saved-responses'] })
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/saved-responses/${id}`),
    onSettled: refresh,
  })
  return (
    <Modal opened onClose={onClose} title="Saved responses" size="lg">
      <Stack>
        <ProblemNotice error={remove.error} />
        {edited ? (
          <ResponseForm
            response={edited === 'new' ? undefined : edited}
            text={text}
            onCancel={() => setEdited(undefined)}
            onSaved={async () => {
              await refresh()
              setEdited(undefined)
            }}
          />
        ) : (
          <Button variant="light" onClick={() => setEdited('new')}>
            New saved response
          </Button>
        )}
        {responses.length === 0 && !edited && (
          <Text c="dimmed" size="sm">
            Typing / in a message offers what is saved here.
          </Text>
        )}
        <Responses responses={responses} onChange={setEdited} onDelete={remove.mutate} />
      </Stack>
    </Modal>
  )
}

interface ResponsesProps {
  responses: SavedResponse[]
  onChange(response: SavedResponse): void
  onDelete(id: string): void
}

function Responses({ responses, onChange, onDelete }: ResponsesProps) {
  return (
    <ul className="inbox-choices">
      {responses.map((response) => (
        <li key={response.id} className="inbox-response">
          <div style={{ minWidth: 0 }}>
            {response.shortcut && <Text size="sm" fw={600}>{`/${response.shortcut}`}</Text>}
            <Text size="sm" lineClamp={2} className="app-pre">
              {response.text}
            </Text>
          </div>
          <Group gap={4} wrap="nowrap">
            <Button size="compact-xs" variant="default" onClick={() => onChange(response)}>
              Change
            </Button>
            <Button size="compact-xs" variant="subtle" color="red" onClick={() => onDelete(response.id)}>
              Delete
            </Button>
          </Group>
        </li>
      ))}
    </ul>
  )
}

interface FormProps {
  response: SavedResponse | undefined
  text: string
  onCancel(): void
  onSaved(): Promise<void>
}

function ResponseForm({ response, text, onCancel, onSaved }: FormProps) {
  const [given, setGiven] = useState({
    shortcut: response?.shortcut ?? '',
    text: response?.text ?? text,
  })
  const save = useMutation({
    mutationFn: () => {
      const body = { text: given.text, shortcut: given.shortcut.trim() || null }
      return response
        ? api.patch(`/saved-responses/${response.id}`, body)
        : api.post('/saved-responses', body)
    },
    onSuccess: onSaved,
  })
  return (
    <form
      className="app-group"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="xs">
        <ProblemNotice error={save.error} />
        <TextInput
          label="Shortcut"
          description="what is typed after the /"
          data-autofocus
          value={given.shortcut}
          error={fieldProblem(save.error, 'shortcut')}
          onChange={(event) => setGiven({ ...given, shortcut: event.currentTarget.value })}
        />
        <Textarea
          label="Text"
          description="{{contact.name}} becomes what is known of the customer"
          required
          autosize
          minRows={2}
          maxRows={10}
          value={given.text}
          error={fieldProblem(save.error, 'text')}
          onChange={(event) => setGiven({ ...given, text: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={given.text.trim() === ''}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
