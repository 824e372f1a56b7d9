import type pg from 'pg'
import type { ChatAccess } from '../src/conversations/access.ts'
import { listConversations } from '../src/conversations/list-conversations.ts'
import { openOrm } from '../src/db/orm.ts'
import { listMessages } from '../src/inbox/find-messages.ts'
import { readTerms } from '../src/model/search-words.ts'
import { searchMessages } from '../src/search/search-messages.ts'
import type { Wanted } from '../src/search/search-statement.ts'
import { createApiKey } from '../src/settings/api-keys.ts'
import { median, percentile, printComparisons, type Comparison } from './support/figures.ts'
import { call } from './support/http.ts'
import { fillInbox, inboxSize } from './support/inbox-seed.ts'
import { startProduct } from './support/product.ts'

const rounds = 150
const pageSize = 50
const foundSize = 20

/**
 * Pages of the inbox and of its search, as the product asks for them and over HTTP. Bare: one statement written by hand for the same
 * rows, over the same indexes, by `pg` itself. Both take turns on the same chats and words.
 */
async function main(): Promise<void> {
  const size = inboxSize()
  const product = await startProduct(['temporal', 'api'])
  const { pool, workspaceId } = product
  const startedAtMs = performance.now()
  await fillInbox(pool, workspaceId, size)
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0)
  console.log(
    `${size.messages} messages of ${size.conversations} conversations in ${size.workspaces} workspaces in ${seconds} s`,
  )
  const orm = await openOrm(product.databaseUrl, 4)
  const { key } = await createApiKey({ orm }, { workspaceId, name: 'bench', kind: 'platform' })
  const apiUrl = `${new URL(product.webhookUrl).origin}/platform/v1`
  const results: Comparison[] = []
  for (const figure of await figuresOf(pool, workspaceId)) {
    const times = { ours: [] as number[], bare: [] as number[], http: [] as number[] }
    const { given } = figure
    for (let round = 0; round < rounds; round++) {
      const value = given[round % given.length] ?? ''
      const [bare, ours] = [
        await timed(() => pool.query(figure.sql, figure.values(value))),
        await timed(() => figure.ours({ orm }, value)),
      ]
      const http = await timed(() =>
        call('GET', `${apiUrl}${figure.path(value)}`, undefined, { authorization: `Bearer ${key}` }),
      )
      if (round < rounds / 10) continue
      times.ours.push(ours)
      times.bare.push(bare)
      times.http.push(http)
    }
    const { what, aim } = figure
    results.push(
      { what: `${what}, p50`, ours: median(times.ours), bare: median(times.bare), unit: 'ms', aim },
      {
        what: `${what}, p95`,
        ours: percentile(times.ours, 0.95),
        bare: percentile(times.bare, 0.95),
        unit: 'ms',
      },
      {
        ...{ what: `${what}, over HTTP, p95`, ours: percentile(times.http, 0.95), unit: 'ms' as const },
        ...{ bare: percentile(times.bare, 0.95), ...(figure.httpAim && { aim: figure.httpAim }) },
      },
    )
  }
  printComparisons(
    `The inbox of one workspace of ${size.workspaces}, ${size.messages} messages in all`,
    results,
  )
  await orm.close(true)
  await product.stop()
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now()
  await work()
  return performance.now() - startedAtMs
}

type Deps = { orm: Awaited<ReturnType<typeof openOrm>> }
interface Figure {
  what: string
  aim: string
  httpAim?: string
  given: string[]
  ours(deps: Deps, given: string): Promise<unknown>
  path(given: string): string
  sql: string
  values(given: string): unknown[]
}

const said = `m.workspace_id = $1 and m.campaign_run_id is null and m.target_wamid is null and m.text <> ''`
const foundBy = (
  condition: string,
) => `with found as materialized (select * from messages m where ${said} and ${condition})
  select m.*, c.name, ts_headline('simple', m.text, plainto_tsquery('simple', $2)) from found m
  join conversations v on v.id = m.conversation_id and not v.spam join contacts c on c.id = m.contact_id
  where m.deleted_at is null order by m.id desc limit ${foundSize + 1}`
