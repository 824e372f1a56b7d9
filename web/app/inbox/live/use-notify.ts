import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { Message } from '../../api/inbox-shapes.ts'
import { chatName } from '../inbox-words.ts'
import type { EventFrame, ToldConversation } from './live-frames.ts'
import { useNoticeSettings } from './notice-settings.ts'
import { playTone } from './play-tone.ts'

/** Draws attention to what came for somebody who does not look, as this browser was told to. */
export function useNotify(me: string): (frame: EventFrame) => void {
  const [settings] = useNoticeSettings()
  const client = useQueryClient()
  const navigate = useNavigate()
  return ({ kind, conversation, conversationId, message, data }) => {
    if (kind === 'notification.created' && data.userId === me)
      void client.invalidateQueries({ queryKey: ['notifications'] })
    if (kind !== 'message.received' || !conversation || !isMine(conversation, me)) return
    if (settings.sound) playTone()
    if (!settings.desktop || document.visibilityState === 'visible') return
    showNotice(conversation, message, () => void navigate(`/inbox/${conversationId}`))
  }
}

/** What somebody else has is theirs to look at. */
function isMine({ assignee, spam }: ToldConversation, me: string): boolean {
  return !spam && (assignee.user === null || assignee.user.id === me)
}

function showNotice(
  conversation: ToldConversation,
  message: Message | null | undefined,
  open: () => void,
): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
  const body = (message?.text ?? conversation.lastMessage?.text ?? '').slice(0, 200)
  // One a conversation: a later message takes the place of an earlier one.
  const notice = new Notification(chatName(conversation), { body, tag: conversation.id })
  notice.onclick = () => {
    focus()
    open()
    notice.close()
  }
}
