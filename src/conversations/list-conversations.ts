import { z } from 'zod'
import { adHoc } from '../db/prepared-statements.ts'
import { exactTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor } from '../kit/paging.ts'
import { always, sql, type Fragment } from '../segments/fragment.ts'
import type { ChatAccess } from './access.ts'
import { detailSql, type ConversationDetail } from './conversation-view.ts'
import { filterSql, type ConversationFilter } from './filter.ts'

export const sorts = ['newest', 'oldest', 'waiting', 'priority'] as const
export type Sort = (typeof sorts)[number]

export type SortedConversation = ConversationDetail & { sortKey: [string | null, string, number] }

const text = (value: string): Fragment => ({ sql: value, params: [] })
const cursorSchema = z.tuple([z.string().nullable(), z.uuid(), z.number()])

interface Order {
  /** What must be there to be in this order. */
  demands: Fragment
  order: string
  key: string
  after(cursor: [string | null, string, number]): Fragment
}

/** By when somebody wrote last; whoever waits longest first; what matters most first, of live chats. */
const orders: Record<Sort, Order> = {
  newest: {
    demands: always,
    order: 'v.active_at desc, v.id desc',
    key: 'v.active_at',
    after: ([at, id]) => sql`(v.active_at, v.id) < (${at}::timestamptz, ${id}::uuid)`,
  },
  oldest: {
    demands: always,
    order: 'v.active_at, v.id',
    key: 'v.active_at',
    after: ([at, id]) => sql`(v.active_at, v.id) > (${at}::timestamptz, ${id}::uuid)`,
  },
  waiting: {
    demands: sql`v.waiting_since is not null and v.status <> 'closed'`,
    order: 'v.waiting_since, v.id',
    key: 'v.waiting_since',
    after: ([at, id]) => sql`(v.waiting_since, v.id) > (${at}::timestamptz, ${id}::uuid)`,
  },
  priority: {
    demands: sql`v.status <> 'closed'`,
    order: 'v.priority desc, v.active_at desc, v.id desc',
    key: 'v.active_at',
    after: ([at, id, priority]) =>
      sql`(v.priority, v.active_at, v.id) < (${priority}::int, ${at}::timestamptz, ${id}::uuid)`,
  },
}
/** Of one contact everything is shown, also what nobody has written in. */
const byBirth: Order = {
  demands: always,
  order: 'v.id desc',
  key: 'null::timestamptz',
  after: ([, id]) => sql`v.id < ${id}::uuid`,
}

/** A page as somebody sees it: one more than asked for when there are more. */
export async function listConversations(
  deps: Pick<Deps, 'orm'>,
  input: {
    access: ChatAccess
    filter: ConversationFilter
    sort: Sort
    cursor: string | undefined
    limit: number
  },
): Promise<SortedConversation[]> {
  const { access, filter, cursor, limit } = input
  const order = filter.contactId === undefined ? orders[input.sort] : byBirth
  const after = decodeCursor(cursor, cursorSchema)
  const { columns, joins, params } = detailSql(access.userId)
  // First which ones, by an index; what they look like is asked of one page only.
  const page = sql`select v.* from conversations v where ${filterSql(access, filter)} and ${order.demands}
    and ${after ? order.after(after) : always} order by ${text(order.order)} limit ${limit + 1}::int`
  const query = sql`with page as materialized (${page})
    select ${text(columns)}, jsonb_build_array(${text(exactTime(order.key))}, v.id, v.priority) as "sortKey"
    from page v ${{ sql: joins, params }} order by ${text(order.order)}`
  return forkFor(deps.orm, access.workspaceId).execute<SortedConversation[]>(adHoc + query.sql, query.params)
}
