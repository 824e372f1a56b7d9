import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { loadAgents } from './load-agents.ts'
import { lookAt, type LookedAt } from './pick-agent.ts'
import { presenceLastsMinutes as lastsMinutes } from './presence-sql.ts'
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

/** Signs of life come often: written once in so many seconds. */
const seenEvery = `interval '30 seconds'`

/** A sign of life of a user: a request, an open socket. Who was gone and is back may be given what waits. */
export async function noteSeen(
  deps: Deps,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<void> {
  const em = forkFor(deps.orm, workspaceId)
  const [seen] = await em.execute<{ was_gone: boolean }[]>(
    `with before as (select id, coalesce(last_seen_at < now() - interval '${lastsMinutes} minutes', true) as was_gone from users
       where id = ? and workspace_id = ? and coalesce(last_seen_at < now() - ${seenEvery}, true))
     update users u set last_seen_at = now() from before b where u.id = b.id returning b.was_gone`,
    [userId, workspaceId],
  )
  if (seen?.was_gone) relaySoon(deps, await em.transactional((tx) => wakeQueue(tx, workspaceId)))
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
