import { escapeLike } from '../db/escape-like.ts'
import type { Deps } from '../deps.ts'
import { assignmentConditions, type ChatFilter, type Page } from './list-chats.ts'
import { markReceived } from './mark-received.ts'
import { loadMessages, saidAt } from './messages.ts'
import { findWireChat } from './resolve-ids.ts'
import { demandWireChat, openDesk, type WireCaller } from './wire-caller.ts'
import type { WireMessage } from './wire-view.ts'

export interface Span {
  /** POSIX seconds: what is as old, or newer. */
  since?: number | undefined
  /** What is older. */
  before?: number | undefined
}
export interface MessageFilter extends ChatFilter, Page, Span {
  waId?: string | undefined
  /** Refuses one whom there is no chat with; otherwise nobody's messages are an empty list. */
  demandsChat?: boolean
  marksAsReceived?: boolean | undefined
}

/** What was said, the newest first. What is only planned is not yet. */
export async function listMessages(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  filter: MessageFilter,
): Promise<{ count: number; results: WireMessage[] }> {
  const desk = await openDesk(deps, caller)
  const { em, view, seen } = desk
  const chat = await chatOf()
  if (chat === 'none') return { count: 0, results: [] }
  const conditions = [
    seen,
    { sql: "(m.direction = 'in' or m.state not in ('planned', 'skipped'))", params: [] },
    ...(await assignmentConditions(desk, filter)),
    ...(chat ? [{ sql: 'm.conversation_id = ?', params: [chat] }] : []),
    ...(filter.search ? [{ sql: 'm.text ilike ?', params: [`%${escapeLike(filter.search)}%`] }] : []),
    ...spanConditions(saidAt, filter),
  ]
  const from = `from messages m join conversations v on v.id = m.conversation_id
    where ${conditions.map(({ sql }) => sql).join(' and ')}`
  const params = conditions.flatMap((each): (string | number)[] => each.params)
  const [total] = await em.execute<{ count: number }[]>(`select count(*)::int as count ${from}`, params)
  const rows = await em.execute<{ id: string }[]>(
    `select m.id ${from} order by ${saidAt} desc, m.id desc limit ? offset ?`,
    [...params, filter.limit, filter.offset],
  )
  const ids = rows.map(({ id }) => id)
  if (filter.marksAsReceived) await markReceived(em, view, { messageIds: ids })
  return { count: total?.count ?? 0, results: await loadMessages(em, view, ids) }

  async function chatOf(): Promise<string | undefined> {
    if (filter.waId === undefined) return undefined
    if (filter.demandsChat) return (await demandWireChat(desk, filter.waId)).id
    const { workspaceId, numberId } = caller
    return (await findWireChat(em, { workspaceId, numberId, waId: filter.waId }))?.id ?? 'none'
  }
}

/** Of whole seconds, as the wire tells times. */
export function spanConditions(column: string, { since, before }: Span): { sql: string; params: number[] }[] {
  const at = `floor(extract(epoch from ${column}))`
  return [
    ...(since !== undefined ? [{ sql: `${at} >= ?`, params: [since] }] : []),
    ...(before !== undefined ? [{ sql: `${at} < ?`, params: [before] }] : []),
  ]
}
