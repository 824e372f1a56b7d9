import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { loadAgents } from './load-agents.ts'
import { lookAt, type LookedAt } from './pick-agent.ts'
import { wakeQueue } from './queue.ts'

export type Presence = 'online' | 'away' | 'offline'

/** A user by their own word: a sign of life, too. Who is there may be given what waits. */
export async function setPresence(
  deps: Deps,
  { workspaceId, userId, presence }: { workspaceId: string; userId: string; presence: Presence },
): Promise<void> {
  const em = forkFor(deps.orm, workspaceId)
  const outbox = await em.transactional(async (tx) => {
    const [before] = await tx.execute<{ presence: Presence }[]>(
      'select presence from users where id = ? and workspace_id = ? for no key update',
      [userId, workspaceId],
    )
    if (!before) throw new AppError('not_found', `there is no user ${userId}`)
    await tx.execute(
      'update users set presence = ?, last_seen_at = now() where id = ? and workspace_id = ?',
      [...[presence, userId, workspaceId]],
    )
    if (before.presence !== presence) {
      const data = { user: userId, presence, by: `user ${userId}` }
      await recordFacts(tx, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'presence.set', data }])
      await announce(tx, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
    }
    return presence === 'online' ? wakeQueue(tx, workspaceId) : []
  })
  relaySoon(deps, outbox)
}

export interface PresenceView {
  /** As they set it, and as it counts. */
  presence: Presence
  state: LookedAt['state']
  open: number
  capacity: number | null
}

export async function findPresence(em: Em, workspaceId: string, userId: string): Promise<PresenceView> {
  const [agent] = await loadAgents(em, { workspaceId, candidates: { userIds: [userId] } })
  const [row] = await em.execute<{ presence: Presence }[]>(
    'select presence from users where id = ? and workspace_id = ?',
    [userId, workspaceId],
  )
  if (!agent || !row) throw new AppError('not_found', `there is no user ${userId}`)
  const { state, open, capacity } = lookAt(agent, Date.now())
  return { presence: row.presence, state, open, capacity }
}
