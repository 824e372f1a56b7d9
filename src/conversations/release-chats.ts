import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { relaySoon } from '../outbox/relay.ts'
import { assignChat } from './assign.ts'

/**
 * Somebody works here no more: their chats are their teams', or nobody's, so that customers do not write to an empty chair.
 * Each live one is let go in a transaction of its own, for whoever gives a chat away locks the chat before the user; doing it
 * again does what is left.
 */
export async function releaseChats(
  deps: Deps,
  input: { workspaceId: string; userId: string; by: string; byUserId?: string | undefined },
): Promise<void> {
  const { workspaceId, userId, by, byUserId } = input
  const em = forkFor(deps.orm, workspaceId)
  const live = await em.execute<{ id: string }[]>(
    `select id from conversations where workspace_id = ? and assigned_user_id = ? and status <> 'closed' order by id`,
    [workspaceId, userId],
  )
  const reason = { why: 'who had it works here no more' }
  for (const { id: conversationId } of live) {
    const outbox = await em.transactional(async (tx) => {
      const held = await tx.execute<object[]>(
        'select 1 from conversations where id = ? and workspace_id = ? and assigned_user_id = ? for update',
        [conversationId, workspaceId, userId],
      )
      if (held.length === 0) return []
      return (await assignChat(tx, { workspaceId, conversationId, userId: null, by, byUserId, reason }))
        .outbox
    })
    relaySoon(deps, outbox)
  }
  // What is over has no clock and nobody to tell; it must be nobody's when the customer comes again.
  await em.execute(
    `with freed as (
       update conversations set assigned_user_id = null,
         assigned_at = case when assigned_group_id is not null then assigned_at end
       where workspace_id = ? and assigned_user_id = ? and status = 'closed' returning id)
     insert into assignment_events (id, workspace_id, conversation_id, user_cleared, by, by_user_id, reason)
     select uuidv7(), ?, id, true, ?, ?::uuid, ?::jsonb from freed`,
    [workspaceId, userId, workspaceId, by, byUserId ?? null, JSON.stringify(reason)],
  )
}
