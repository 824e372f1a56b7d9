import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'

/**
 * Gives the floor back when a question's time is up. An answer that came first has taken the floor already and is on its
 * way as a signal: exactly one of the two wins, decided by the row.
 */
export async function releaseFloor(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; conversationId: string; askKey: string },
): Promise<'released' | 'answered'> {
  const { workspaceId, askKey } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const conversationId = await lockConversation(em, input.conversationId)
    const [answer] = await em.execute<object[]>(
      'select 1 from messages where conversation_id = ? and answers_ask_key = ? limit 1',
      [conversationId, askKey],
    )
    if (answer) return 'answered'
    await passFloor(em, conversationId, { askKey })
    return 'released'
  })
}

async function lockConversation(em: Em, conversationId: string): Promise<string> {
  const [row] = await em.execute<{ id: string }[]>(
    'select id from conversations where id = (select coalesce(merged_into, id) from conversations where id = ?) for update',
    [conversationId],
  )
  return row?.id ?? conversationId
}

/** The question, or all questions of a run, are no more: whoever waited last for the floor gets it back. */
export async function passFloor(
  em: Em,
  conversationId: string,
  over: { askKey: string } | { runId: string },
): Promise<void> {
  const key = 'askKey' in over ? over.askKey : `${over.runId}:`
  // Of contacts that were merged there is one conversation a number, whichever a run began with.
  const chat = '(select coalesce(merged_into, id) from conversations where id = ?)'
  const isOver = (column: string) => ('askKey' in over ? `${column} = ?` : `starts_with(${column}, ?)`)
  await em.execute(
    `with next as (
       select workflow_id, ask_key from floor_waits w where conversation_id = ${chat} and not ${isOver('ask_key')}
         and exists (select 1 from runs r where r.workflow_id = w.workflow_id and r.ended_at is null)
       order by since desc limit 1),
     passed as (
       update conversations set floor_workflow_id = (select workflow_id from next), floor_ask_key = (select ask_key from next)
       where id = ${chat} and ${isOver('floor_ask_key')} returning id)
     delete from floor_waits where conversation_id = ${chat} and (${isOver('ask_key')}
       or (exists (select 1 from passed) and workflow_id = (select workflow_id from next)))`,
    [conversationId, key, conversationId, key, conversationId, key],
  )
}

export interface FloorTaking {
  workspaceId: string
  conversationId: string
  contactId: string
  workflowId: string
  askKey: string
  causeId: string
}

interface LostFloor {
  workflow_id: string
  ask_key: string
  run_id: string
  leaves: boolean
}

/**
 * The asker takes the floor with the question, before it can be answered. A question that this run lineage asked before
 * and that was answered since is not asked again, so it must not take the floor from whoever has it now. Another journey
 * whose question stood waits for the floor, or is told to leave.
 */
export async function takeFloor(
  em: Em,
  taking: FloorTaking,
  askedBefore: string | undefined,
): Promise<OutboxRow[]> {
  const { conversationId, workflowId, askKey } = taking
  if (askedBefore) {
    const [answered] = await em.execute<object[]>(
      `select 1 from messages where conversation_id = ? and direction = 'in' and answers_ask_key = ? limit 1`,
      [conversationId, askKey],
    )
    if (answered) return []
  }
  const lost = await em.execute<LostFloor[]>(
    `with before as (
       select id, workspace_id, floor_workflow_id as workflow_id, floor_ask_key as ask_key from conversations
       where id = ? and floor_workflow_id <> ?),
     waiting as (
       insert into floor_waits (workspace_id, conversation_id, workflow_id, ask_key, since)
       select workspace_id, id, workflow_id, ask_key, clock_timestamp() from before
       on conflict (conversation_id, workflow_id) do update set ask_key = excluded.ask_key, since = excluded.since),
     own as (delete from floor_waits where conversation_id = ? and workflow_id = ?),
     taken as (update conversations set floor_workflow_id = ?, floor_ask_key = ? where id = ?)
     select b.workflow_id, b.ask_key, r.id as run_id, v.definition ->> 'whenInterrupted' = 'leave' as leaves
     from before b join runs r on r.workflow_id = b.workflow_id and r.ended_at is null
     join journey_versions v on v.id = r.version_id`,
    [conversationId, workflowId, conversationId, workflowId, workflowId, askKey, conversationId],
  )
  return tellLosers(em, taking, lost)
}

async function tellLosers(em: Em, taking: FloorTaking, lost: LostFloor[]): Promise<OutboxRow[]> {
  const { workspaceId, contactId, causeId, workflowId } = taking
  await recordFacts(
    em,
    workspaceId,
    lost.map(({ run_id: runId, leaves }) => ({
      ...{ id: newId(), atMs: Date.now(), kind: 'floor.lost', contactId, runId, causeId },
      data: { to: workflowId, leaves: leaves === true },
    })),
  )
  const leaving = lost.filter(({ leaves }) => leaves)
  return enqueue(
    em,
    leaving.map(({ workflow_id, ask_key: askKey }) => ({
      ...{ name: 'floorLost' as const, workflowId: workflow_id, payload: { askKey } },
    })),
  )
}
