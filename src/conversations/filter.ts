import { z } from 'zod'
import { always, joined, never, sql, type Fragment } from '../segments/fragment.ts'
import { readSearch } from '../contacts/search-fragment.ts'
import { accessSql, type ChatAccess } from './access.ts'
import { chatStatuses } from './status.ts'
import { readUntil } from './unread-sql.ts'

export const defaultViews = [
  'all',
  'mine',
  'unassigned',
  'unread',
  'closed',
  'snoozed',
  'mentions',
  'spam',
] as const
export type DefaultView = (typeof defaultViews)[number]

const flag = z.union([z.boolean(), z.stringbool()])
const someone = z.union([z.literal(['me', 'none']), z.uuid()])

/** Which conversations: what a list, a count, a saved view and a bulk action ask for. */
export const filterFields = {
  view: z.enum(defaultViews).optional().meta({
    description:
      'one of the views that everybody has; all but `closed`, `all` and `spam` show no closed chats',
  }),
  status: z
    .union([z.enum(chatStatuses), z.literal('live')])
    .optional()
    .meta({ description: '`live`: every one but closed' }),
  assignee: someone.optional().meta({ description: '`me`, `none` or the id of a user' }),
  group: z
    .union([z.literal(['mine', 'none']), z.uuid()])
    .optional()
    .meta({
      description: '`mine` (a team of mine), `none` or the id of a team',
    }),
  label: z.string().min(1).max(1_000).optional(),
  unread: flag.optional(),
  waiting: flag.optional().meta({ description: 'with a message that nobody has answered, or without' }),
  queued: flag.optional(),
  numberId: z.uuid().optional(),
  contactId: z.uuid().optional(),
  live: flag.optional().meta({ description: 'with a live episode, or without' }),
  priority: z.coerce.number().int().min(0).max(4).optional().meta({ description: 'this one or higher' }),
  spam: flag.optional().meta({ description: 'spam only; without it there is none in the list' }),
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "a name, or a phone number's digits" }),
}
export const filterSchema = z.strictObject(filterFields)
export type ConversationFilter = z.infer<typeof filterSchema>

/** True of `conversations v` that somebody may read and that fit. */
export function filterSql(access: ChatAccess, filter: ConversationFilter): Fragment {
  const { workspaceId } = access
  return joined(
    [
      sql`v.workspace_id = ${workspaceId}::uuid and v.merged_into is null`,
      accessSql(access, 'v', 'read'),
      ...(filter.view === undefined ? [] : [viewSql(access, filter.view)]),
      ...standingSql(access, filter),
      ...assigneeSql(access, filter),
      ...plainSql(filter),
      ...(filter.label === undefined ? [] : [labelSql(workspaceId, filter.label)]),
      ...(filter.search === undefined ? [] : [searchSql(workspaceId, filter.search)]),
    ],
    ' and ',
  )
}

const isLive = sql`v.status <> 'closed'`

function viewSql(access: ChatAccess, view: DefaultView): Fragment {
  const { userId } = access
  switch (view) {
    case 'all':
    case 'spam':
      return always
    case 'mine':
      return userId === null ? never : sql`v.assigned_user_id = ${userId}::uuid and ${isLive}`
    case 'unassigned':
      return sql`v.assigned_user_id is null and ${isLive}`
    case 'unread':
      return sql`${isLive} and ${unreadSql(access)}`
    case 'closed':
      return sql`v.status = 'closed'`
    case 'snoozed':
      return sql`v.status = 'snoozed'`
    case 'mentions':
      return userId === null
        ? never
        : sql`v.id in (select n.conversation_id from conversation_notes n
        where n.workspace_id = v.workspace_id and n.mentions @> array[${userId}::uuid])`
  }
}

function standingSql(access: ChatAccess, filter: ConversationFilter): Fragment[] {
  const { status, unread, spam, view, waiting, queued, live, contactId } = filter
  const isSpam = spam ?? view === 'spam'
  const parts: Fragment[] = []
  // Of one contact everything is shown: also what was never spoken in, and spam.
  if (contactId === undefined || spam !== undefined) parts.push(isSpam ? sql`v.spam` : sql`not v.spam`)
  if (contactId === undefined) parts.push(sql`v.active_at is not null`)
  if (status !== undefined) parts.push(status === 'live' ? isLive : sql`v.status = ${status}::text`)
  if (live !== undefined) parts.push(live ? isLive : sql`v.status = 'closed'`)
  if (unread !== undefined) parts.push(unread ? unreadSql(access) : sql`(${unreadSql(access)}) is not true`)
  if (waiting !== undefined)
    parts.push(waiting ? sql`v.waiting_since is not null` : sql`v.waiting_since is null`)
  if (queued !== undefined) parts.push(queued ? sql`v.queued_at is not null` : sql`v.queued_at is null`)
  return parts
}

function unreadSql({ userId }: ChatAccess): Fragment {
  if (userId === null) return never
  return sql`exists (select 1 from users me left join conversation_reads own on own.user_id = me.id and own.conversation_id = v.id
    where me.id = ${userId}::uuid and v.last_inbound_at > ${{ sql: readUntil('own', 'me'), params: [] }})`
}

function assigneeSql({ userId, groupIds }: ChatAccess, filter: ConversationFilter): Fragment[] {
  const { assignee, group } = filter
  const parts: Fragment[] = []
  if (assignee === 'none') parts.push(sql`v.assigned_user_id is null`)
  else if (assignee !== undefined) {
    const who = assignee === 'me' ? userId : assignee
    parts.push(who === null ? never : sql`v.assigned_user_id = ${who}::uuid`)
  }
  if (group === 'none') parts.push(sql`v.assigned_group_id is null`)
  else if (group === 'mine')
    parts.push(sql`v.assigned_group_id in
    (select jsonb_array_elements_text(${JSON.stringify(groupIds)}::jsonb)::uuid)`)
  else if (group !== undefined) parts.push(sql`v.assigned_group_id = ${group}::uuid`)
  return parts
}

function plainSql({ numberId, contactId, priority }: ConversationFilter): Fragment[] {
  return [
    ...(numberId === undefined ? [] : [sql`v.number_id = ${numberId}::uuid`]),
    ...(contactId === undefined ? [] : [sql`v.contact_id = ${contactId}::uuid`]),
    ...(priority === undefined ? [] : [sql`v.priority >= ${priority}::int`]),
  ]
}

function labelSql(workspaceId: string, label: string): Fragment {
  return sql`v.id in (select l.conversation_id from conversation_labels l
    where l.workspace_id = ${workspaceId}::uuid and l.label = ${label}::text)`
}

/** Whom so many fit is no search: the newest of them are enough. */
const maximumFound = 2_000

function searchSql(workspaceId: string, search: string): Fragment {
  const { names, ids } = readSearch(search)
  const of = [
    ...(names
      ? [
          sql`(select c.id from contacts c where c.workspace_id = ${workspaceId}::uuid and c.merged_into is null
      and ${names} order by c.last_seen_at desc nulls last limit ${maximumFound}::int)`,
        ]
      : []),
    ...(ids
      ? [
          sql`(select i.contact_id from identities i where i.workspace_id = ${workspaceId}::uuid and i.valid_to is null
      and ${ids} limit ${maximumFound}::int)`,
        ]
      : []),
  ]
  return of.length === 0 ? never : sql`v.contact_id in (${joined(of, ' union all ')})`
}

/** Undefined: it names what is there no more. */
export function readFilter(stored: unknown): ConversationFilter | undefined {
  return filterSchema.safeParse(stored).data
}
