import { isoTime } from '../db/iso-time.ts'
import { escapeLike } from '../db/escape-like.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { always } from '../segments/fragment.ts'
import { namesSomething } from './campaign-uses.ts'

export const campaignKinds = ['one-time', 'recurring', 'triggered', 'drip', 'api'] as const
export type CampaignKind = (typeof campaignKinds)[number]
export const campaignStates = ['draft', 'scheduled', 'active', 'paused', 'ended'] as const
export type CampaignState = (typeof campaignStates)[number]

export interface CampaignRow {
  id: string
  workspaceId: string
  numberId: string
  ref: string
  name: string
  kind: CampaignKind
  draft: JsonObject
  state: CampaignState
  journeyId: string | null
  lastRunNumber: number
  by: string
  factId: string
  archivedAt: string | null
  createdAt: string
  updatedAt: string
}

/** A one-time campaign is what its runs are: nobody has to tell it when one comes to its end. */
const stateSql = `case when c.kind <> 'one-time' or c.last_run_number = 0 then c.state else coalesce((
  select case r.state when 'scheduled' then 'scheduled' when 'paused' then 'paused' when 'stopped' then 'paused' else 'active' end
  from campaign_runs r where r.campaign_id = c.id and r.ended_at is null order by r.number desc limit 1), 'ended') end`

const columns = `c.id, c.workspace_id as "workspaceId", c.number_id as "numberId", c.ref, c.name, c.kind, c.draft,
  ${stateSql} as state, c.journey_id as "journeyId", c.last_run_number as "lastRunNumber", c.by, c.fact_id as "factId",
  ${isoTime('c.archived_at')} as "archivedAt", ${isoTime('c.created_at')} as "createdAt",
  ${isoTime('c.updated_at')} as "updatedAt"`

export async function findCampaign(em: Em, workspaceId: string, id: string): Promise<CampaignRow> {
  const [row] = await em.execute<CampaignRow[]>(
    `select ${columns} from campaigns c where c.workspace_id = ? and c.id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `campaign ${id} does not exist`)
  return row
}

/** The same, held until the caller's transaction ends. */
export async function lockCampaign(em: Em, workspaceId: string, id: string): Promise<CampaignRow> {
  await em.execute('select 1 from campaigns where workspace_id = ? and id = ? for update', [workspaceId, id])
  return findCampaign(em, workspaceId, id)
}

/** By what other systems call it; undefined when there is none. */
export async function findCampaignByRef(
  em: Em,
  workspaceId: string,
  ref: string,
): Promise<CampaignRow | undefined> {
  const [row] = await em.execute<CampaignRow[]>(
    `select ${columns} from campaigns c where c.workspace_id = ? and c.ref = ?`,
    [workspaceId, ref],
  )
  return row
}

export interface CampaignFilter {
  workspaceId: string
  numberId?: string | undefined
  kind?: CampaignKind | undefined
  state?: CampaignState | undefined
  search?: string | undefined
  archived?: boolean | undefined
  /** A segment, journey, template, variable group or campaign that it names. */
  uses?: string | undefined
}

/** Newest first. */
export async function listCampaigns(
  em: Em,
  filter: CampaignFilter & { before?: string | undefined; limit: number },
): Promise<CampaignRow[]> {
  const { workspaceId, numberId, kind, state, search, archived = false, uses, before, limit } = filter
  const named = uses === undefined ? always : await namesSomething(em, workspaceId, uses)
  const part = search === undefined ? null : `%${escapeLike(search)}%`
  return em.execute<CampaignRow[]>(
    `select * from (select ${columns} from campaigns c where c.workspace_id = ? and (?::uuid is null or c.id < ?)
       and (?::uuid is null or c.number_id = ?) and (?::text is null or c.kind = ?)
       and (?::text is null or c.name ilike ?) and (c.archived_at is not null) = ? and ${named.sql}) c
     where (?::text is null or c.state = ?) order by c.id desc limit ?`,
    [
      workspaceId,
      ...[before, numberId, kind].flatMap((each) => [each ?? null, each ?? null]),
      ...[part, part, archived, ...named.params, state ?? null, state ?? null, limit],
    ],
  )
}
