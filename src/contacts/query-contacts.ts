import { z } from 'zod'
import { forkFor, type Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { foldText } from '../model/condition-values.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor } from '../kit/paging.ts'
import type { Condition } from '../model/conditions.ts'
import { checkCondition } from '../segments/check-condition.ts'
import { compileCondition } from '../segments/compile-condition.ts'
import { always, joined, never, sql, type Fragment } from '../segments/fragment.ts'
import { loadAttributeTypes } from './attribute-definitions.ts'
import { foreseeMatches, type Foresight } from './foresee-matches.ts'
import { detailSql, listDetails, type ContactDetail } from './find-contacts.ts'
import { readSearch, type Search } from './search-fragment.ts'
import { readSort, type ContactSort, type SortFragment } from './sort-fragment.ts'

/** Which contacts. Those that were merged into others are none. */
export interface ContactFilter {
  search?: string | undefined
  tag?: string | undefined
  condition?: Condition | undefined
  /** Of these, those that fit the rest. */
  ids?: string[] | undefined
}
export interface ContactQuery extends ContactFilter {
  workspaceId: string
  sort?: ContactSort | undefined
  cursor?: string | undefined
  limit: number
}
/** A contact and what it was sorted by, which a cursor is made of. */
export type ContactRow = ContactDetail & { sortKey: [string | number | null, string] }

/** Counting further would take longer than anybody wants to wait. */
export const maximumCount = 10_000

const cursorSchema = z.tuple([z.union([z.string(), z.number(), z.null()]), z.uuid()])

/** A page of contacts, one row more than asked for when there are more. */
export async function queryContacts(deps: Pick<Deps, 'orm'>, query: ContactQuery): Promise<ContactRow[]> {
  const { workspaceId, sort, cursor, limit, condition } = query
  const after = decodeCursor(cursor, cursorSchema)
  const em = forkFor(deps.orm, workspaceId)
  if (condition) await checkCondition(em, workspaceId, condition)
  const order = sort && readSort(sort, await loadAttributeTypes(em, workspaceId))
  if (!order) return newestPage(em, query, after?.[1], limit + 1)
  const rows = await sortedPage(em, query, order, after, limit + 1)
  const details = await listDetails(
    em,
    workspaceId,
    rows.map(({ id }) => id),
  )
  const byId = new Map(details.map((detail) => [detail.id, detail]))
  return rows.flatMap(({ id, s }) => {
    const detail = byId.get(id)
    return detail ? [{ ...detail, sortKey: [s, id] as [string | number | null, string] }] : []
  })
}

/** How many there are, counted up to `maximumCount`. */
export async function countContacts(
  deps: Pick<Deps, 'orm'>,
  query: ContactFilter & { workspaceId: string },
): Promise<{ total: number; countIsExact: boolean }> {
  const { workspaceId } = query
  const found = newest(query, undefined, maximumCount + 1)
  const count = sql`select count(*)::int as n from (${found}) f`
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ n: number }[]>(adHoc + count.sql, count.params)
  const n = row?.n ?? 0
  return { total: Math.min(n, maximumCount), countIsExact: n <= maximumCount }
}

/** The ids of those that fit, newest first, below an id. */
export async function listMatching(
  em: Em,
  query: ContactFilter & { workspaceId: string },
  before: string,
  limit: number,
): Promise<string[]> {
  const ids = newestIds(query, before, limit)
  return (await em.execute<{ id: string }[]>(adHoc + ids.sql, ids.params)).map(({ id }) => id)
}

interface Found {
  id: string
  s: string | number | null
}

async function newestPage(
  em: Em,
  query: ContactQuery,
  before: string | undefined,
  limit: number,
): Promise<ContactRow[]> {
  const { workspaceId, search } = query
  const rare = search === undefined ? undefined : await foreseeMatches(em, workspaceId, readSearch(search))
  const detail = { sql: detailSql, params: [] }
  const page = sql`${detail} where c.workspace_id = ${workspaceId}::uuid
    and c.id in (${newestIds({ ...query, rare }, before, limit)}) order by c.id desc`
  const rows = await em.execute<ContactDetail[]>(adHoc + page.sql, page.params)
  return rows.map((row) => ({ ...row, sortKey: [null, row.id] }))
}

function newestIds(
  query: ContactFilter & { workspaceId: string; rare?: Foresight | undefined },
  before: string | undefined,
  limit: number,
): Fragment {
  return sql`select id from (${newest(query, before, limit)}) f order by id desc limit ${limit}::int`
}

