import { forkFor } from '../src/db/orm.ts'
import type { Deps } from '../src/deps.ts'
import { routeMessages } from '../src/inbox/route-messages.ts'
import { closeEpisode, tendChat } from '../src/inbox/tend-chat.ts'

export function createChatActivities(deps: Deps) {
  return {
    routeMessages: (input: Parameters<typeof routeMessages>[1]) => routeMessages(deps, input),
    tendChat: (input: Parameters<typeof tendChat>[1]) => tendChat(deps, input),
    closeChat: (input: Parameters<typeof closeEpisode>[1]) =>
      forkFor(deps.orm, input.workspaceId).transactional((em) => closeEpisode(em, input)),
  }
}
