import { placeOrders } from '../catalog/place-orders.ts'
import { campaignEngagement, listEventInterests } from '../events/event-interests.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents, spreadEvents, type ContactEvent } from '../events/record-events.ts'
import type { Em } from '../db/orm.ts'
import { receiveFlowAnswers } from '../flows/receive-flow-answers.ts'
import { toReply } from '../model/reply.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { Arrival } from './arrival.ts'
import { noteCampaignAnswers } from './note-campaign-reactions.ts'

/**
 * What new messages mean to other rooms, in the transaction that stores them: a feature that looks into messages adds its
 * line here. Each takes all arrivals at once and costs next to nothing when none is for it.
 * @param opened conversations that these messages opened anew.
 */
export async function reactToMessages(
  em: Em,
  workspaceId: string,
  arrivals: Arrival[],
  opened: { conversationId: string; contactId: string }[],
): Promise<OutboxRow[]> {
  return [
    ...(await tellOpened(em, workspaceId, arrivals, opened)),
    ...(await tellMessages(em, workspaceId, arrivals)),
    ...(await tellSeen(em, workspaceId, arrivals)),
    ...(await placeOrders(em, workspaceId, arrivals)),
    ...(await receiveFlowAnswers(em, workspaceId, arrivals)),
  ]
}

/** The contact was seen just now, and the 24-hour window is open. */
async function tellSeen(em: Em, workspaceId: string, arrivals: Arrival[]): Promise<OutboxRow[]> {
  const causes = new Map(arrivals.map(({ contactId, factId }) => [contactId, factId]))
  const keys = ['last_seen', 'window']
  await noteChanges(
    em,
    workspaceId,
    [...causes].map(([contactId, causeId]) => ({ contactId, keys, causeId })),
  )
  return []
}

async function tellOpened(
  em: Em,
  workspaceId: string,
  arrivals: Arrival[],
  opened: { conversationId: string; contactId: string }[],
): Promise<OutboxRow[]> {
  const first = new Map(arrivals.toReversed().map((arrival) => [arrival.conversationId, arrival]))
  const events = opened.flatMap(({ conversationId, contactId }): ContactEvent[] => {
    const arrival = first.get(conversationId)
    if (!arrival) return []
    const { receivedAtMs: atMs, factId: causeId } = arrival
    const attributes = { conversation_id: conversationId }
    return [{ contactId, type: 'conversation_opened', attributes, atMs, causeId }]
  })
  return recordEvents(em, workspaceId, events)
}

/** Their rows are the messages themselves. */
async function tellMessages(em: Em, workspaceId: string, arrivals: Arrival[]): Promise<OutboxRow[]> {
  const asked = ['message_received', 'button_clicked', campaignEngagement]
  const interests = await listEventInterests(em, workspaceId, asked)
  if (interests.size === 0) return []
  if (interests.has(campaignEngagement)) await noteCampaignAnswers(em, workspaceId, arrivals)
  const events = arrivals.flatMap((arrival) => {
    const { id, contactId, receivedAtMs: atMs, factId: causeId, type, raw } = arrival
    const { text, choiceId } = toReply(raw, id, causeId)
    const base = { id, contactId, atMs, causeId }
    const received = { ...base, type: 'message_received', attributes: { message_id: id, type, text } }
    const clicked = {
      ...base,
      type: 'button_clicked',
      attributes: { message_id: id, text, payload: choiceId ?? null },
    }
    return choiceId === undefined ? [received] : [received, clicked]
  })
  return spreadEvents(
    em,
    workspaceId,
    events.filter(({ type }) => interests.has(type)),
  )
}
