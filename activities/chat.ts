import type { Deps } from '../src/deps.ts'
import { routeMessages } from '../src/inbox/route-messages.ts'
import { closeChat } from '../src/conversations/episodes.ts'
import { tendChat } from '../src/inbox/tend-chat.ts'

export function createChatActivities(deps: Deps) {
  return {
    routeMessages: (input: Parameters<typeof routeMessages>[1]) => routeMessages(deps, input),
    tendChat: (input: Parameters<typeof tendChat>[1]) => tendChat(deps, input),
    closeChat: (input: Parameters<typeof closeChat>[1]) => closeChat(deps, input),
  }
}
