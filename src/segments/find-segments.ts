import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Condition } from '../model/conditions.ts'
import { AppError } from '../model/errors.ts'

export const segmentKinds = ['static', 'live'] as const

export interface Segment {
  id: string
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

const segmentSql = `select s.id, s.name, s.kind, s.condition, s.time_dependent as "timeDependent",
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
    limit: number
  },
): Promise<Segment[]> {
  const { workspaceId, search = null, kind = null, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<Segment[]>(
    `${segmentSql} where s.workspace_id = ? and s.deleted_at is null and (?::text is null or s.name ilike ?)
       and (?::text is null or s.kind = ?) and (?::uuid is null or s.id < ?) order by s.id desc limit ?`,
    [workspaceId, search, `%${escapeLike(search ?? '')}%`, kind, kind, before, before, limit],
  )
}
