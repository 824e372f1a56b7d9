import { contactName } from '../contacts/contact-names.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { listMessagesByIds } from '../inbox/find-messages.ts'
import type { MessageDetail } from '../inbox/message-detail.ts'
import { foundMarks, markFragment, toHeadline } from '../model/search-words.ts'
import { sql, type Fragment } from '../segments/fragment.ts'
import { rangeSql, saysSql, searchStatement, tsqueryOf, type MessageSearch } from './search-statement.ts'

/**
 * What is in more messages than this share is soon found among the newest; to look all of them up in an index, and sort them,
 * takes longer the more there are.
 */
const frequentShare = 0.02
/** So few are looked up at once, however few messages there are. */
const fewMatches = 1_000
/** The newest that are looked at one by one before the index is asked all the same. */
const walkedMessages = 10_000

export interface FoundMessage {
  message: MessageDetail
  contactName: string | null
  /** The words around what was found, as HTML. */
  headline: string
}

/** Messages that say it, newest first: as many as asked for, when there are. */
export async function searchMessages(
  deps: Pick<Deps, 'orm'>,
  search: MessageSearch,
): Promise<FoundMessage[]> {
  const em = forkFor(deps.orm, search.access.workspaceId)
  const ids = await findIds(em, search)
  if (ids.length === 0) return []
  const [messages, around] = await Promise.all([
    listMessagesByIds(deps, search.access.workspaceId, ids),
    readAround(em, search, ids),
  ])
  return messages.flatMap((message) => {
    const found = around.get(message.id)
    return found ? [{ message, contactName: found.name, headline: toHeadline(found.marked) }] : []
  })
}

async function findIds(em: Em, search: MessageSearch): Promise<string[]> {
  const run = async (statement: Fragment) =>
    (await em.execute<{ id: string }[]>(adHoc + statement.sql, statement.params)).map(({ id }) => id)
  if (await isFrequent(em, search)) {
    const newest = await run(searchStatement(search, { messages: walkedMessages }))
    if (newest.length >= search.limit) return newest
  }
  return run(searchStatement(search))
}

/** By PostgreSQL's own estimate, from its statistics of words. */
export async function isFrequent(em: Em, search: MessageSearch): Promise<boolean> {
  const range = rangeSql(search)
  const matches = await estimate(em, sql`${range} and ${saysSql(search.wanted)}`)
  if (matches < fewMatches) return false
  return matches > frequentShare * (await estimate(em, range))
}

async function estimate(em: Em, condition: Fragment): Promise<number> {
  const [row] = await em.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `${adHoc}explain (format json) select 1 from messages m where ${condition.sql}`,
    condition.params,
  )
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}

/** Whose each is, and the words around what was found, with marks. */
async function readAround(
  em: Em,
  { access, wanted }: MessageSearch,
  ids: string[],
): Promise<Map<string, { name: string | null; marked: string }>> {
  const { start, end } = foundMarks
  const options = `StartSel=${start}, StopSel=${end}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "`
  const marked =
    'fragment' in wanted
      ? sql`m.text`
      : sql`ts_headline('simple', translate(left(m.text, 5000), ${start + end}::text, ''), ${tsqueryOf(wanted.terms)}, ${options})`
  const query = sql`select m.id, ${{ sql: contactName, params: [] }} as name, ${marked} as marked
    from messages m join contacts c on c.id = m.contact_id
    where m.workspace_id = ${access.workspaceId}::uuid and m.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`
  const rows = await em.execute<{ id: string; name: string | null; marked: string }[]>(
    adHoc + query.sql,
    query.params,
  )
  return new Map(
    rows.map(({ id, name, marked: text }) => [
      id,
      { name, marked: 'fragment' in wanted ? markFragment(text, wanted.fragment) : text },
    ]),
  )
}
