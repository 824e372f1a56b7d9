import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { relaySoon } from '../outbox/relay.ts'
import { findActiveTakeover, lockChat } from './active-takeover.ts'
import { handBack } from './hand-back.ts'

/** Chats whose time with an agent is over, and hand-offs that nobody took, go back to their journeys. Returns how many. */
export async function handBackDue(deps: Deps): Promise<number> {
  const due = await deps.orm.em.fork().execute<{ workspace_id: string; conversation_id: string }[]>(
    `select workspace_id, conversation_id from takeovers where ended_at is null and ends_at <= now()
     order by ends_at limit 500`,
  )
  for (const { workspace_id: workspaceId, conversation_id: conversationId } of due) {
    const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
      const active = await findActiveTakeover(em, await lockChat(em, workspaceId, conversationId))
      // Whoever wrote in the meantime keeps the chat.
      if (active?.ends_ms == null || active.ends_ms > Date.now()) return []
      const outcome = active.taken_at === null ? 'timeout' : 'handed-back'
      const order = { workspaceId, conversationId, by: 'the clock', outcome } as const
      return (await handBack(em, order))?.outbox ?? []
    })
    relaySoon(deps, outbox)
  }
  return due.length
}
