import type { Deps } from '../deps.ts'
import {
  loadAssignmentEvents,
  loadTaggingEvents,
  type WireAssignmentEvent,
  type WireChatTaggingEvent,
  type WireMessageTaggingEvent,
} from './history.ts'
import type { Page } from './list-chats.ts'
import { spanConditions, type Span } from './list-messages.ts'
import { findWireChat, findWireMessage } from './resolve-ids.ts'
import { openDesk, type Desk, type WireCaller } from './wire-caller.ts'

interface EventFilter extends Page, Span {
  waId?: string | undefined
}
interface Listed<T> {
  count: number
  results: T[]
}

/** Who was given which chat, the newest first. */
export async function listAssignmentEvents(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  filter: EventFilter,
): Promise<Listed<WireAssignmentEvent>> {
  const desk = await openDesk(deps, caller)
  const { count, ids } = await page(desk, 'assignment_events', filter, [])
  return { count, results: await loadAssignmentEvents(desk.em, desk.view, ids) }
}

/** Which chats were tagged, the newest first. */
export async function listChatTaggingEvents(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  filter: EventFilter,
): Promise<Listed<WireChatTaggingEvent>> {
  const desk = await openDesk(deps, caller)
  const { count, ids } = await page(desk, 'tagging_events', filter, [{ sql: "e.kind = 'chat'", params: [] }])
  const events = await loadTaggingEvents(desk.em, desk.view, ids)
  return { count, results: events.filter((event) => 'chat' in event) }
}

/** Which messages were tagged, the newest first. */
export async function listMessageTaggingEvents(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  filter: EventFilter & { messageId?: string | undefined },
): Promise<Listed<WireMessageTaggingEvent>> {
  const desk = await openDesk(deps, caller)
  const conditions = [{ sql: "e.kind = 'message'", params: [] as string[] }]
  if (filter.messageId !== undefined) {
    const { workspaceId, numberId } = caller
    const message = await findWireMessage(desk.em, { workspaceId, numberId, id: filter.messageId })
    if (!message) return { count: 0, results: [] }
    conditions.push({ sql: 'e.message_id = ?', params: [message.id] })
  }
  const { count, ids } = await page(desk, 'tagging_events', filter, conditions)
  const events = await loadTaggingEvents(desk.em, desk.view, ids)
  return { count, results: events.filter((event) => 'message' in event) }
}

async function page(
  { em, seen, view: { workspaceId }, numberId }: Desk,
  table: 'assignment_events' | 'tagging_events',
  filter: EventFilter,
  more: { sql: string; params: string[] }[],
): Promise<{ count: number; ids: string[] }> {
  const conditions: { sql: string; params: (string | number)[] }[] = [
    { sql: 'e.workspace_id = ?', params: [workspaceId] },
    seen,
    ...more,
    ...spanConditions('e.at', filter),
  ]
  if (filter.waId !== undefined) {
    const chat = await findWireChat(em, { workspaceId, numberId, waId: filter.waId })
    if (!chat) return { count: 0, ids: [] }
    conditions.push({ sql: 'e.conversation_id = ?', params: [chat.id] })
  }
  const from = `from ${table} e join conversations v on v.id = e.conversation_id
    where ${conditions.map(({ sql }) => sql).join(' and ')}`
  const params = conditions.flatMap((each) => each.params)
  const [total] = await em.execute<{ count: number }[]>(`select count(*)::int as count ${from}`, params)
  const rows = await em.execute<{ id: string }[]>(
    `select e.id ${from} order by e.at desc, e.id desc limit ? offset ?`,
    [...params, filter.limit, filter.offset],
  )
  return { count: total?.count ?? 0, ids: rows.map(({ id }) => id) }
}
