import { contactName } from '../contacts/contact-names.ts'
import { escapeLike } from '../db/escape-like.ts'
import type { Deps } from '../deps.ts'
import { loadChats } from './chats.ts'
import { loadPersons } from './persons.ts'
import { demandOwnGroup, demandWireChat, openDesk, type Desk, type WireCaller } from './wire-caller.ts'
import type { WireChat, WirePerson } from './wire-view.ts'

export interface Page {
  limit: number
  offset: number
}
export interface ChatFilter {
  search?: string | undefined
  assignedToMe?: boolean | undefined
  /** A group's number. */
  assignedGroup?: number | undefined
}
interface Condition {
  sql: string
  params: string[]
}

/** Those that were written in, the newest first. */
export async function listChats(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  filter: ChatFilter & Page,
): Promise<{ count: number; results: WireChat[] }> {
  const desk = await openDesk(deps, caller)
  const conditions = [
    { sql: 'v.active_at is not null and not v.spam', params: [] },
    ...(await assignmentConditions(desk, filter)),
    ...searchConditions(filter.search, caller.workspaceId, 'with messages'),
  ]
  const { count, ids } = await page(desk, conditions, filter)
  return { count, results: await loadChats(desk.em, desk.view, ids) }
}

export async function getChat(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  waId: string,
): Promise<WireChat | undefined> {
  const desk = await openDesk(deps, caller)
  const { id } = await demandWireChat(desk, waId)
  return (await loadChats(desk.em, desk.view, [id]))[0]
}

/** Whom the number has a conversation with. */
export async function listPersons(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  filter: { search?: string | undefined } & Page,
): Promise<{ count: number; results: WirePerson[] }> {
  const desk = await openDesk(deps, caller)
  const conditions = searchConditions(filter.search, caller.workspaceId)
  const { count, ids } = await page(desk, conditions, filter)
  const persons = await loadPersons(desk.em, caller.workspaceId, ids)
  return { count, results: ids.flatMap((id) => persons.get(id) ?? []) }
}

export async function getPerson(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  waId: string,
): Promise<WirePerson | undefined> {
  const desk = await openDesk(deps, caller)
  const { id } = await demandWireChat(desk, waId)
  return (await loadPersons(desk.em, caller.workspaceId, [id])).get(id)
}

export async function assignmentConditions(
  desk: Desk,
  { assignedToMe, assignedGroup }: ChatFilter,
): Promise<Condition[]> {
  return [
    ...(assignedToMe ? [{ sql: 'v.assigned_user_id = ?', params: [desk.view.userId] }] : []),
    ...(assignedGroup !== undefined
      ? [{ sql: 'v.assigned_group_id = ?', params: [await demandOwnGroup(desk, assignedGroup)] }]
      : []),
  ]
}

/** In names, phone numbers and what was said. */
function searchConditions(
  search: string | undefined,
  workspaceId: string,
  messages?: 'with messages',
): Condition[] {
  if (!search) return []
  const like = `%${escapeLike(search)}%`
  const phone = `%${escapeLike(search.replace(/^\+|\s/g, ''))}%`
  const said = `or exists (select from messages m where m.conversation_id = v.id and m.workspace_id = ? and m.text ilike ?)`
  return [
    {
      sql: `(${contactName} ilike ? or exists (select from identities i where i.contact_id = c.id and i.valid_to is null
        and i.kind in ('wa_id', 'username') and i.value ilike ?) ${messages ? said : ''})`,
      params: [like, phone, ...(messages ? [workspaceId, like] : [])],
    },
  ]
}

async function page(
  { em, seen }: Desk,
  conditions: Condition[],
  { limit, offset }: Page,
): Promise<{ count: number; ids: string[] }> {
  const where = [seen, ...conditions]
  const from = `from conversations v join contacts c on c.id = v.contact_id where ${where.map(({ sql }) => sql).join(' and ')}`
  const params = where.flatMap((each) => each.params)
  const [total] = await em.execute<{ count: number }[]>(`select count(*)::int as count ${from}`, params)
  const rows = await em.execute<{ id: string }[]>(
    `select v.id ${from} order by v.active_at desc nulls last, v.id desc limit ? offset ?`,
    [...params, limit, offset],
  )
  return { count: total?.count ?? 0, ids: rows.map(({ id }) => id) }
}
