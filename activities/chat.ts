import type { Deps } from '../src/deps.ts'
import { routeMessages } from '../src/inbox/route-messages.ts'
import { closeChat } from '../src/conversations/episodes.ts'
import { tendChat, type Tended } from '../src/lifecycle/tend-chat.ts'

/** A worker that runs yesterday's workflow code says neither which chat it is nor its silence. */
type RoutedTurn = Parameters<typeof routeMessages>[1] & Partial<Parameters<typeof tendChat>[1]>

type Routed = Awaited<ReturnType<typeof routeMessages>> & { next?: Tended }

export function createChatActivities(deps: Deps) {
  return {
    /** Then says what the chat waits for: one activity a turn. */
    async routeMessages({ conversationId, silenceMs, ...turn }: RoutedTurn): Promise<Routed> {
      const routed = await routeMessages(deps, turn)
      const { workspaceId } = turn
      if (routed.asks || conversationId === undefined || silenceMs === undefined) return routed
      return { ...routed, next: await tendChat(deps, { workspaceId, conversationId, silenceMs }) }
    },
    tendChat: (input: Parameters<typeof tendChat>[1]) => tendChat(deps, input),
    closeChat: (input: Parameters<typeof closeChat>[1]) => closeChat(deps, input),
  }
}
