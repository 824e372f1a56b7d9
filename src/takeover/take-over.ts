import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { placeHold } from '../holds/place-hold.ts'
import type { JsonObject } from '../model/json.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import {
  findActiveTakeover,
  lockChat,
  type ActiveTakeover,
  type LockedChat,
  type TakeoverKind,
} from './active-takeover.ts'

export interface TakeOver {
  workspaceId: string
  conversationId: string
  kind: TakeoverKind
  /** Who, for the trace: an agent, the phone, or the journey that hands off. */
  by: string
  reason?: string | undefined
  /** When it ends by itself; null: when it is handed back. */
  endsAtMs: number | null
  causeId?: string | undefined
  handoff?: { runId: string; target: JsonObject } | undefined
}

/** A later word only ever makes a takeover firmer: typing becomes a message, a message becomes "this one is mine". */
const firmness: Record<TakeoverKind, number> = { typing: 0, handoff: 1, echo: 2, message: 2, taken: 3 }

/**
 * From the commit on an agent has the chat: no journey sends to this contact on this number, and what the contact says goes
 * to the agent. The chat is locked first, so that a send is either before it or sees it.
 */
export async function takeOver(em: Em, input: TakeOver): Promise<{ holdId: string; outbox: OutboxRow[] }> {
  const chat = await lockChat(em, input.workspaceId, input.conversationId)
  const active = await findActiveTakeover(em, chat)
  if (active) return { holdId: active.hold_id, outbox: await keepOn(em, input, chat, active) }
  const { workspaceId, kind, by, reason = '', causeId, handoff, endsAtMs } = input
  const { holdId } = await placeHold(em, {
    ...{ workspaceId, scope: 'contact', scopeId: chat.contactId, numberId: chat.numberId, kind: 'agent' },
    ...{ timers: 'freeze', entrants: 'enter', reason: sayHold(kind, by), by, causeId },
  })
  const factId = await note(em, input, chat)
  const isTaken = kind !== 'handoff'
  await em.execute(
    `insert into takeovers (hold_id, workspace_id, conversation_id, contact_id, kind, run_id, target, reason, by, taken_at,
       taken_by, ends_at, fact_id)
     values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, case when ? then now() end, ?, to_timestamp(?::float8 / 1000.0), ?)`,
    [
      ...[holdId, workspaceId, chat.conversationId, chat.contactId, kind, handoff?.runId ?? null],
      ...[handoff ? JSON.stringify(handoff.target) : null, reason, by, isTaken, isTaken ? by : null],
      ...[endsAtMs, factId],
    ],
  )
  return { holdId, outbox: await tellRuns(em, input, chat, holdId) }
}

/**
 * Whoever writes or takes over a chat that is held already keeps it longer, and takes what was handed off. A journey that
 * hands off what an agent has just begun to hold is remembered: after the hand-back it goes on at its own card.
 */
async function keepOn(
  em: Em,
  input: TakeOver,
  chat: LockedChat,
  active: ActiveTakeover,
): Promise<OutboxRow[]> {
  const isFirmer = firmness[input.kind] > firmness[active.kind]
  const takes = active.taken_at === null && input.kind !== 'typing' && input.kind !== 'handoff'
  // Who only types was not asked for yet: a hand-off that comes now waits for somebody to take it.
  const waits = input.kind === 'handoff' && active.kind === 'typing'
  const factId = isFirmer || takes ? await note(em, input, chat) : active.fact_id
  const endsAtMs = laterEnd(active, input, takes)
  const { handoff } = input
  await em.execute(
    `update takeovers set kind = ?, taken_at = case when ? then null else coalesce(taken_at, case when ? then now() end) end,
       taken_by = case when ? then null else coalesce(taken_by, case when ? then ? end) end,
       ends_at = to_timestamp(?::float8 / 1000.0), fact_id = ?,
       target = case when run_id is null then coalesce(?::jsonb, target) else target end, run_id = coalesce(run_id, ?)
     where hold_id = ?`,
    [
      ...[
        isFirmer && active.kind !== 'handoff' ? input.kind : active.kind,
        waits,
        takes,
        waits,
        takes,
        input.by,
      ],
      ...[endsAtMs, factId, handoff ? JSON.stringify(handoff.target) : null, handoff?.runId ?? null],
      active.hold_id,
    ],
  )
  return []
}

/** A hand-off's clock stops when somebody takes it. Nobody but who has the chat may set it for a shorter time. */
function laterEnd(active: ActiveTakeover, input: TakeOver, takes: boolean): number | null {
  if (takes || (input.kind === 'taken' && input.by === active.taken_by)) return input.endsAtMs
  if (active.ends_ms === null || input.endsAtMs === null) return null
  return Math.max(active.ends_ms, input.endsAtMs)
}

/** Sleeping runs of this contact are few: they are told, so that their clocks stand still at once. */
async function tellRuns(
  em: Em,
  { workspaceId, kind, by }: TakeOver,
  { contactId, numberId }: LockedChat,
  holdId: string,
): Promise<OutboxRow[]> {
  const runs = await em.execute<{ workflow_id: string }[]>(
    `select workflow_id from runs where workspace_id = ? and contact_id = ? and number_id = ? and ended_at is null
     order by id`,
    [workspaceId, contactId, numberId],
  )
  const payload = {
    ...{ holdId, reason: sayHold(kind, by), timers: 'freeze' as const },
    ...{ sinceMs: Date.now(), isSaved: false },
  }
  return enqueue(
    em,
    runs.map(({ workflow_id: workflowId }) => ({ name: 'held' as const, workflowId, payload })),
  )
}

function sayHold(kind: TakeoverKind, by: string): string {
  return kind === 'handoff' ? 'handed off to a person' : `${by} has the chat`
}

async function note(
  em: Em,
  { workspaceId, kind, by, causeId, handoff, endsAtMs }: TakeOver,
  { conversationId, contactId }: LockedChat,
): Promise<string> {
  const id = newId()
  const until = endsAtMs === null ? null : new Date(endsAtMs).toISOString()
  // What was said about it may be about the person: it stands in the row, which an erasure empties.
  const data = { conversation: conversationId, how: kind, by, until }
  await recordFacts(em, workspaceId, [
    {
      ...{ id, atMs: Date.now(), kind: kind === 'handoff' ? 'chat.handed-off' : 'chat.taken' },
      ...{ contactId, runId: handoff?.runId, causeId, data },
    },
  ])
  return id
}
