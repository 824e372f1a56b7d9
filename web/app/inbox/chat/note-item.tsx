import { ActionIcon, Button, Group, Menu, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { ChatNote } from '../../api/inbox-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'
import { useInbox } from '../inbox-context.ts'
import { sayClock } from '../inbox-words.ts'
import { refreshTimeline } from './use-timeline.ts'

/** Left for colleagues: the customer never sees it. */
export function NoteItem({ conversationId, note }: { conversationId: string; note: ChatNote }) {
  const { me } = useInbox()
  const [isEditing, setEditing] = useState(false)
  const author = note.byUser?.name ?? 'an application'
  const client = useQueryClient()
  const path = `/conversations/${conversationId}/notes/${note.id}`
  const remove = useMutation({
    mutationFn: () => api.delete(path),
    onSettled: () => refreshTimeline(client, conversationId),
  })
  return (
    <div className="inbox-note" id={`note-${note.id}`} role="note" aria-label={`Note of ${author}`}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="xs" fw={600}>
          <Icon name="note" size={12} /> {author}
        </Text>
        {note.byUser?.id === me && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size="xs" variant="subtle" color="gray" aria-label="What to do with this note">
                <Icon name="more" size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setEditing(true)}>Change</Menu.Item>
              <Menu.Item color="red" onClick={() => remove.mutate()}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      <ProblemNotice error={remove.error} />
      {isEditing ? (
        <NoteForm conversationId={conversationId} note={note} onDone={() => setEditing(false)} />
      ) : (
        <div className="inbox-text" dir="auto">
          <WithMentions text={note.body} />
        </div>
      )}
      <time className="inbox-meta" dateTime={note.createdAt} title={sayTime(note.createdAt)}>
        {sayClock(note.createdAt)}
        {note.updatedAt !== note.createdAt && ' · changed'}
      </time>
    </div>
  )
}

/** Names behind an @ stand out. */
function WithMentions({ text }: { text: string }) {
  return text
    .split(/(@[\p{L}\p{N}._-]+)/u)
    .map((part, at) => (at % 2 === 1 ? <strong key={at}>{part}</strong> : part))
}

function NoteForm({
  conversationId,
  note,
  onDone,
}: {
  conversationId: string
  note: ChatNote
  onDone(): void
}) {
  const [body, setBody] = useState(note.body)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.patch(`/conversations/${conversationId}/notes/${note.id}`, { body }),
    onSuccess: () => {
      refreshTimeline(client, conversationId)
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <ProblemNotice error={save.error} />
      <Textarea
        aria-label="Note"
        autosize
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <Group gap="xs" mt={4} justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="compact-xs" type="submit" loading={save.isPending} disabled={body.trim() === ''}>
          Save
        </Button>
      </Group>
    </form>
  )
}
