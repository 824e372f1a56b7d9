import { Center, Text } from '@mantine/core'
import { useDocumentTitle, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api } from '../api/client.ts'
import type { Conversation } from '../api/inbox-shapes.ts'
import { useSession } from '../api/session.ts'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { ChatPane } from './chat/chat-pane.tsx'
import { AssignDialog } from './dialogs/assign-dialog.tsx'
import { HelpDialog } from './dialogs/help-dialog.tsx'
import { LabelDialog } from './dialogs/label-dialog.tsx'
import { NewChatDialog } from './dialogs/new-chat-dialog.tsx'
import { SnoozeDialog } from './dialogs/snooze-dialog.tsx'
import './inbox.css'
import { InboxProvider, type ChatDialog } from './inbox-context.ts'
import { chatName } from './inbox-words.ts'
import { ListPane } from './list/list-pane.tsx'
import { useConversations } from './list/use-conversations.ts'
import { useAskingMs } from './live/live-context.ts'
import { LostBanner } from './live/lost-banner.tsx'
import { SidePane } from './side/side-pane.tsx'
import { useKeys } from './use-keys.ts'
import { usePlace } from './use-place.ts'
import { useCounts } from './views/use-views.ts'
import { ViewList } from './views/view-list.tsx'

/** The shared inbox: conversations, one of them, and whom it is with. On a phone one of the three at a time. */
export function InboxPage() {
  const place = usePlace()
  const me = useSession().data?.actor.id ?? ''
  const conversations = useConversations(place.filter)
  const chat = useConversation(place.conversationId)
  const [chosen, setChosen] = useState<string[]>([])
  const [dialog, setDialog] = useState<ChatDialog | 'help'>()
  const [isSideShown, showSide] = useSide()
  const searchRef = useRef<HTMLInputElement>(null)
  const inputRef = useRef<HTMLTextAreaElement>(null)
  const modeRef = useRef<(mode: 'reply' | 'note') => void>(null)
  useTitle(chat.data)
  useKeys({
    ...{ place, items: conversations.items, conversation: chat.data, chosen, setChosen, setDialog },
    ...{ searchRef, inputRef, modeRef, toggleSide: () => showSide(!isSideShown) },
  })
  const shown = !place.conversationId ? 'list' : isSideShown ? 'side' : 'chat'
  return (
    <InboxProvider value={{ me, place, ask: setDialog }}>
      <div className="inbox" data-shown={shown}>
        <div className="inbox-views">
          <ViewList />
        </div>
        <ListPane conversations={conversations} chosen={chosen} onChoose={setChosen} searchRef={searchRef} />
        <div className="inbox-middle">
          <LostBanner />
          <ProblemNotice error={chat.error} onRetry={() => void chat.refetch()} />
          {place.conversationId && chat.isPending && <Loading what="the conversation" />}
          {chat.data && (
            <ChatPane
              key={chat.data.id}
              conversation={chat.data}
              isSideShown={isSideShown}
              onSide={() => showSide(!isSideShown)}
              {...{ inputRef, modeRef }}
            />
          )}
          {!place.conversationId && <Nothing />}
        </div>
        {chat.data && isSideShown && (
          <SidePane key={chat.data.contactId} conversation={chat.data} onClose={() => showSide(false)} />
        )}
      </div>
      <Dialogs dialog={dialog} conversation={chat.data} onClose={() => setDialog(undefined)} />
    </InboxProvider>
  )
}

function useConversation(id: string | undefined) {
  const refetchInterval = useAskingMs()
  return useQuery({
    queryKey: ['inbox', 'chat', id],
    queryFn: () => api.get<Conversation>(`/conversations/${id}`),
    enabled: id !== undefined,
    refetchInterval,
  })
}

/** On a phone the customer is a screen of its own, which nobody wants to begin with. */
function useSide(): [boolean, (isShown: boolean) => void] {
  const isWide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false })
  const [kept, keep] = useLocalStorage({
    key: 'inbox-side',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
  const [isOver, setOver] = useState(false)
  return isWide ? [kept, keep] : [isOver, setOver]
}

/** How many have something new stands in the browser's tab. */
function useTitle(conversation: Conversation | undefined): void {
  const unread = useCounts()['unread'] ?? 0
  const name = conversation ? chatName(conversation) : 'Inbox'
  useDocumentTitle(`${unread > 0 ? `(${unread}) ` : ''}${name} · Dripline`)
}

function Nothing() {
  return (
    <Center h="100%" className="inbox-nothing">
      <Text c="dimmed">Choose a conversation, or press j to begin with the first.</Text>
    </Center>
  )
}

interface DialogsProps {
  dialog: ChatDialog | 'help' | undefined
  conversation: Conversation | undefined
  onClose(): void
}

function Dialogs({ dialog, conversation, onClose }: DialogsProps) {
  if (dialog === 'help') return <HelpDialog onClose={onClose} />
  if (dialog === 'new') return <NewChatDialog onClose={onClose} />
  if (!dialog || !conversation) return null
  const { id, assignee, labels } = conversation
  if (dialog === 'assign') return <AssignDialog ids={[id]} assignee={assignee} onClose={onClose} />
  if (dialog === 'snooze') return <SnoozeDialog ids={[id]} onClose={onClose} />
  return <LabelDialog ids={[id]} labels={labels.map(({ name }) => name)} onClose={onClose} />
}
