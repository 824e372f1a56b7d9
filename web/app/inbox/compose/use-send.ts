import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api } from '../../api/client.ts'
import type { ChatNote } from '../../api/inbox-shapes.ts'
import type { useUnsent } from '../chat/outgoing.ts'
import { noteEntry } from '../chat/read-entries.ts'
import { putEntries } from '../chat/use-timeline.ts'
import { contentsOf, type useAttachments } from './use-attachments.ts'
import type { useDraft } from './use-draft.ts'

interface Parts {
  conversationId: string
  outgoing: ReturnType<typeof useUnsent>
  drafting: ReturnType<typeof useDraft>
  files: ReturnType<typeof useAttachments>
}

/** What becomes of what is written: messages, or a note. */
export function useSend({ conversationId, outgoing, drafting, files }: Parts) {
  const { draft, clear } = drafting
  const stored = files.attachments.flatMap((each) => (each.stored ? [each.stored] : []))
  const isWaiting = files.attachments.some((each) => !each.stored && !each.problem)
  const note = useWriteNote(conversationId, clear)
  const text = draft.text.trim()
  const isEmpty = text === '' && (draft.mode === 'note' || stored.length === 0)
  const quoting = (content: JsonObject) =>
    draft.replyTo ? { ...content, context: { message_id: draft.replyTo } } : content
  /** Templates, buttons and what else has a dialog of its own; what is written stays. */
  const sendContent = (content: JsonObject, words: string) =>
    outgoing.send({ content: quoting(content) }, words)
  const contents = contentsOf(text, stored)
  const send = () => {
    if (isEmpty || isWaiting || note.isPending) return
    if (draft.mode === 'note') return note.mutate(text)
    for (const [at, { content, text: words }] of contents.entries())
      outgoing.send({ content: at === 0 ? quoting(content) : content }, words)
    files.clear()
    clear()
  }
  return { send, sendContent, contents, isEmpty, isWaiting, noteProblem: note.error, quoting }
}

function useWriteNote(conversationId: string, onWritten: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: string) => api.post<ChatNote>(`/conversations/${conversationId}/notes`, { body }),
    onSuccess: (note) => {
      onWritten()
      putEntries(client, conversationId, [noteEntry(note)])
    },
  })
}
