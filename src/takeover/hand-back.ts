import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { liftHold } from '../holds/place-hold.ts'
import { AppError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import type { Order } from '../../workflows/cards/journey-state.ts'
import { findActiveTakeover, lockChat, type ActiveTakeover, type LockedChat } from './active-takeover.ts'

export type AfterTakeover = JourneyDefinition['afterTakeover']

export interface HandBack {
  workspaceId: string
  conversationId: string
  by: string
  /** What every journey in the chat does; without it each does what its definition says. */
  choice?: AfterTakeover | undefined
  outcome: 'handed-back' | 'timeout'
}

interface HeldRow {
  id: string
  workflow_id: string
  journey_id: string
  /** A question of it stands. */
  asks: boolean
  after: AfterTakeover | null
  cards: string[]
}

export interface HandedBack {
  outbox: OutboxRow[]
  runs: { runId: string; journeyId: string; action: AfterTakeover['action'] }[]
}

/**
 * The journeys of a chat go on, each as it was told to. Undefined when nobody has the chat. The run that had handed the
 * chat off goes on at its own card, which asks what came of it.
 */
export async function handBack(em: Em, input: HandBack): Promise<HandedBack | undefined> {
  const { workspaceId, by, choice } = input
  const chat = await lockChat(em, workspaceId, input.conversationId)
  const active = await findActiveTakeover(em, chat)
  if (!active) return undefined
  const runs = await listHeldRuns(em, workspaceId, chat)
  if (choice?.action === 'goto') demandCard(choice.card, runs, active)
  await liftHold(em, { workspaceId, holdId: active.hold_id, by })
  await endTakeover(em, input, active)
  const decided = runs.map((run) => ({ run, ...decide(run, active, choice, by) }))
  await note(em, input, chat, active)
  return {
    runs: decided.map(({ run, action }) => ({ runId: run.id, journeyId: run.journey_id, action })),
    outbox: await enqueue(
      em,
      decided.map(({ run, order }) => ({
        name: 'released' as const,
        workflowId: run.workflow_id,
        payload: { holdId: active.hold_id, ...(order && { order }) },
      })),
    ),
  }
}

async function listHeldRuns(em: Em, workspaceId: string, chat: LockedChat): Promise<HeldRow[]> {
  const { conversationId, contactId, numberId } = chat
  return em.execute<HeldRow[]>(
    `select r.id, r.workflow_id, r.journey_id, v.definition -> 'afterTakeover' as after,
       array(select jsonb_object_keys(v.definition -> 'cards')) as cards,
       c.floor_workflow_id is not distinct from r.workflow_id
         or exists (select 1 from floor_waits w where w.conversation_id = c.id and w.workflow_id = r.workflow_id) as asks
     from runs r join journey_versions v on v.id = r.version_id join conversations c on c.id = ?
     where r.workspace_id = ? and r.contact_id = ? and r.number_id = ? and r.ended_at is null order by r.id`,
    [conversationId, workspaceId, contactId, numberId],
  )
}

function demandCard(card: string, runs: HeldRow[], { run_id: handedOff }: ActiveTakeover): void {
  if (runs.some(({ id, cards }) => id === handedOff || cards.includes(card))) return
  const message = 'no journey in this chat has such a card'
  throw new AppError('unprocessable', `card: ${message}`, { fields: [{ field: 'card', message }] })
}

/** A question is repeated where one stands; a card is gone to where there is one; everything else goes on. */
function decide(
  run: HeldRow,
  { run_id: handedOff }: ActiveTakeover,
  choice: AfterTakeover | undefined,
  by: string,
): { action: AfterTakeover['action']; order: Order | undefined } {
  const after = choice ?? run.after ?? { action: 'continue' }
  if (run.id === handedOff) return { action: choice?.action ?? 'continue', order: undefined }
  if (after.action === 'exit') {
    const reason = choice ? `ended by ${by} at the hand-back` : 'an agent had the chat'
    return { action: 'exit', order: { action: 'exit', reason } }
  }
  if (after.action === 'repeat' && run.asks) return { action: 'repeat', order: { action: 'repeat' } }
  if (after.action === 'goto' && run.cards.includes(after.card))
    return { action: 'goto', order: { action: 'goto', card: after.card } }
  return { action: 'continue', order: undefined }
}

async function endTakeover(em: Em, input: HandBack, { hold_id }: ActiveTakeover): Promise<void> {
  const { choice, outcome, by } = input
  await em.execute(
    `update takeovers set ended_at = now(), ended_by = ?, outcome = ?, action = ?, card_id = ? where hold_id = ?`,
    [by, outcome, choice?.action ?? null, choice?.action === 'goto' ? choice.card : null, hold_id],
  )
}

async function note(em: Em, input: HandBack, chat: LockedChat, active: ActiveTakeover): Promise<void> {
  const { workspaceId, by, outcome, choice } = input
  await recordFacts(em, workspaceId, [
    {
      ...{ id: newId(), atMs: Date.now(), kind: 'chat.handed-back', contactId: chat.contactId },
      ...{ runId: active.run_id ?? undefined, causeId: active.fact_id },
      data: { conversation: chat.conversationId, by, outcome, action: choice?.action ?? null },
    },
  ])
}
