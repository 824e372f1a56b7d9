import { ActionIcon, Button, FileButton, Group, SegmentedControl, Text } from '@mantine/core'
import { useRef, useState, type ReactNode, type RefObject } from 'react'
import type { Conversation, Message } from '../../api/inbox-shapes.ts'
import type { useUnsent } from '../chat/outgoing.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { AttachmentChips } from './attachment-chips.tsx'
import { EmojiPicker } from './emoji-picker.tsx'
import { MoreToSend } from './more-to-send.tsx'
import { ReplyPreview } from './reply-preview.tsx'
import { useAttachments } from './use-attachments.ts'
import type { useDraft } from './use-draft.ts'
import { useSend } from './use-send.ts'
import { useSuggestions } from './use-suggestions.ts'
import { useTyping } from './use-typing.ts'
import { WritingInput } from './writing-input.tsx'

interface Props {
  conversation: Conversation
  outgoing: ReturnType<typeof useUnsent>
  drafting: ReturnType<typeof useDraft>
  replyTo: Message | undefined
  mayWrite: boolean
  /** Only templates go out. */
  isWindowClosed: boolean
  inputRef: RefObject<HTMLTextAreaElement | null>
}

/** Where messages and notes are written. */
export function Composer(props: Props) {
  const { conversation, outgoing, drafting, replyTo, mayWrite, isWindowClosed, inputRef } = props
  const { id: conversationId, contactId } = conversation
  const { draft, change } = drafting
  const files = useAttachments()
  const sending = useSend({ conversationId, outgoing, drafting, files })
  const tellTyping = useTyping(conversationId)
  const isNote = draft.mode === 'note'
  const isBlocked = !isNote && (!mayWrite || isWindowClosed)
  const suggestions = useSuggestions(draft.mode, contactId)
  const take = (added: File[]) => {
    if (!isNote && !isBlocked) files.add(added)
  }
  return (
    <DropPlace isNote={isNote} onFiles={take}>
      {replyTo && !isNote && <ReplyPreview message={replyTo} onClear={() => change({ replyTo: null })} />}
      <ProblemNotice error={sending.noteProblem} />
      {!isNote && <AttachmentChips attachments={files.attachments} onRemove={files.remove} />}
      <WritingInput
        inputRef={inputRef}
        label={isNote ? 'Note for colleagues' : 'Message'}
        placeholder={placeholderOf(isNote, isBlocked)}
        sign={isNote ? '@' : '/'}
        suggestions={suggestions}
        value={draft.text}
        // What is typed before the draft is there would take its place.
        disabled={isBlocked || !drafting.isReady}
        onChange={(text) => {
          change({ text })
          if (text !== '') tellTyping(draft.mode)
        }}
        onSend={sending.send}
        onFiles={take}
      />
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Tools
          {...{ conversation, sending, outgoing, files, draft, isNote, isBlocked, mayWrite }}
          onMode={(mode) => {
            change({ mode })
            inputRef.current?.focus()
          }}
          onEmoji={(sign) => {
            change({ text: putIn(inputRef.current, draft.text, sign) })
            inputRef.current?.focus()
          }}
          onSent={drafting.clear}
        />
        <SendButton {...{ drafting, sending, isNote, isBlocked }} />
      </Group>
    </DropPlace>
  )
}

interface DropProps {
  isNote: boolean
  onFiles(files: File[]): void
  children: ReactNode
}

/** Files may be dropped onto it. */
function DropPlace({ isNote, onFiles, children }: DropProps) {
  const [isOver, setOver] = useState(false)
  return (
    <div
      className="inbox-composer"
      data-note={isNote || undefined}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      {children}
    </div>
  )
}

interface SendProps extends Pick<Props, 'drafting'> {
  sending: ReturnType<typeof useSend>
  isNote: boolean
  isBlocked: boolean
}

function SendButton({ drafting, sending, isNote, isBlocked }: SendProps) {
  return (
    <Group gap={6} wrap="nowrap">
      {drafting.isLost && (
        <Text size="xs" c="red">
          The draft is not saved.
        </Text>
      )}
      <Button
        size="compact-md"
        color={isNote ? 'yellow.9' : undefined}
        disabled={sending.isEmpty || sending.isWaiting || isBlocked}
        onClick={sending.send}
        rightSection={<Icon name="send" size={14} />}
      >
        {isNote ? 'Add note' : 'Send'}
      </Button>
    </Group>
  )
}

interface ToolsProps extends Pick<Props, 'conversation' | 'outgoing' | 'mayWrite'> {
  sending: ReturnType<typeof useSend>
  files: ReturnType<typeof useAttachments>
  draft: ReturnType<typeof useDraft>['draft']
  isNote: boolean
  isBlocked: boolean
  onMode(mode: 'reply' | 'note'): void
  onEmoji(sign: string): void
  onSent(): void
}

function Tools({ conversation, sending, files, draft, isNote, isBlocked, ...on }: ToolsProps) {
  const resetRef = useRef<() => void>(null)
  return (
    <Group gap={4} wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label="What is written"
        value={draft.mode}
        onChange={(mode) => on.onMode(mode === 'note' ? 'note' : 'reply')}
        data={[
          { value: 'reply', label: 'Reply' },
          { value: 'note', label: 'Note' },
        ]}
      />
      <EmojiPicker onChoose={on.onEmoji} />
      {!isNote && (
        <>
          <FileButton
            multiple
            resetRef={resetRef}
            disabled={isBlocked}
            onChange={(chosen) => {
              files.add(chosen)
              resetRef.current?.()
            }}
          >
            {(button) => (
              <ActionIcon
                {...button}
                variant="subtle"
                color="gray"
                aria-label="Attach files"
                disabled={isBlocked}
              >
                <Icon name="clip" />
              </ActionIcon>
            )}
          </FileButton>
          <MoreToSend
            conversation={conversation}
            text={draft.text}
            isBlocked={isBlocked}
            mayWrite={on.mayWrite}
            sending={sending}
            outgoing={on.outgoing}
            onSent={on.onSent}
          />
        </>
      )}
    </Group>
  )
}

function placeholderOf(isNote: boolean, isBlocked: boolean): string {
  if (isNote) return 'For colleagues only; @ mentions somebody'
  return isBlocked ? 'Nothing can be written now' : 'Write; / for saved responses'
}

/** Where the cursor stands, or at the end. */
function putIn(input: HTMLTextAreaElement | null, text: string, sign: string): string {
  const from = input?.selectionStart ?? text.length
  return text.slice(0, from) + sign + text.slice(input?.selectionEnd ?? from)
}
