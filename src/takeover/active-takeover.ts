import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'

export type TakeoverKind = 'taken' | 'typing' | 'message' | 'echo' | 'handoff'

/** A chat, locked: nothing is sent into it and nothing comes in until the caller has committed. */
export interface LockedChat {
  conversationId: string
  contactId: string
  numberId: string
}

export interface ActiveTakeover {
  hold_id: string
  kind: TakeoverKind
  run_id: string | null
  taken_at: string | null
  taken_by: string | null
  /** Undefined: until it is handed back. */
  ends_ms: number | null
  fact_id: string
}

/** SQL that is true of a row with contact and number while an agent has that chat. */
export function isWithAgent(chat: string): string {
  return `exists (select 1 from holds h where h.workspace_id = ${chat}.workspace_id and h.scope = 'contact'
    and h.scope_id = ${chat}.contact_id and h.kind = 'agent' and h.released_at is null
    and (h.number_id is null or h.number_id = ${chat}.number_id))`
}

export async function lockChat(em: Em, workspaceId: string, conversationId: string): Promise<LockedChat> {
  const [chat] = await em.execute<{ id: string; contact_id: string; number_id: string }[]>(
    `select id, contact_id, number_id from conversations where workspace_id = ?
       and id = (select coalesce(merged_into, id) from conversations where id = ?) for update`,
    [workspaceId, conversationId],
  )
  if (!chat) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  return { conversationId: chat.id, contactId: chat.contact_id, numberId: chat.number_id }
}

export async function findActiveTakeover(em: Em, chat: LockedChat): Promise<ActiveTakeover | undefined> {
  const [active] = await em.execute<ActiveTakeover[]>(
    `select hold_id, kind, run_id, taken_at, taken_by, extract(epoch from ends_at)::float8 * 1000 as ends_ms, fact_id
     from takeovers where conversation_id = ? and ended_at is null`,
    [chat.conversationId],
  )
  return active
}
