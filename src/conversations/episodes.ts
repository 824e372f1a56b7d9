import { recordFacts } from '../analytics/facts.ts'
import { derivedId, newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { recordEvents } from '../events/record-events.ts'
import { episodeClosed } from '../lifecycle/on-deeds.ts'
import { announce } from '../live/announce.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'

/** What customers' messages do to the standing of their chats. */
export interface HeardMessage {
  conversationId: string
  messageId: string
  atMs: number
  /** It wants an answer: a reaction or a notice does not. */
  asks: boolean
}

/**
 * Customers wrote: their chats come up, wait for an answer, and begin a new episode where none is live; what was snoozed or
 * pending is open again. Spam is stored and nothing more. Returns the conversations that were opened.
 */
export async function openEpisodes(
  em: Em,
  workspaceId: string,
  heard: HeardMessage[],
): Promise<ReadonlySet<string>> {
  const latest = new Map<string, HeardMessage>()
  for (const message of heard) {
    const asks = message.asks || (latest.get(message.conversationId)?.asks ?? false)
    latest.set(message.conversationId, { ...message, asks })
  }
  const rows = [...latest.values()].map((each) => ({
    ...{ id: each.conversationId, message_id: each.messageId, at_ms: each.atMs },
    ...{ asks: each.asks, episode_id: newId() },
  }))
  const opened = await em.execute<{ conversation_id: string }[]>(
    `with n as (select * from jsonb_to_recordset(?::jsonb) as n(id uuid, message_id uuid, at_ms double precision, asks boolean,
       episode_id uuid)),
     moved as (
       update conversations v set active_at = now(), last_message_id = greatest(v.last_message_id, n.message_id),
         last_inbound_at = greatest(v.last_inbound_at, to_timestamp(n.at_ms / 1000.0)),
         status = case when n.asks and not v.spam then 'open' else v.status end,
         snoozed_until = case when not n.asks or v.spam then v.snoozed_until end,
         waiting_since = case when n.asks and not v.spam then coalesce(v.waiting_since, now()) else v.waiting_since end
       from n where v.id = n.id and v.workspace_id = ? returning v.id, v.spam)
     insert into conversation_episodes (id, workspace_id, conversation_id, opened_by)
     select n.episode_id, ?, n.id, 'the customer' from n join moved on moved.id = n.id where n.asks and not moved.spam
     on conflict do nothing returning conversation_id`,
    [JSON.stringify(rows), workspaceId, workspaceId],
  )
  return new Set(opened.map((row) => row.conversation_id))
}

export interface ClosedChat {
  workspaceId: string
  conversationId: string
  contactId: string
  /** Why: `silence`, `resolved`, what a journey said … */
  outcome: string
  by?: string
  causeId?: string | undefined
}

/** A journey's end closes the chat. */
export async function closeChat(deps: Deps, input: ClosedChat): Promise<void> {
  const em = forkFor(deps.orm, input.workspaceId)
  relaySoon(deps, await em.transactional((tx) => closeEpisode(tx, input)))
}

/** Ends the live episode; the conversation itself stays for ever, and with whoever has it. */
export async function closeEpisode(em: Em, input: ClosedChat): Promise<OutboxRow[]> {
  const { workspaceId, conversationId, contactId, outcome, causeId, by = null } = input
  // The order of locks is everywhere the same: the chat, then what hangs on it.
  const [standing] = await em.execute<{ status: string }[]>(
    'select status from conversations where id = ? and workspace_id = ? for update',
    [conversationId, workspaceId],
  )
  const closed = await em.execute<{ id: string; reopened: number }[]>(
    `update conversation_episodes set closed_at = now(), outcome = ?, closed_by = ?
     where conversation_id = ? and workspace_id = ? and closed_at is null returning id, reopened`,
    [outcome, by, conversationId, workspaceId],
  )
  await em.execute(
    `update conversations set status = 'closed', snoozed_until = null, waiting_since = null, queued_at = null
     where id = ? and workspace_id = ? and status <> 'closed'`,
    [conversationId, workspaceId],
  )
  const [episode] = closed
  if (standing?.status !== 'closed') {
    await announce(em, workspaceId, [
      { kind: 'conversation.changed', conversationId, data: { what: ['status'] } },
    ])
  }
  if (!episode) return []
  const id = derivedId(episode.id, 'chat.closed', String(episode.reopened))
  const atMs = Date.now()
  const data = { conversation: conversationId, outcome, by }
  await recordFacts(em, workspaceId, [{ id, atMs, kind: 'chat.closed', contactId, causeId, data }])
  const attributes = { conversation_id: conversationId, outcome }
  const event = { contactId, type: 'conversation_closed', attributes, atMs, causeId: id }
  return [
    ...(await recordEvents(em, workspaceId, [event])),
    ...(await episodeClosed(em, { workspaceId, conversationId, episodeId: episode.id })),
  ]
}
