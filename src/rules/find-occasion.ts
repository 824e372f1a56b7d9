import type { RulingInput } from '../../workflows/contract.ts'
import type { Em } from '../db/orm.ts'
import { incomingBody, outgoingBody, ruledTaggingBody } from '../wabbit-wire/bodies.ts'

/** Something that happened in a chat which a rule engine is told of. */
export interface Occasion {
  /** The same at every try. */
  id: string
  numberId: string
  contactId: string
  spam: boolean
  causeId: string | undefined
  /** When it happened: the same at every try, as a fact's time must be. */
  atMs: number
  /** What it is told. */
  body: object
}

/** Undefined when what happened is not there any more. */
export async function findOccasion(
  em: Em,
  { workspaceId, occasion }: RulingInput,
  baseUrl: string,
): Promise<Occasion | undefined> {
  const view = { workspaceId, baseUrl, userId: null }
  if (occasion.kind === 'tagged') {
    const event = await findTagging(em, workspaceId, occasion.eventId)
    const body = event && (await ruledTaggingBody(em, view, event))
    return body && { ...event, body }
  }
  const messageIds = occasion.kind === 'received' ? occasion.messageIds : [occasion.messageId]
  const place = await findPlace(em, workspaceId, messageIds)
  if (!place) return undefined
  const load = occasion.kind === 'received' ? incomingBody : outgoingBody
  return { ...place, body: await load(em, view, messageIds) }
}

type Place = Omit<Occasion, 'body'>

/** Of the last of the messages, which are of one chat. */
async function findPlace(em: Em, workspaceId: string, messageIds: string[]): Promise<Place | undefined> {
  const [place] = await em.execute<Place[]>(
    `select m.id, m.number_id as "numberId", m.contact_id as "contactId", v.spam, m.fact_id as "causeId",
       round(extract(epoch from m.created_at) * 1000)::float8 + 1 as "atMs"
     from messages m join conversations v on v.id = m.conversation_id
     where m.workspace_id = ? and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by m.id desc limit 1`,
    [workspaceId, JSON.stringify(messageIds)],
  )
  return place
}

async function findTagging(em: Em, workspaceId: string, eventId: string) {
  const [event] = await em.execute<(Place & { conversationId: string; messageId: string | null })[]>(
    `select e.id, v.number_id as "numberId", v.contact_id as "contactId", v.spam, e.conversation_id as "conversationId",
       e.message_id as "messageId", round(extract(epoch from e.at) * 1000)::float8 + 1 as "atMs" from tagging_events e join conversations v on v.id = e.conversation_id
     where e.workspace_id = ? and e.id = ?`,
    [workspaceId, eventId],
  )
  return event
}
