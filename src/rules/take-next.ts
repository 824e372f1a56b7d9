import { claimChat } from '../conversations/assign.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { loadAgents } from './load-agents.ts'

/**
 * A person takes the next chat that waits for them. What another one is just taking is passed over.
 * @returns null when nothing waits for them
 */
export async function takeNext(
  deps: Deps,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<{ conversationId: string } | null> {
  const em = forkFor(deps.orm, workspaceId)
  const taken = await em.transactional(async (tx) => {
    const conversationId = await lockNext(tx, workspaceId, userId)
    if (conversationId === undefined) return null
    await demandRoom(tx, workspaceId, userId)
    const by = `user ${userId}`
    const { outbox } = await claimChat(tx, {
      ...{ workspaceId, conversationId, userId, by },
      reason: { why: 'they took the next chat of the queue' },
    })
    return { conversationId, outbox }
  })
  if (!taken) return null
  relaySoon(deps, taken.outbox)
  return { conversationId: taken.conversationId }
}

async function lockNext(em: Em, workspaceId: string, userId: string): Promise<string | undefined> {
  const [chat] = await em.execute<{ id: string }[]>(
    `select v.id from conversations v where v.workspace_id = ? and v.queued_at is not null and v.status <> 'snoozed' and (
       v.queued_for -> 'candidates' = '"everybody"'
       or (v.queued_for -> 'candidates' ->> 'groupId')::uuid in (
         select m.group_id from group_members m where m.user_id = ? and m.workspace_id = ?)
       or v.queued_for -> 'candidates' -> 'userIds' @> to_jsonb(?::text))
     order by v.priority desc, v.queued_at, v.id limit 1 for update skip locked`,
    [workspaceId, userId, workspaceId, userId],
  )
  return chat?.id
}

/** Under the lock of all choices, so that nobody is given another one meanwhile. */
async function demandRoom(em: Em, workspaceId: string, userId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`agents of ${workspaceId}`])
  const [agent] = await loadAgents(em, { workspaceId, candidates: { userIds: [userId] } })
  if (!agent) throw new AppError('forbidden', 'only people who work here take chats')
  const { open, capacity, mayWrite } = agent
  if (!mayWrite) throw new AppError('forbidden', 'you may not write into chats')
  if (capacity !== null && open >= capacity)
    throw new AppError('conflict', `you have ${open} chats, and may have ${capacity}`, {
      details: { open, capacity },
    })
}
