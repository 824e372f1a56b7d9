import type { Actor } from '../kit/route.ts'
import { levelsOfRole, type Levels } from '../model/permissions.ts'

/** What tells who a user is, with `u` the user and `r` the role that the workspace gave. */
export const actorColumns = 'u.id, u.workspace_id as "workspaceId", u.role, r.levels'
export interface ActorRow {
  id: string
  workspaceId: string
  role: 'admin' | 'user' | 'app'
  levels: Partial<Levels> | null
}

/** Read anew with each request, so that a change holds at once. */
export function readActor({ id, workspaceId, role, levels }: ActorRow): Actor {
  const actor = { workspaceId, kind: 'user', id, role } as const
  const own = levelsOfRole(role, levels)
  return own ? { ...actor, levels: own } : actor
}
