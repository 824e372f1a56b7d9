import { accessSql, type ChatAccess } from '../conversations/access.ts'
import { escapeLike } from '../db/escape-like.ts'
import type { SearchTerm } from '../model/search-words.ts'
import { always, joined, sql, type Fragment } from '../segments/fragment.ts'

/** What is looked for: words as a whole, or a fragment anywhere in the text. */
export type Wanted = { terms: SearchTerm[] } | { fragment: string }

/** Which messages, besides what they say. */
export interface SearchFilter {
  fromMs?: number | undefined
  untilMs?: number | undefined
  numberId?: string | undefined
  conversationId?: string | undefined
  contactId?: string | undefined
  /** Who wrote it, or has its chat. */
  agent?: string | undefined
  /** Of the message or of its chat. */
  tag?: string | undefined
  type?: string | undefined
  direction?: 'in' | 'out' | undefined
}

export interface MessageSearch {
  access: ChatAccess
  wanted: Wanted
  filter: SearchFilter
  /** Only what is older than this message. */
  before?: string | undefined
  limit: number
}

/** Of `messages m`: what the indexes hold. */
const isSaid = `m.campaign_run_id is null and m.target_wamid is null and m.text <> ''`
const said: Fragment = { sql: isSaid, params: [] }

/** Ids are made when messages are, a little before or after what their rows say of it. */
const slackMs = 60_000

/** The words as PostgreSQL looks for them. */
export function tsqueryOf(terms: SearchTerm[]): Fragment {
  const each = terms.map(({ text, isPrefix, isNegated }) => {
    const quoted = `'${text.replace(/[\\']/g, '$&$&')}':*`
    const query = isPrefix ? sql`to_tsquery('simple', ${quoted})` : sql`phraseto_tsquery('simple', ${text})`
    return isNegated ? sql`!!${query}` : query
  })
  return {
    sql: `(${each.map((part) => part.sql).join(' && ')})`,
    params: each.flatMap((part) => part.params),
  }
}

/** Of `messages m`: they say it. */
export function saysSql(wanted: Wanted): Fragment {
  if ('fragment' in wanted) return sql`m.text ilike ${`%${escapeLike(wanted.fragment)}%`}::text`
  return sql`to_tsvector('simple', m.text) @@ ${tsqueryOf(wanted.terms)}`
}

/** All messages of a workspace that are searched, within the time that is asked for. */
export function rangeSql({ access, filter, before }: MessageSearch): Fragment {
  const { fromMs, untilMs } = filter
  return joined(
    [
      sql`m.workspace_id = ${access.workspaceId}::uuid and ${said}`,
      before === undefined ? always : sql`m.id < ${before}::uuid`,
      fromMs === undefined ? always : sql`m.id >= ${firstIdAt(fromMs - slackMs)}::uuid`,
      fromMs === undefined ? always : sql`m.created_at >= ${new Date(fromMs).toISOString()}::timestamptz`,
      untilMs === undefined ? always : sql`m.id < ${firstIdAt(untilMs + slackMs)}::uuid`,
      untilMs === undefined ? always : sql`m.created_at < ${new Date(untilMs).toISOString()}::timestamptz`,
    ],
    ' and ',
  )
}

/** The smallest id of a millisecond: ids begin with their time. */
function firstIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`
}

/**
 * The newest ids that fit, by an index of words: all that say it are looked up. For words that are in many messages, `walk` looks
 * at so many of the newest messages instead, one by one.
 */
export function searchStatement(search: MessageSearch, walk?: { messages: number }): Fragment {
  const range = rangeSql(search)
  const says = saysSql(search.wanted)
  // What is not asked for by an operator of the index is not asked of the index.
  const messages = walk
    ? sql`select * from (select * from messages m where ${range} order by m.id desc limit ${walk.messages}::int) m
        where (${says}) is true`
    : sql`select * from messages m where ${range} and ${says}`
  return sql`with found as ${{ sql: walk ? '' : 'materialized', params: [] }} (${messages})
    select m.id from found m join conversations v on v.id = m.conversation_id
    where ${filterSql(search)} order by m.id desc limit ${search.limit}::int`
}

function filterSql({ access, filter }: MessageSearch): Fragment {
  const { numberId, conversationId, contactId, agent, tag, type, direction } = filter
  const equal = (column: string, value: string | undefined, kind: string): Fragment[] =>
    value === undefined ? [] : [{ sql: `${column} = ?::${kind}`, params: [value] }]
  return joined(
    [
      accessSql(access, 'v', 'read'),
      { sql: `m.deleted_at is null`, params: [] },
      // Spam is found where one looks for it.
      conversationId === undefined ? { sql: 'not v.spam', params: [] } : always,
      ...equal('m.number_id', numberId, 'uuid'),
      ...equal('m.conversation_id', conversationId, 'uuid'),
      ...equal('m.contact_id', contactId, 'uuid'),
      ...equal('m.type', type, 'text'),
      ...equal('m.direction', direction, 'text'),
      agent === undefined
        ? always
        : sql`(m.by_user_id = ${agent}::uuid or v.assigned_user_id = ${agent}::uuid)`,
      tag === undefined ? always : taggedSql(tag),
    ],
    ' and ',
  )
}

function taggedSql(tag: string): Fragment {
  return sql`(exists (select 1 from conversation_labels l where l.conversation_id = v.id and l.label = ${tag}::text)
    or exists (select 1 from message_taggings t join tags g on g.id = t.tag_id where t.message_id = m.id and g.name = ${tag}::text))`
}
