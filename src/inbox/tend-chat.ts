import { recordFacts } from '../analytics/facts.ts'
import { closeEpisode } from '../conversations/episodes.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'

interface ChatRow {
  contact_id: string
  episode_id: string | null
  silent_ms: number
  window_ms: number | null
  window_ends_at: string | null
}

/**
 * What a chat does when its clock rings: notes that the 24-hour window closed, closes the chat after the configured
 * silence, and says when to look again. Messages that went elsewhere (to a journey) count as activity.
 */
export async function tendChat(
  deps: Deps,
  input: { workspaceId: string; conversationId: string; silenceMs: number },
): Promise<{ closed: true } | { closed: false; nextInMs: number }> {
  const { outbox, ...next } = await forkFor(deps.orm, input.workspaceId).transactional((em) =>
    tend(em, input),
  )
  relaySoon(deps, outbox)
  return next
}

type Tended = { outbox: OutboxRow[] } & ({ closed: true } | { closed: false; nextInMs: number })

async function tend(em: Em, input: Parameters<typeof tendChat>[1]): Promise<Tended> {
  const [chat] = await em.execute<ChatRow[]>(
    `select v.contact_id, e.id as episode_id, v.window_ends_at::text,
         extract(epoch from now() - v.last_message_at)::float8 * 1000 as silent_ms,
         extract(epoch from v.window_ends_at - now())::float8 * 1000 as window_ms
       from conversations v left join conversation_episodes e on e.conversation_id = v.id and e.closed_at is null
       where v.id = ? and v.workspace_id = ? for update of v`,
    [input.conversationId, input.workspaceId],
  )
  if (!chat?.episode_id) return { closed: true, outbox: [] }
  if (chat.window_ms !== null && chat.window_ms <= 0) await noteClosedWindow(em, input, chat)
  if (chat.silent_ms >= input.silenceMs) {
    const episode = { ...input, contactId: chat.contact_id, outcome: 'silence', by: 'the clock' }
    return { closed: true, outbox: await closeEpisode(em, episode) }
  }
  const waits = [input.silenceMs - chat.silent_ms, chat.window_ms ?? 0].filter((ms) => ms > 0)
  return { closed: false, nextInMs: Math.ceil(Math.min(...waits)) + 50, outbox: [] }
}

/** One fact a window: its end is part of the id. */
async function noteClosedWindow(
  em: Em,
  input: { workspaceId: string; conversationId: string },
  chat: ChatRow,
): Promise<void> {
  const endedAt = String(chat.window_ends_at)
  await recordFacts(em, input.workspaceId, [
    {
      id: derivedId(input.conversationId, endedAt, 'window.closed'),
      atMs: Math.round(Date.parse(endedAt)),
      kind: 'window.closed',
      contactId: chat.contact_id,
      data: { conversation: input.conversationId },
    },
  ])
}