/**
 * The newest ids that fit. Names and identities are two questions with an index each; both give their newest, and together
 * these hold the newest of all.
 */
function newest(
  query: ContactFilter & { workspaceId: string; rare?: Foresight | undefined },
  before: string | undefined,
  limit: number,
): Fragment {
  const search: Partial<Search> = query.search === undefined ? { names: always } : readSearch(query.search)
  const asked = { ...query, before, limit }
  const named = search.names && sql`(${newestNamed(asked, search.names)})`
  const held = search.ids && sql`(${newestHolders(asked, search.ids)})`
  if (named && held) return sql`${named} union ${held}`
  return named ?? held ?? sql`select null::uuid as id where false`
}

type Newest = ContactFilter & {
  workspaceId: string
  before: string | undefined
  limit: number
  rare?: Foresight | undefined
}

/** The newest of few: all of them are found first. */
function newestOfAll(found: Fragment, limit: number): Fragment {
  return sql`with found as materialized (${found}) select id from found order by id desc limit ${limit}::int`
}

function newestNamed(query: Newest, names: Fragment): Fragment {
  const { workspaceId, before, limit, rare } = query
  const start = before === undefined ? always : sql`c.id < ${before}::uuid`
  const found = sql`select c.id from contacts c where c.workspace_id = ${workspaceId}::uuid and c.merged_into is null
    and ${start} and ${names} and ${filtersOf(query)}`
  return rare?.names ? newestOfAll(found, limit) : sql`${found} order by c.id desc limit ${limit}::int`
}

/** Once each, however many of one's identities fit. */
function newestHolders(query: Newest, ids: Fragment): Fragment {
  const { workspaceId, before, limit, rare } = query
  const start = before === undefined ? always : sql`i.contact_id < ${before}::uuid`
  const found = sql`select i.contact_id as id from identities i join contacts c on c.id = i.contact_id
    where i.workspace_id = ${workspaceId}::uuid and i.valid_to is null and c.merged_into is null and ${start}
    and ${ids} and ${filtersOf(query)} group by i.contact_id`
  return rare?.ids ? newestOfAll(found, limit) : sql`${found} order by i.contact_id desc limit ${limit}::int`
}

async function sortedPage(
  em: Em,
  query: ContactQuery,
  order: SortFragment,
  after: z.output<typeof cursorSchema> | undefined,
  limit: number,
): Promise<Found[]> {
  const { workspaceId } = query
  const search = query.search === undefined ? undefined : readSearch(query.search)
  const page = sql`select id, s from (
      select c.id, (${order.value}) as s from contacts c where c.workspace_id = ${workspaceId}::uuid
        and c.merged_into is null and ${search ? searched(workspaceId, search) : always} and ${filtersOf(query)}) q
    where ${after ? following(order, after) : always}
    order by s ${{ sql: order.direction, params: [] }} nulls last, id desc limit ${limit}::int`
  return em.execute<Found[]>(adHoc + page.sql, page.params)
}

function searched(workspaceId: string, { names, ids }: Search): Fragment {
  if (!ids) return names ?? always
  return sql`(${names ?? never} or c.id in (select i.contact_id from identities i where i.workspace_id = ${workspaceId}::uuid
    and i.valid_to is null and ${ids}))`
}

/** What comes after a row: further in its direction, equal and older, or without a value. */
function following(
  { numeric, direction }: SortFragment,
  [value, id]: z.output<typeof cursorSchema>,
): Fragment {
  if (value === null) return sql`(s is null and id < ${id}::uuid)`
  const typed = numeric ? sql`${Number(value)}::float8` : sql`${String(value)}::text`
  const further = direction === 'asc' ? sql`s > ${typed}` : sql`s < ${typed}`
  return sql`(${further} or (s = ${typed} and id < ${id}::uuid) or s is null)`
}

function filtersOf({ workspaceId, tag, condition, ids }: ContactFilter & { workspaceId: string }): Fragment {
  return joined(
    [
      ids === undefined
        ? always
        : sql`c.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`,
      tag === undefined
        ? always
        : sql`(c.folded_tags @> array[${foldText(tag)}::text] and c.tags @> array[${tag}::text])`,
      condition === undefined
        ? always
        : // A page ends after some contacts: each is judged as it comes.
          compileCondition(condition, { workspaceId, nowMs: Date.now(), few: true }),
    ],
    ' and ',
  )
}
