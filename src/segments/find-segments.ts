import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { asUuid } from '../db/uuids.ts'
import type { Deps } from '../deps.ts'
import type { Condition } from '../model/conditions.ts'
import { AppError } from '../model/errors.ts'

export const segmentKinds = ['static', 'live'] as const

export interface Segment {
  id: string
  /** What another system calls it. */
  ref: string | null
  description: string
  name: string
  kind: (typeof segmentKinds)[number]
  /** Of live segments. */
  condition: Condition | null
  members: number
  timeDependent: boolean
  /** Null while the members of a new or changed condition are being found. */
  evaluatedAt: string | null
  createdAt: string
  updatedAt: string
}

const segmentSql = `select s.id, s.ref, s.description, s.name, s.kind, s.condition, s.time_dependent as "timeDependent",
  (select coalesce(sum(n.members), 0)::int from segment_counts n where n.segment_id = s.id) as members,
  ${isoTime('s.evaluated_at')} as "evaluatedAt", ${isoTime('s.created_at')} as "createdAt",
  ${isoTime('s.updated_at')} as "updatedAt" from segments s`

export async function getSegment(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  segmentId: string,
): Promise<Segment> {
  return readSegment(forkFor(deps.orm, workspaceId), workspaceId, segmentId)
}

/** The same in the caller's transaction. */
export async function readSegment(em: Em, workspaceId: string, segmentId: string): Promise<Segment> {
  const [segment] = await em.execute<Segment[]>(
    `${segmentSql} where s.workspace_id = ? and s.id = ? and s.deleted_at is null`,
    [workspaceId, segmentId],
  )
  if (!segment) throw new AppError('not_found', `segment ${segmentId} does not exist`)
  return segment
}

/** Newest first. */
export async function listSegments(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    search?: string | undefined
    kind?: Segment['kind'] | undefined
    before?: string | undefined
    /** So many are passed over, for pages by number. */
    from?: number
    limit: number
  },
): Promise<Segment[]> {
  const { workspaceId, search = null, kind = null, before = null, from = 0, limit } = input
  return forkFor(deps.orm, workspaceId).execute<Segment[]>(
    `${segmentSql} where s.workspace_id = ? and s.deleted_at is null and (?::text is null or s.name ilike ?)
       and (?::text is null or s.kind = ?) and (?::uuid is null or s.id < ?) order by s.id desc offset ? limit ?`,
    [workspaceId, search, `%${escapeLike(search ?? '')}%`, kind, kind, before, before, from, limit],
  )
}

/** By the id that another system gave it or ours, or else by its exact name. */
export async function findSegment(em: Em, workspaceId: string, name: string): Promise<Segment | undefined> {
  const rows = await em.execute<Segment[]>(
    `${segmentSql} where s.workspace_id = ? and s.deleted_at is null and (s.ref = ? or s.id = ?::uuid or s.name = ?)`,
    [workspaceId, name, asUuid(name) ?? null, name],
  )
  return rows.find(({ ref }) => ref === name) ?? rows.find(({ id }) => id === name) ?? rows[0]
}
