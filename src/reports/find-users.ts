import { contactName, contactPhone } from '../contacts/contact-names.ts'
import { foreseeMatches } from '../contacts/foresee-matches.ts'
import { readSearch, type Search } from '../contacts/search-fragment.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'
import type { RunState } from '../journeys/entities.ts'
import { always, joined, never, sql, type Fragment } from '../segments/fragment.ts'

export interface UserFilter {
  workspaceId: string
  journeyId: string
  /** `inside`: whatever the state, as long as the run has not ended. */
  state?: RunState | 'inside' | undefined
  /** The card at which they stand. */
  cardId?: string | undefined
  versionId?: string | undefined
  /** Part of a name, of a phone number or of another identity. */
  search?: string | undefined
}

/** Somebody who has entered a journey, and how the last run of theirs stands. */
export interface JourneyUser {
  contactId: string | null
  name: string | null
  phone: string | null
  runId: string
  state: RunState
  cardId: string | null
  version: number
  outcome: string | null
  goalReached: boolean
  startedAt: string
  updatedAt: string
  endedAt: string | null
}

/** Each contact once, the last to enter first. Runs without a contact stand for themselves. */
export async function listUsers(
  deps: Pick<Deps, 'orm'>,
  { before, limit, ...filter }: UserFilter & { before?: string | undefined; limit: number },
): Promise<JourneyUser[]> {
  const em = forkFor(deps.orm, filter.workspaceId)
  const people =
    filter.search === undefined ? undefined : await peopleOf(em, filter.workspaceId, filter.search)
  const conditions = joined(
    [
      sql`r.workspace_id = ${filter.workspaceId}::uuid and r.journey_id = ${filter.journeyId}::uuid`,
      // An index on who has entered later answers this at once.
      sql`not exists (select 1 from runs n where n.contact_id = r.contact_id and n.journey_id = r.journey_id and n.id > r.id)`,
      before === undefined ? always : sql`r.id < ${before}::uuid`,
      stateOf(filter.state),
      filter.cardId === undefined ? always : sql`r.at_card = ${filter.cardId}::text and r.ended_at is null`,
      filter.versionId === undefined ? always : sql`r.version_id = ${filter.versionId}::uuid`,
      people?.condition ?? always,
    ],
    ' and ',
  )
  const page = sql`${people?.found ?? { sql: '', params: [] }} select ${columns} from runs r
    join journey_versions v on v.id = r.version_id left join contacts c on c.id = r.contact_id
    where ${conditions} order by r.id desc limit ${limit}::int`
  return em.execute<JourneyUser[]>(adHoc + page.sql, page.params)
}

const columns: Fragment = {
  sql: `r.contact_id as "contactId", ${contactName} as name, ${contactPhone} as phone, r.id as "runId", r.state,
    coalesce(r.at_card, r.card_id) as "cardId", v.number as version, r.outcome,
    coalesce(r.goal_reached, false) as "goalReached", ${isoTime('r.started_at')} as "startedAt",
    ${isoTime('r.updated_at')} as "updatedAt", ${isoTime('r.ended_at')} as "endedAt"`,
  params: [],
}

function stateOf(state: UserFilter['state']): Fragment {
  if (state === undefined) return always
  return state === 'inside' ? sql`r.ended_at is null` : sql`r.state = ${state}::text`
}

/** Of few people all are found first; of many the newest users are asked one by one. */
async function peopleOf(
  em: Em,
  workspaceId: string,
  text: string,
): Promise<{ found?: Fragment; condition: Fragment }> {
  const search = readSearch(text)
  const { names, ids } = search
  const rare = await foreseeMatches(em, workspaceId, search)
  const areFew = (!names || rare.names) && (!ids || rare.ids)
  if (!areFew) return { condition: sql`(${namedSo(names)} or ${identifiedSo(ids)})` }
  const named = sql`select c.id from contacts c where c.workspace_id = ${workspaceId}::uuid and ${names ?? never}`
  const identified = sql`select i.contact_id from identities i
    where i.workspace_id = ${workspaceId}::uuid and i.valid_to is null and ${ids ?? never}`
  return {
    found: sql`with found as materialized (${named} union ${identified})`,
    condition: { sql: 'r.contact_id in (select id from found)', params: [] },
  }
}

function namedSo(names: Search['names']): Fragment {
  return names ? sql`exists (select 1 from contacts c where c.id = r.contact_id and ${names})` : never
}

function identifiedSo(ids: Search['ids']): Fragment {
  if (!ids) return never
  return sql`exists (select 1 from identities i where i.contact_id = r.contact_id and i.valid_to is null and ${ids})`
}