const walked = `select m.*, c.name, ts_headline('simple', m.text, plainto_tsquery('simple', $2)) from messages m
  join conversations v on v.id = m.conversation_id and not v.spam join contacts c on c.id = m.contact_id
  where ${said} and (to_tsvector('simple', m.text) @@ plainto_tsquery('simple', $2)) is true and m.deleted_at is null
  order by m.id desc limit ${foundSize + 1}`

async function figuresOf(pool: pg.Pool, workspaceId: string): Promise<Figure[]> {
  const everything = { read: 'all', write: 'all', canUseTags: true, isAdmin: true } as const
  const access: ChatAccess = { workspaceId, userId: null, groupIds: [], ...everything }
  const list = async (sql: string) =>
    (await pool.query<{ value: string }>(sql, [workspaceId])).rows.map(({ value }) => value)
  const chats = await list(
    `select id as value from conversations where workspace_id = $1 order by md5(id::text) limit ${rounds}`,
  )
  const search = searchIn(workspaceId, access)
  const words = `to_tsvector('simple', m.text) @@ plainto_tsquery('simple', $2)`
  const rare = await list(
    `select distinct substring(text from 'zq[0-9a-f]{9}') as value from (select text from messages
      where workspace_id = $1 and text ~ 'zq[0-9a-f]{9}' limit 5000) t limit ${rounds}`,
  )
  return [
    ...pagesOf(workspaceId, access, chats),
    search('a rare word', rare, { aim: '< 10 ms', sql: foundBy(words) }),
    search('a word of one in a thousand', ['middleword'], { aim: '< 10 ms', sql: foundBy(words) }),
    search('a word of three in a hundred', ['frequentword'], { aim: '< 100 ms', sql: walked }),
    search(
      'a fragment',
      rare.map((word) => word.slice(2)),
      {
        ...{ aim: '< 30 ms', match: 'fragment' as const },
        sql: foundBy(`m.text ilike '%' || $2 || '%'`),
      },
    ),
  ]
}

/** Figures of searches by one who may read everything. */
function searchIn(workspaceId: string, access: ChatAccess) {
  return (
    what: string,
    given: string[],
    { aim, sql, match = 'words' }: { aim: string; sql: string; match?: 'words' | 'fragment' },
  ): Figure => ({
    ...{ what, aim, given, sql },
    values: (word) => [workspaceId, word],
    path: (word) => `/messages/search?q=${word}&match=${match}&limit=${foundSize}`,
    ours(deps, word) {
      const wanted: Wanted = match === 'words' ? { terms: readTerms(word) } : { fragment: word }
      return searchMessages(deps, { access, wanted, filter: {}, limit: foundSize + 1 })
    },
  })
}

function pagesOf(workspaceId: string, access: ChatAccess, chats: string[]): Figure[] {
  return [
    {
      ...{ what: 'a page of the list', aim: '< 5 ms', httpAim: '< 20 ms', given: [''] },
      ours: ({ orm }) =>
        listConversations(
          { orm },
          { access, filter: {}, sort: 'newest', cursor: undefined, limit: pageSize },
        ),
      path: () => `/conversations?limit=${pageSize}`,
      sql: `select v.*, c.name, m.text, p.display_number from (select * from conversations v where v.workspace_id = $1
          and v.active_at is not null and not v.spam and v.merged_into is null order by v.active_at desc, v.id desc limit ${pageSize + 1}) v
        join contacts c on c.id = v.contact_id left join messages m on m.id = v.last_message_id
        join phone_numbers p on p.id = v.number_id order by v.active_at desc, v.id desc`,
      values: () => [workspaceId],
    },
    {
      ...{ what: 'a page of a conversation', aim: '< 5 ms', httpAim: '< 20 ms', given: chats },
      ours: ({ orm }, conversationId) =>
        listMessages({ orm }, { workspaceId, conversationId, limit: pageSize + 1 }),
      path: (id) => `/conversations/${id}/messages?limit=${pageSize}`,
      sql: `select m.* from messages m where m.workspace_id = $1 and m.conversation_id = $2 order by m.id desc limit ${pageSize + 1}`,
      values: (id) => [workspaceId, id],
    },
  ]
}

await main()
