import { contactViewColumns, type toContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

/** Whom a message goes to. */
export type Target = Parameters<typeof toContactView>[0] & {
  conversation_id: string
  contact_id: string
  bsuid: string | null
  portfolio_id: string
  window_open: boolean
  pair_wait_ms: number
  /** When we last wrote to them first. */
  initiated_ms: number | null
  /** The workspace's settings of the contact arbiter; null when there are none. */
  arbiter: JsonObject | null
}

/** Whatever the statement reads of other rows may be older than the lock, which it may have waited for. */
export async function lockTarget(
  em: Em,
  input: { workspaceId: string; numberId: string; conversationId: string },
): Promise<Target> {
  const [target] = await em.execute<Target[]>(
    `select v.id as conversation_id, v.contact_id, coalesce(v.window_ends_at > now(), false) as window_open, ${contactViewColumns},
       (select value from identities i join phone_numbers p on p.id = v.number_id and p.portfolio_id = i.scope
        where i.contact_id = c.id and i.kind = 'bsuid' and i.valid_to is null limit 1) as bsuid,
       (select portfolio_id from phone_numbers p where p.id = v.number_id) as portfolio_id,
       extract(epoch from v.pair_free_at - now())::float8 * 1000 as pair_wait_ms,
       extract(epoch from v.initiated_at)::float8 * 1000 as initiated_ms,
       (select settings from arbiter_settings a where a.workspace_id = v.workspace_id) as arbiter
     from conversations v join contacts c on c.id = v.contact_id
     where v.id = (select coalesce(merged_into, id) from conversations where id = ?) and v.workspace_id = ?
       and v.number_id = ? for update of v`,
    [input.conversationId, input.workspaceId, input.numberId],
  )
  if (!target) throw new AppError('not_found', `conversation ${input.conversationId} does not exist`)
  return target
}
