import { escapeLike } from '../db/escape-like.ts'
import { exactTime, isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'
import type { JsonObject } from '../model/json.ts'
import { always, joined, sql, type Fragment } from '../segments/fragment.ts'

export const journeyStates = ['draft', 'published', 'paused'] as const
export const journeySorts = ['created', 'edited', 'name'] as const

export interface JourneyFilter {
  workspaceId: string
  /** Those of one number. */
  numberId?: string | undefined
  search?: string | undefined
  state?: (typeof journeyStates)[number] | undefined
  /** A type of trigger, in the draft or in what is published. */
  trigger?: string | undefined
  editedFrom?: string | undefined
  editedTo?: string | undefined
  sort: (typeof journeySorts)[number]
  order: 'asc' | 'desc'
}

/** A journey as lists show one. */
export interface JourneyLine {
  id: string
  numberId: string
  name: string
  draft: JsonObject
  revision: number
  publishedVersionId: string | null
  flowKey: string | null
  state: (typeof journeyStates)[number]
  createdAt: string
  updatedAt: string
  /** What it is sorted by, exactly. */
  sortKey: string
}

/** Held as a whole, by whoever paused or stopped it. */
const isPaused = `exists (select 1 from holds h where h.workspace_id = j.workspace_id and h.scope = 'journey' and h.scope_id = j.id
  and h.released_at is null)`
const stateSql = `case when ${isPaused} then 'paused' when j.published_version_id is null then 'draft' else 'published' end`

const sorts = { created: exactTime('j.created_at'), edited: exactTime('j.updated_at'), name: 'lower(j.name)' }

export async function listJourneys(
  deps: Pick<Deps, 'orm'>,
  {
    after,
    limit,
    ...filter
  }: JourneyFilter & { after?: readonly [string, string] | undefined; limit: number },
): Promise<JourneyLine[]> {
  const { workspaceId, search, state, editedFrom, editedTo, sort, order } = filter
  const direction: Fragment = { sql: order, params: [] }
  const key: Fragment = { sql: sorts[sort], params: [] }
  const conditions = joined(
    [
      sql`j.workspace_id = ${workspaceId}::uuid and j.deleted_at is null`,
      // What runs a campaign is shown as the campaign.
      sql`not exists (select 1 from campaigns k where k.journey_id = j.id)`,
      filter.numberId === undefined ? always : sql`j.number_id = ${filter.numberId}::uuid`,
      search === undefined ? always : sql`j.name ilike ${`%${escapeLike(search)}%`}::text`,
      state === undefined ? always : sql`${{ sql: stateSql, params: [] }} = ${state}::text`,
      triggeredBy(filter.trigger),
      editedFrom === undefined ? always : sql`j.updated_at >= ${editedFrom}::timestamptz`,
      editedTo === undefined ? always : sql`j.updated_at < ${editedTo}::timestamptz`,
      after === undefined ? always : following(key, order, after),
    ],
    ' and ',
  )
  const page = sql`select ${columns}, ${key} as "sortKey" from journeys j
    left join journey_versions v on v.id = j.published_version_id where ${conditions}
    order by ${key} ${direction}, j.id ${direction} limit ${limit}::int`
  return forkFor(deps.orm, workspaceId).execute<JourneyLine[]>(adHoc + page.sql, page.params)
}

const columns: Fragment = {
  sql: `j.id, j.number_id as "numberId", j.name, j.draft, j.draft_revision as revision, j.published_version_id as "publishedVersionId", j.flow_key as "flowKey",
    ${stateSql} as state, ${isoTime('j.created_at')} as "createdAt", ${isoTime('j.updated_at')} as "updatedAt"`,
  params: [],
}

/** A draft may hold anything: what is no list of triggers contains none. */
function triggeredBy(type: string | undefined): Fragment {
  if (type === undefined) return always
  const wanted = JSON.stringify({ triggers: [{ type }] })
  return sql`(j.draft @> ${wanted}::jsonb or v.definition @> ${wanted}::jsonb)`
}

function following(key: Fragment, order: 'asc' | 'desc', [value, id]: readonly [string, string]): Fragment {
  return order === 'asc'
    ? sql`(${key}, j.id) > (${value}::text, ${id}::uuid)`
    : sql`(${key}, j.id) < (${value}::text, ${id}::uuid)`
}
