import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'

/** One stretch of a conversation, from the first word to its closing. */
export interface Episode {
  id: string
  openedAt: string
  firstResponseAt: string | null
  closedAt: string | null
  outcome: string | null
  reopened: number
}

/** Newest first; those of conversations that were joined with it, too. */
export async function listEpisodes(
  em: Em,
  input: { workspaceId: string; conversationId: string; before?: string | undefined; limit: number },
): Promise<Episode[]> {
  const { workspaceId, conversationId, before = null, limit } = input
  return em.execute<Episode[]>(
    `select e.id, ${isoTime('e.opened_at')} as "openedAt", ${isoTime('e.first_response_at')} as "firstResponseAt",
       ${isoTime('e.closed_at')} as "closedAt", e.outcome, e.reopened
     from conversation_episodes e where e.workspace_id = ? and (?::uuid is null or e.id < ?)
       and e.conversation_id in (select v.id from conversations v where v.id = ? or v.merged_into = ?)
     order by e.id desc limit ?`,
    [workspaceId, before, before, conversationId, conversationId, limit],
  )
}
