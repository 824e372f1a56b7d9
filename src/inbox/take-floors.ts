import type { Em } from '../db/orm.ts'
import { toReply } from '../model/reply.ts'
import { isWithAgent } from '../takeover/active-takeover.ts'
import type { Arrival } from './arrival.ts'

/** Whose question a message answers. */
export interface Holder {
  workflowId: string
  askKey: string
}

/**
 * The first answer takes the floor, which then goes back to whoever asked before. Taking it here decides the race against
 * the question's time-out. While an agent has the chat nothing is an answer: the question stands, and waits.
 * A tap answers the message that has the button: another question that waits for its turn, or none that stands.
 * @param arrivals of the kinds that may answer.
 */
export async function takeFloors(em: Em, arrivals: Arrival[]): Promise<Map<string, Holder>> {
  const strays = await findStrayTaps(em, arrivals)
  const first = new Map<string, string>()
  for (const { id, conversationId } of arrivals) {
    if (!strays.has(id) && !first.has(conversationId)) first.set(conversationId, id)
  }
  const taken = new Map<string, Holder>()
  for (const [messageId, askKey] of strays) {
    const holder = askKey === null ? undefined : await takeTurn(em, messageId, askKey)
    if (holder) taken.set(messageId, holder)
  }
  for (const [messageId, holder] of await takeHeld(em, first)) taken.set(messageId, holder)
  return taken
}

/**
 * Taps on buttons, rows and forms of messages that did not ask what the holder of the floor asks; with the question that
 * waits for its turn and that they answer, if they do. A journey that asks again asks the same: its older buttons count.
 */
async function findStrayTaps(em: Em, arrivals: Arrival[]): Promise<Map<string, string | null>> {
  const taps = arrivals.filter(({ contextWamid, raw, id, factId }) => {
    if (contextWamid === undefined) return false
    const { choiceId, form } = toReply(raw, id, factId)
    return choiceId !== undefined || form !== undefined
  })
  if (taps.length === 0) return new Map()
  const rows = await em.execute<{ message_id: string; ask_key: string | null }[]>(
    `with tapped as (
       select n.message_id, c.id as conversation_id, m.card_id, r.lineage_id, c.floor_workflow_id, c.floor_ask_key
       from jsonb_to_recordset(?::jsonb) as n(message_id uuid, conversation_id uuid, wamid text)
       join conversations c on c.id = n.conversation_id and c.floor_workflow_id is not null
       join messages m on m.number_id = c.number_id and m.wamid = n.wamid and m.direction = 'out'
       left join runs r on r.id = m.run_id)
     select t.message_id, (select w.ask_key from floor_waits w join runs r on r.workflow_id = w.workflow_id
         where w.conversation_id = t.conversation_id and r.ended_at is null and r.lineage_id = t.lineage_id
           and split_part(w.ask_key, ':', 2) = t.card_id limit 1) as ask_key
     from tapped t left join runs holder on holder.workflow_id = t.floor_workflow_id
     where (t.lineage_id, t.card_id) is distinct from (holder.lineage_id, split_part(t.floor_ask_key, ':', 2))`,
    [
      JSON.stringify(
        taps.map(({ id, conversationId, contextWamid }) => ({
          ...{ message_id: id, conversation_id: conversationId, wamid: contextWamid },
        })),
      ),
    ],
  )
  return new Map(rows.map((row) => [row.message_id, row.ask_key]))
}

/** A question that waits is answered before its turn; who has the floor keeps it. */
async function takeTurn(em: Em, messageId: string, askKey: string): Promise<Holder | undefined> {
  const [row] = await em.execute<{ workflow_id: string; ask_key: string }[]>(
    `with held as (
       delete from floor_waits w using messages m, conversations c where m.id = ? and w.ask_key = ?
         and w.conversation_id = m.conversation_id and c.id = m.conversation_id and not ${isWithAgent('c')}
       returning w.workflow_id, w.ask_key),
     marked as (update messages m set answers_ask_key = held.ask_key from held where m.id = ?)
     select workflow_id, ask_key from held`,
    [messageId, askKey, messageId],
  )
  return row && { workflowId: row.workflow_id, askKey: row.ask_key }
}

/** @param first the message that answers in each conversation. */
async function takeHeld(em: Em, first: Map<string, string>): Promise<Map<string, Holder>> {
  if (first.size === 0) return new Map()
  const rows = await em.execute<{ message_id: string; workflow_id: string; ask_key: string }[]>(
    `with held as (
       select c.id, c.floor_workflow_id, c.floor_ask_key, n.message_id
       from jsonb_to_recordset(?::jsonb) as n(conversation_id uuid, message_id uuid)
       join conversations c on c.id = n.conversation_id where c.floor_workflow_id is not null and not ${isWithAgent('c')}),
     next as (
       select distinct on (w.conversation_id) w.conversation_id, w.workflow_id, w.ask_key
       from held join floor_waits w on w.conversation_id = held.id
       where exists (select 1 from runs r where r.workflow_id = w.workflow_id and r.ended_at is null)
       order by w.conversation_id, w.since desc),
     waits as (
       delete from floor_waits w using next where w.conversation_id = next.conversation_id and w.workflow_id = next.workflow_id),
     freed as (
       update conversations c set floor_workflow_id = next.workflow_id, floor_ask_key = next.ask_key
       from held left join next on next.conversation_id = held.id where c.id = held.id),
     marked as (update messages m set answers_ask_key = held.floor_ask_key from held where m.id = held.message_id)
     select message_id, floor_workflow_id as workflow_id, floor_ask_key as ask_key from held`,
    [
      JSON.stringify(
        [...first].map(([conversationId, id]) => ({ conversation_id: conversationId, message_id: id })),
      ),
    ],
  )
  return new Map(rows.map((row) => [row.message_id, { workflowId: row.workflow_id, askKey: row.ask_key }]))
}
