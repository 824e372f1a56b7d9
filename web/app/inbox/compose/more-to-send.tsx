import { ActionIcon, Menu } from '@mantine/core'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import type { useUnsent } from '../chat/outgoing.ts'
import { BlockDialog } from '../dialogs/block-dialog.tsx'
import { ButtonsDialog } from '../dialogs/buttons-dialog.tsx'
import { SavedResponsesDialog } from '../dialogs/saved-responses-dialog.tsx'
import { ScheduleDialog } from '../dialogs/schedule-dialog.tsx'
import { TemplateDialog } from '../dialogs/template-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { useSend } from './use-send.ts'

interface Props {
  conversation: Conversation
  text: string
  isBlocked: boolean
  /** A template goes out when nothing else does. */
  mayWrite: boolean
  sending: ReturnType<typeof useSend>
  outgoing: ReturnType<typeof useUnsent>
  onSent(): void
}
type Dialog = 'template' | 'buttons' | 'block' | 'later' | 'responses'

/** What is more than a text. */
export function MoreToSend(props: Props) {
  const { isBlocked, mayWrite, sending } = props
  const [dialog, setDialog] = useState<Dialog>()
  const isNothing = sending.isEmpty || sending.isWaiting
  return (
    <>
      <Menu position="top-start">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label="More to send">
            <Icon name="plus" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!mayWrite} onClick={() => setDialog('template')}>
            Template …
          </Menu.Item>
          <Menu.Item disabled={isBlocked} onClick={() => setDialog('buttons')}>
            Text with buttons …
          </Menu.Item>
          <Menu.Item disabled={isBlocked} onClick={() => setDialog('block')}>
            Saved message …
          </Menu.Item>
          <Menu.Item disabled={isBlocked || isNothing} onClick={() => setDialog('later')}>
            Send this later …
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setDialog('responses')}>Saved responses …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialogs {...props} dialog={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}

interface DialogsProps extends Props {
  dialog: Dialog | undefined
  onClose(): void
}

function Dialogs({ dialog, conversation, text, sending, outgoing, onSent, onClose }: DialogsProps) {
  const [first] = sending.contents
  if (dialog === 'template')
    return <TemplateDialog conversation={conversation} onClose={onClose} onSend={sending.sendContent} />
  if (dialog === 'block')
    return <BlockDialog onClose={onClose} onSend={(blockId, words) => outgoing.send({ blockId }, words)} />
  if (dialog === 'responses') return <SavedResponsesDialog text={text} onClose={onClose} />
  if (dialog === 'buttons') {
    const send = (content: JsonObject, words: string) => {
      sending.sendContent(content, words)
      onSent()
    }
    return <ButtonsDialog text={text} onClose={onClose} onSend={send} />
  }
  if (dialog !== 'later' || !first) return null
  return (
    <ScheduleDialog
      conversationId={conversation.id}
      content={sending.quoting(first.content)}
      text={first.text}
      onClose={onClose}
      onDone={onSent}
    />
  )
}
