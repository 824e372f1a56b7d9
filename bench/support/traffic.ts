import { newId } from '../../src/db/columns.ts'
import { newWamid, signedBody, statusItem, textMessage, type SignedBody } from './meta-webhooks.ts'
import type { Product } from './product.ts'

const contacts = 2_000
/** Messages that WhatsApp delivers, and that customers read, while this one is sent. */
const deliveredLater = 300
const readLater = 1_500
const statusesAMessage = 10

interface Sent {
  id: string
  wamid: string
  waId: string
}
type Item = { messages: Record<string, unknown>[]; statuses: Record<string, unknown>[] }

/** What one busy number brings back: three statuses for each message of the ledger, and now and then a customer's word. */
export function createTraffic({ pool, workspaceId, numberId, whatsapp }: Product) {
  let people: { contactId: string; conversationId: string; waId: string }[] | undefined
  let statuses = 0
  let messages = 0

  async function meetPeople() {
    const made = Array.from({ length: contacts }, (_, at) => ({
      contactId: newId(),
      identityId: newId(),
      conversationId: newId(),
      waId: String(491_720_000_000 + at),
    }))
    const rows =
      'jsonb_to_recordset($2::jsonb) as n("contactId" uuid, "identityId" uuid, "conversationId" uuid, "waId" text)'
    const json = JSON.stringify(made)
    await pool.query(`insert into contacts (id, workspace_id) select n."contactId", $1 from ${rows}`, [
      workspaceId,
      json,
    ])
    await pool.query(
      `insert into identities (id, workspace_id, contact_id, kind, value, source)
       select n."identityId", $1, n."contactId", 'wa_id', n."waId", 'bench' from ${rows}`,
      [workspaceId, json],
    )
    await pool.query(
      `insert into conversations (id, workspace_id, number_id, contact_id)
       select n."conversationId", $1, $3, n."contactId" from ${rows}`,
      [workspaceId, json, numberId],
    )
    return made
  }

  /** Rows of the send ledger as they are when WhatsApp has accepted them. */
  async function fillLedger(count: number): Promise<Sent[]> {
    people ??= await meetPeople()
    const known = people
    const sent = Array.from({ length: count }, (_, at) => {
      const { contactId, conversationId, waId } = known[at % known.length] ?? { waId: '' }
      return { id: newId(), factId: newId(), wamid: newWamid(), waId, contactId, conversationId }
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
    return sent
  }

  return {
    /** Signed bodies that hold about so many items, in POSTs of these sizes by turns. */
    async make(items: number, sizes: number[]): Promise<SignedBody[]> {
      const sent = await fillLedger(Math.round((items / 3 / (statusesAMessage + 1)) * statusesAMessage))
      await pool.query('vacuum analyze messages')
      const stream = itemsOf(sent)
      statuses += sent.length * 3
      messages += stream.length - sent.length * 3
      const bodies: SignedBody[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1
        const part = stream.slice(at, at + size)
        bodies.push(
          signedBody(whatsapp, {
            messages: part.flatMap((item) => item.messages),
            statuses: part.flatMap((item) => item.statuses),
          }),
        )
        at += size
      }
      return bodies
    },
    /** That everything which was answered 200 stands in the tables. */
    async check(): Promise<void> {
      const { rows } = await pool.query<{ statuses: number; messages: number; read: number; sent: number }>(
        `select (select count(*)::int from message_statuses) as statuses, count(*) filter (where direction = 'in')::int as messages,
           count(*) filter (where status = 'read')::int as read, count(*) filter (where direction = 'out')::int as sent from messages`,
      )
      const [found] = rows
      const isWhole =
        found?.statuses === statuses && found.messages === messages && found.read === statuses / 3
      if (!isWhole)
        throw new Error(`of ${statuses} statuses and ${messages} messages: ${JSON.stringify(found)}`)
    },
  }
}

/** In the order in which WhatsApp would say it: a message is read some time after later ones were sent. */
function itemsOf(sent: Sent[]): Item[] {
  const stream: Item[] = []
  for (let at = 0; at < sent.length + readLater; at++) {
    for (const [status, later] of Object.entries({ sent: 0, delivered: deliveredLater, read: readLater })) {
      const message = sent[at - later]
      if (!message) continue
      stream.push({ messages: [], statuses: [statusItem(message.waId, message.wamid, status, message.id)] })
      if (stream.length % (statusesAMessage + 1) !== 0) continue
      stream.push({ messages: [textMessage(message.waId, 'Thank you')], statuses: [] })
    }
  }
  return stream
}
