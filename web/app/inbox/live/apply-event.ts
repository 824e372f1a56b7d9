import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { api, type Page } from '../../api/client.ts'
import type { Conversation, Message } from '../../api/inbox-shapes.ts'
import { messageEntry } from '../chat/read-entries.ts'
import { putEntries, refreshTimeline } from '../chat/use-timeline.ts'
import type { EventFrame, ToldConversation } from './live-frames.ts'

/** Puts on the screen what the server told of; what it only named is asked for. */
export function applyEvent(client: QueryClient, frame: EventFrame, refresh: () => void): void {
  const { kind, conversationId, message, conversation, data } = frame
  if (kind === 'user.changed') return void client.invalidateQueries({ queryKey: ['people'] })
  if (conversation) putConversation(client, conversation)
  if (conversationId) {
    if (kind.startsWith('message.') && kind !== 'message.tagged') {
      if (message) putEntries(client, conversationId, [messageEntry(message)])
      else if (data.messageId) void fetchMessage(client, conversationId, data.messageId)
    } else if (kind !== 'chat.read' && kind !== 'conversation.gone') refreshTimeline(client, conversationId)
  }
  if (kind === 'conversation.changed') void client.invalidateQueries({ queryKey: ['scheduled'] })
  refresh()
}

/** Only of a conversation that somebody has open: else it is read when it is opened. */
async function fetchMessage(client: QueryClient, conversationId: string, id: string): Promise<void> {
  if (client.getQueriesData({ queryKey: ['timeline', conversationId] }).length === 0) return
  const message = await client.fetchQuery({
    queryKey: ['message', id],
    queryFn: () => api.get<Message>(`/messages/${id}`),
    staleTime: 0,
  })
  putEntries(client, conversationId, [messageEntry(message)])
}

/** How much one has not read is not said: that stays until it is asked for. */
function putConversation(client: QueryClient, conversation: ToldConversation): void {
  const { id } = conversation
  client.setQueryData<Conversation>(['inbox', 'chat', id], (known) => known && { ...known, ...conversation })
  client.setQueriesData<InfiniteData<Page<Conversation>>>(
    { queryKey: ['inbox', 'list'] },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({
          ...page,
          items: page.items.map((item) => (item.id === id ? { ...item, ...conversation } : item)),
        })),
      },
  )
}
