import { newId } from '../../src/db/columns.ts'
import { newWamid } from './meta-webhooks.ts'
import type { Product } from './product.ts'

const contacts = 2_000

export interface Person {
  contactId: string
  conversationId: string
  waId: string
}
export interface SentMessage {
  id: string
  wamid: string
  waId: string
}

/** Customers who have written before. */
export async function meetPeople({ pool, workspaceId, numberId }: Product): Promise<Person[]> {
  const people = Array.from({ length: contacts }, (_, at) => ({
    contactId: newId(),
    identityId: newId(),
    conversationId: newId(),
    waId: String(491_720_000_000 + at),
  }))
  const given = `jsonb_to_recordset($2::jsonb)
    as n("contactId" uuid, "identityId" uuid, "conversationId" uuid, "waId" text)`
  const values = [workspaceId, JSON.stringify(people)]
  await pool.query(`insert into contacts (id, workspace_id) select n."contactId", $1 from ${given}`, values)
  await pool.query(
    `insert into identities (id, workspace_id, contact_id, kind, value, source)
     select n."identityId", $1, n."contactId", 'wa_id', n."waId", 'bench' from ${given}`,
    values,
  )
  await pool.query(
    `insert into conversations (id, workspace_id, number_id, contact_id)
     select n."conversationId", $1, $3, n."contactId" from ${given}`,
    [...values, numberId],
  )
  return people
}

/** Rows of the send ledger as they are when WhatsApp has accepted the messages. */
export async function fillLedger(product: Product, people: Person[], count: number): Promise<SentMessage[]> {
  const { pool, workspaceId, numberId } = product
  const sent = Array.from({ length: count }, (_, at) => {
    const person = people[at % people.length] as Person
    return { ...person, id: newId(), factId: newId(), wamid: newWamid() }
  })
  await pool.query(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, wamid,
       fact_id, send_key, class, state, attempt, status, inflight_at, accepted_at)
     select n.id, $1, n."conversationId", $3, n."contactId", 'out', 'template',
       '{"type": "template", "template": {"name": "offer", "language": {"code": "en"}}}', 'offer', n.wamid,
       n."factId", 'campaign:' || n.id, 'marketing', 'accepted', 1, 'accepted', now(), now()
     from jsonb_to_recordset($2::jsonb) as n(id uuid, "factId" uuid, wamid text, "contactId" uuid, "conversationId" uuid)`,
    [workspaceId, JSON.stringify(sent), numberId],
  )
  await pool.query('analyze messages')
  return sent
}
