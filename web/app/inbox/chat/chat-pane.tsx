import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { api } from '../../api/client.ts'
import type { Conversation, Message } from '../../api/inbox-shapes.ts'
import { Composer } from '../compose/composer.tsx'
import { useDraft } from '../compose/use-draft.ts'
import { MessageLabelDialog } from '../dialogs/message-label-dialog.tsx'
import { TemplateDialog } from '../dialogs/template-dialog.tsx'
import { useInbox } from '../inbox-context.ts'
import { useLive } from '../live/live-context.ts'
import { useMayWrite } from '../use-people.ts'
import { ChatHeader } from './chat-header.tsx'
import type { MessageDeeds } from './message-item.tsx'
import { NoWriteStrip } from './no-write-strip.tsx'
import { useUnsent } from './outgoing.ts'
import { messageEntry } from './read-entries.ts'
import { ScheduledStrip } from './scheduled-strip.tsx'
import { Timeline } from './timeline.tsx'
import { Typists } from './typists.tsx'
import { useMarkRead } from './use-mark-read.ts'
import { putEntries, useTimeline } from './use-timeline.ts'
import { WindowStrip } from './window-strip.tsx'

interface Props {
  conversation: Conversation
  isSideShown: boolean
  onSide(): void
  inputRef: RefObject<HTMLTextAreaElement | null>
  modeRef: RefObject<((mode: 'reply' | 'note') => void) | null>
}

/** What is said with one customer, and where one answers. */
export function ChatPane({ conversation, isSideShown, onSide, inputRef, modeRef }: Props) {
  const { id } = conversation
  const { place } = useInbox()
  const { timeline, around } = useTimelineAbout(id, place.messageId)
  const outgoing = useUnsent(id)
  const drafting = useDraft(id)
  const may = useMayWrite(conversation)
  const mayWrite = may !== 'no'
  const [isTemplate, setTemplate] = useState(false)
  const [labelled, setLabelled] = useState<Message>()
  const { change } = drafting
  useWatched(id)
  useMarkRead(conversation, timeline.data?.newer === null)
  useEffect(() => {
    modeRef.current = (mode) => change({ mode })
  })
  const reply = (message: Message) => {
    change({ replyTo: message.id, mode: 'reply' })
    inputRef.current?.focus()
  }
  const deeds = useMessageDeeds(id, reply, setLabelled)
  const replyTo = timeline.data?.entries.find((entry) => entry.id === drafting.draft.replyTo)
  const isClosed = !conversation.windowOpen && drafting.draft.mode === 'reply'
  return (
    <section className="inbox-chat" aria-label="Conversation">
      <ChatHeader conversation={conversation} isSideShown={isSideShown} onSide={onSide} />
      <Timeline
        {...{ conversation, timeline, outgoing, mayWrite, deeds }}
        pointedAt={place.messageId}
        key={around}
      />
      <Typists conversationId={id} />
      <ScheduledStrip conversationId={id} />
      {may !== 'yes' && (
        <NoWriteStrip may={may} conversation={conversation} onTaken={() => inputRef.current?.focus()} />
      )}
      {mayWrite && drafting.draft.mode === 'reply' && (
        <WindowStrip conversation={conversation} onTemplate={() => setTemplate(true)} />
      )}
      <Composer
        {...{ conversation, outgoing, drafting, inputRef, mayWrite }}
        isWindowClosed={isClosed}
        replyTo={replyTo?.kind === 'message' ? replyTo.message : undefined}
      />
      {isTemplate && (
        <TemplateDialog
          conversation={conversation}
          onClose={() => setTemplate(false)}
          onSend={(content, text) => outgoing.send({ content }, text)}
        />
      )}
      {labelled && <MessageLabelDialog message={labelled} onClose={() => setLabelled(undefined)} />}
    </section>
  )
}

/** What a link points at is loaded about; what one jumps to from a quote, only where it is not there yet. */
function useTimelineAbout(conversationId: string, messageId: string | undefined) {
  const [around, setAround] = useState(messageId)
  const timeline = useTimeline(conversationId, around)
  const { entries } = timeline.data ?? {}
  const isMissing = messageId !== undefined && messageId !== around && entries !== undefined
  if (isMissing && !entries.some(({ id }) => id === messageId)) setAround(messageId)
  return { timeline, around }
}

function useWatched(conversationId: string): void {
  const { watch } = useLive()
  useEffect(() => {
    watch(conversationId)
    return () => watch(undefined)
  }, [conversationId, watch])
}

function useMessageDeeds(
  conversationId: string,
  reply: MessageDeeds['reply'],
  label: MessageDeeds['label'],
): MessageDeeds {
  const { place } = useInbox()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (ask: () => Promise<Message>) => ask(),
    onSuccess: (message) => putEntries(client, conversationId, [messageEntry(message)]),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  const deeds: MessageDeeds = {
    reply,
    label,
    react: ({ id }, emoji) => change.mutate(() => api.post<Message>(`/messages/${id}/reaction`, { emoji })),
    retry: ({ id }) => change.mutate(() => api.post<Message>(`/messages/${id}/retry`)),
    pointAt: (id) => place.pointAt(id),
    copyLink: ({ id }) => {
      const address = `${location.origin}/app/inbox/${conversationId}?message=${id}`
      void navigator.clipboard.writeText(address)
    },
  }
  // The same ones as long as the conversation is: messages that did not change are not drawn again.
  const latest = useRef(deeds)
  useEffect(() => {
    latest.current = deeds
  })
  return useMemo(
    () => ({
      reply: (message) => latest.current.reply(message),
      label: (message) => latest.current.label(message),
      react: (message, emoji) => latest.current.react(message, emoji),
      retry: (message) => latest.current.retry(message),
      pointAt: (id) => latest.current.pointAt(id),
      copyLink: (message) => latest.current.copyLink(message),
    }),
    [],
  )
}
