import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'

/** Ends a user's sessions, and with what is announced the open sockets. The token stays: it is revoked by itself. */
export async function endAccess(
  em: Em,
  {
    workspaceId,
    userId,
    exceptSessionId,
  }: { workspaceId: string; userId: string; exceptSessionId?: string | undefined },
): Promise<void> {
  await em.execute(
    'delete from sessions where workspace_id = ? and user_id = ? and id is distinct from ?::uuid',
    [workspaceId, userId, exceptSessionId ?? null],
  )
  await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
}
