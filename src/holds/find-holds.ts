import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { HoldInput } from './place-hold.ts'

export interface HoldRow {
  id: string
  scope: HoldInput['scope']
  scopeId: string
  kind: HoldInput['kind']
  timers: HoldInput['timers']
  entrants: HoldInput['entrants']
  reason: string
  placedBy: string
  placedAt: string
  releasedAt: string | null
  releasedBy: string | null
}
export interface HoldPlace {
  workspaceId: string
  scope: HoldInput['scope']
  scopeId: string
  kind: HoldInput['kind']
}

const columns = `id, scope, scope_id as "scopeId", kind, timers, entrants, reason, placed_by as "placedBy",
  ${isoTime('placed_at')} as "placedAt", ${isoTime('released_at')} as "releasedAt", released_by as "releasedBy"`

export async function getHold(em: Em, workspaceId: string, id: string): Promise<HoldRow | undefined> {
  const [row] = await em.execute<HoldRow[]>(
    `select ${columns} from holds where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  return row
}

/** The latest of a place: the one that is on, where there is one. */
export async function findLatestHold(em: Em, place: HoldPlace): Promise<HoldRow | undefined> {
  const { workspaceId, scope, scopeId, kind } = place
  const [row] = await em.execute<HoldRow[]>(
    `select ${columns} from holds where workspace_id = ? and scope = ? and scope_id = ? and kind = ? and number_id is null
     order by released_at desc nulls first limit 1`,
    [workspaceId, scope, scopeId, kind],
  )
  return row
}

/** Newest first. */
export async function listHolds(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    kind: HoldInput['kind']
    active?: boolean | undefined
    /** Those of one thing: a contact, a journey … */
    scopeId?: string | undefined
    before: string | undefined
    limit: number
  },
): Promise<HoldRow[]> {
  const { workspaceId, kind, active = null, scopeId = null, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<HoldRow[]>(
    `select ${columns} from holds where workspace_id = ? and kind = ? and (?::uuid is null or id < ?)
       and (?::boolean is null or (released_at is null) = ?)
       and (?::uuid is null or scope_id = ?) order by id desc limit ?`,
    [workspaceId, kind, before, before, active, active, scopeId, scopeId, limit],
  )
}
