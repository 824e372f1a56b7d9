import { assignChat } from '../conversations/assign.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { nextOpening } from '../model/business-hours.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { loadAgents } from './load-agents.ts'
import { pickAgent } from './pick-agent.ts'
import type { QueuedFor } from './queue.ts'

interface Waiting {
  id: string
  queued_for: QueuedFor
}
export interface Drained {
  given: number
  waiting: number
  /** When to look again though nothing happens: somebody's hours begin, or a wake-up was missed. */
  nextLookMs: number
}

/** Chats of one look: the others are looked at right after. */
const maximumLook = 200
const lookAgainMs = 60_000

/**
 * Gives chats that wait to whoever is free for them, who waits longest first and the urgent before them. Each is given in a
 * transaction of its own that has locked the chat: whoever takes one by hand meanwhile has it.
 */
export async function drainQueue(deps: Deps, { workspaceId }: { workspaceId: string }): Promise<Drained> {
  const em = forkFor(deps.orm, workspaceId)
  const chats = await em.execute<Waiting[]>(
    `select id, queued_for from conversations where workspace_id = ? and queued_at is not null and status <> 'snoozed'
       and queued_for ->> 'method' <> 'pull' order by priority desc, queued_at, id`,
    [workspaceId],
  )
  const busy = new Set<string>()
  let given = 0
  for (const chat of chats) {
    const key = JSON.stringify(chat.queued_for.candidates)
    // Who waits for the same people waits behind them.
    if (busy.has(key)) continue
    const told = await em.transactional((tx) => giveNext(tx, workspaceId, chat))
    if (told === 'nobody') {
      busy.add(key)
      continue
    }
    relaySoon(deps, told)
    given += 1
    if (given >= maximumLook) return { given, waiting: chats.length - given, nextLookMs: 1 }
  }
  const nextLookMs = await untilHours(em, workspaceId)
  return { given, waiting: chats.length - given, nextLookMs }
}

async function giveNext(em: Em, workspaceId: string, { id }: Waiting): Promise<OutboxRow[] | 'nobody'> {
  const [chat] = await em.execute<Waiting[]>(
    `select id, queued_for from conversations where id = ? and workspace_id = ? and queued_at is not null for update`,
    [id, workspaceId],
  )
  if (!chat) return []
  const { candidates, method, ruleId } = chat.queued_for
  if (method === 'pull') return []
  const picked = await pickAgent(em, { workspaceId, conversationId: id, candidates, method })
  if (picked.userId === null) return 'nobody'
  const reason = { rule: ruleId, why: `the chat waited, and ${picked.reason}` }
  const order = { workspaceId, conversationId: id, userId: picked.userId, by: 'the queue', reason }
  return (await assignChat(em, order)).outbox
}

async function untilHours(em: Em, workspaceId: string): Promise<number> {
  const agents = await loadAgents(em, { workspaceId, candidates: 'everybody' })
  const nowMs = Date.now()
  const openings = agents.flatMap(({ hours }) => {
    const atMs = hours ? nextOpening(hours, nowMs) : undefined
    return atMs === undefined || atMs <= nowMs ? [] : [atMs - nowMs]
  })
  return Math.max(1_000, Math.min(lookAgainMs, ...openings.map((ms) => ms + 50)))
}
