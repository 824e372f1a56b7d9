import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { FlowMapping } from '../model/flow-mapping.ts'
import type { JsonObject } from '../model/json.ts'

/** A WhatsApp Flow as the API shows one. */
export interface FlowDetail {
  id: string
  wabaId: string
  /** Meta's id: what a Flow message names. */
  metaId: string
  name: string
  categories: string[]
  /** DRAFT, PUBLISHED, DEPRECATED, BLOCKED or THROTTLED, as Meta says. */
  status: string
  /** The Flow JSON as it was uploaded. */
  json: string | null
  validationErrors: JsonObject[]
  mapping: FlowMapping | null
  endpointUri: string | null
  health: JsonObject | null
  syncedAt: string | null
  createdAt: string
  updatedAt: string
}

const flowSql = `select f.id, f.waba_id as "wabaId", f.meta_id as "metaId", f.name, f.categories, f.status, f.json,
  f.validation_errors as "validationErrors", f.mapping, f.endpoint_uri as "endpointUri", f.health,
  ${isoTime('f.synced_at')} as "syncedAt", ${isoTime('f.created_at')} as "createdAt", ${isoTime('f.updated_at')} as "updatedAt"
  from flows f where f.deleted_at is null`

export async function getFlow(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  flowId: string,
): Promise<FlowDetail> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<FlowDetail[]>(
    `${flowSql} and f.workspace_id = ? and f.id = ?`,
    [workspaceId, flowId],
  )
  if (!row) throw new AppError('not_found', `Flow ${flowId} does not exist`)
  return row
}

/** Newest first. */
export async function findFlows(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    search?: string | undefined
    status?: string | undefined
    before?: string | undefined
    limit: number
  },
): Promise<FlowDetail[]> {
  const { workspaceId, search, status = null, before = null, limit } = input
  const like = search === undefined ? null : `%${escapeLike(search)}%`
  return forkFor(deps.orm, workspaceId).execute<FlowDetail[]>(
    `${flowSql} and f.workspace_id = ? and (?::uuid is null or f.id < ?) and (?::text is null or f.status = ?)
       and (?::text is null or f.name ilike ?) order by f.id desc limit ?`,
    [workspaceId, before, before, status, status, like, like, limit],
  )
}

export interface FlowNotice {
  id: string
  event: string
  data: JsonObject
  at: string
}

/** What WhatsApp told of a Flow, newest first. */
export async function listFlowNotices(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; flowId: string; before?: string | undefined; limit: number },
): Promise<FlowNotice[]> {
  const { workspaceId, flowId, before = null, limit } = input
  await getFlow(deps, workspaceId, flowId)
  return forkFor(deps.orm, workspaceId).execute<FlowNotice[]>(
    `select n.id, n.event, n.data, ${isoTime('n.at')} as at from flow_notices n
     where n.workspace_id = ? and n.flow_id = ? and (?::uuid is null or n.id < ?) order by n.id desc limit ?`,
    [workspaceId, flowId, before, before, limit],
  )
}
