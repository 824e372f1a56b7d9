import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'

export interface ListedSession {
  id: string
  kind: 'platform' | 'wabbit'
  address: string | null
  /** As the browser names itself. */
  userAgent: string | null
  createdAt: string
  lastSeenAt: string | null
  expiresAt: string
}
interface Owner {
  workspaceId: string
  userId: string
}

/** Those that are open, the newest first; one more than `limit` when there are more. */
export async function listSessions(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, userId, limit, before }: Owner & { limit: number; before?: string | undefined },
): Promise<ListedSession[]> {
  return forkFor(orm, workspaceId).execute<ListedSession[]>(
    `select id, kind, address, user_agent as "userAgent", ${isoTime('created_at')} as "createdAt",
       ${isoTime('last_seen_at')} as "lastSeenAt", ${isoTime('expires_at')} as "expiresAt"
     from sessions where workspace_id = ? and user_id = ? and expires_at > now() and (?::uuid is null or id < ?::uuid)
     order by id desc limit ?`,
    [workspaceId, userId, before ?? null, before ?? null, limit + 1],
  )
}

/** Ends one of a user's sessions; sockets that it opened are dropped. */
export async function endSession(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, userId, sessionId }: Owner & { sessionId: string },
): Promise<void> {
  await forkFor(orm, workspaceId).transactional(async (em) => {
    const ended = await em.execute(
      'delete from sessions where workspace_id = ? and user_id = ? and id = ? returning id',
      [workspaceId, userId, sessionId],
    )
    if (ended.length === 0) throw new AppError('not_found', `there is no session ${sessionId}`)
    await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
  })
}
