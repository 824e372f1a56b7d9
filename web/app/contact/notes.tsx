import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../api/client.ts'
import type { Note } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { sayTime } from '../ui/words.ts'

export function Notes({ contactId }: { contactId: string }) {
  const client = useQueryClient()
  const [body, setBody] = useState('')
  const path = `/contacts/${contactId}/notes`
  const notes = usePages(['contact', contactId, 'notes'], (cursor) => api.get<Page<Note>>(path, { cursor }))
  const refresh = () => client.invalidateQueries({ queryKey: ['contact', contactId] })
  const write = useMutation({
    mutationFn: () => api.post(path, { body }),
    onSuccess: async () => {
      setBody('')
      await refresh()
    },
  })
  const remove = useMutation({ mutationFn: (id: string) => api.delete(`${path}/${id}`), onSettled: refresh })
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          write.mutate()
        }}
      >
        <Stack gap="xs">
          <Textarea
            aria-label="New note"
            placeholder="What should colleagues know?"
            autosize
            minRows={2}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          <Button
            type="submit"
            disabled={body.trim() === ''}
            loading={write.isPending}
            style={{ alignSelf: 'flex-end' }}
          >
            Add note
          </Button>
        </Stack>
      </form>
      <ProblemNotice error={write.error ?? remove.error ?? notes.error} />
      {notes.isPending && <Loading what="notes" />}
      {notes.items.map((note) => (
        <NoteCard key={note.id} note={note} onDelete={() => remove.mutate(note.id)} />
      ))}
      <MoreButton pages={notes} />
    </Stack>
  )
}

function NoteCard({ note, onDelete }: { note: Note; onDelete(): void }) {
  return (
    <Paper withBorder p="sm">
      <Text size="sm" className="app-pre">
        {note.body}
      </Text>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {note.authorName} · {sayTime(note.createdAt)}
        </Text>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onDelete}>
          Delete
        </Button>
      </Group>
    </Paper>
  )
}
