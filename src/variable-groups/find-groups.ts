import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

export const groupSources = ['api', 'file', 'input'] as const

/** Named columns of values a phone number. */
export interface VariableGroup {
  id: string
  /** The name that callers gave it, for good. */
  ref: string
  name: string
  description: string
  fields: string[]
  /** What made it; `input` is what a campaign's buttons brought. */
  source: (typeof groupSources)[number]
  campaignId: string | null
  createdAt: string
  updatedAt: string
}

const groupSql = `select g.id, g.ref, g.name, g.description, g.fields, g.source, g.campaign_id as "campaignId",
  ${isoTime('g.created_at')} as "createdAt", ${isoTime('g.updated_at')} as "updatedAt" from variable_groups g`

export async function readGroup(em: Em, workspaceId: string, id: string): Promise<VariableGroup> {
  const [group] = await em.execute<VariableGroup[]>(`${groupSql} where g.workspace_id = ? and g.id = ?`, [
    workspaceId,
    id,
  ])
  if (!group) throw new AppError('not_found', `variable group ${id} does not exist`)
  return group
}

/** By the name that its maker gave it. */
export async function findGroupByRef(
  em: Em,
  workspaceId: string,
  ref: string,
): Promise<VariableGroup | undefined> {
  const [group] = await em.execute<VariableGroup[]>(`${groupSql} where g.workspace_id = ? and g.ref = ?`, [
    workspaceId,
    ref,
  ])
  return group
}

/** Newest first. */
export async function listGroups(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    search?: string | undefined
    before?: string | undefined
    /** So many are passed over, for pages by number. */
    from?: number
    limit: number
  },
): Promise<VariableGroup[]> {
  const { workspaceId, search = null, before = null, from = 0, limit } = input
  return forkFor(deps.orm, workspaceId).execute<VariableGroup[]>(
    `${groupSql} where g.workspace_id = ? and (?::text is null or g.name ilike ? or g.ref ilike ?)
       and (?::uuid is null or g.id < ?) order by g.id desc offset ? limit ?`,
    [
      ...[workspaceId, search, `%${escapeLike(search ?? '')}%`, `%${escapeLike(search ?? '')}%`],
      ...[before, before, from, limit],
    ],
  )
}

export interface VariableLine {
  phone: string
  contactId: string | null
  values: Record<string, string>
  updatedAt: string
}

/** By phone number. @param phone digits that it begins with */
export async function listValues(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    groupId: string
    phone?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<VariableLine[]> {
  const { workspaceId, groupId, phone = '', after = null, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  await readGroup(em, workspaceId, groupId)
  return em.execute<VariableLine[]>(
    `select v.phone, v.contact_id as "contactId", v.values, ${isoTime('v.updated_at')} as "updatedAt"
     from variable_values v where v.workspace_id = ? and v.group_id = ? and v.phone like ?
       and (?::text is null or v.phone > ?) order by v.phone limit ?`,
    [workspaceId, groupId, `${escapeLike(phone)}%`, after, after, limit],
  )
}

/** How many phone numbers it has values for. */
export async function countValues(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  groupId: string,
): Promise<number> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ n: number }[]>(
    'select count(*)::int as n from variable_values where workspace_id = ? and group_id = ?',
    [workspaceId, groupId],
  )
  return row?.n ?? 0
}
