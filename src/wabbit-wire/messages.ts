import type { Em } from '../db/orm.ts'
import { loadPersons, wireWaId } from './persons.ts'
import { loadMessageTags } from './tags.ts'
import { loadWireUsers, type WireUser } from './users.ts'
import { toWabaPayload, type PayloadRow } from './waba-payload.ts'
import type { WireMessage, WirePerson, WireTagged, WireView } from './wire-view.ts'

export interface MessageRow extends PayloadRow {
  numberId: string
  conversationId: string
  contextWamid: string | null
  byUserId: string | null
  sent: number
  delivered: number
  read: number
  received: boolean
}

/** When it was said: of a customer's message by the customer's clock. Of `messages m`, in SQL. */
export const saidAt = 'coalesce(m.sent_by_customer_at, m.accepted_at, m.created_at)'

const seconds = (column: string) => `coalesce(floor(extract(epoch from ${column})), 0)::float8`

/** Of `messages m`, `contacts c` and the viewer's mark `r`. */
const columns = `m.id, m.wamid, m.direction, m.type, m.content, m.media_id as "mediaId", ${wireWaId} as "waId",
  ${seconds(saidAt)} as "atSeconds", m.state, m.reason_code as "reasonCode", m.reason, m.number_id as "numberId",
  m.conversation_id as "conversationId", m.context_wamid as "contextWamid", m.by_user_id as "byUserId",
  ${seconds('m.sent_at')} as sent, ${seconds('m.delivered_at')} as delivered, ${seconds('m.read_at')} as read,
  m.direction = 'out' or coalesce(${saidAt} <= r.read_until, false) as received`

/** Messages as the wire shows them, in the order of the ids; what is not there is left out. */
export async function loadMessages(em: Em, view: WireView, ids: readonly string[]): Promise<WireMessage[]> {
  const rows = await loadRows(em, view, ids)
  const quoted = await loadQuoted(em, view, rows)
  const users = await loadWireUsers(
    em,
    view,
    [...rows, ...quoted.values()].map(({ byUserId }) => byUserId),
  )
  const { workspaceId } = view
  const persons = await loadPersons(
    em,
    workspaceId,
    rows.map(({ conversationId }) => conversationId),
  )
  const tags = await loadMessageTags(em, workspaceId, ids)
  return rows.map((row) => {
    const context = row.contextWamid === null ? undefined : quoted.get(row.contextWamid)
    return toWireMessage(view, row, {
      users,
      context,
      contact: persons.get(row.conversationId) ?? null,
      tags: tags.get(row.id) ?? [],
    })
  })
}

async function loadRows(em: Em, { workspaceId, userId }: WireView, ids: readonly string[]) {
  if (ids.length === 0) return []
  return em.execute<MessageRow[]>(
    `select ${columns} from jsonb_array_elements_text(?::jsonb) with ordinality as n(id, at)
     join messages m on m.id = n.id::uuid join contacts c on c.id = m.contact_id
     left join conversation_reads r on r.conversation_id = m.conversation_id and r.user_id = ?::uuid
     where m.workspace_id = ? order by n.at`,
    [JSON.stringify(ids), userId, workspaceId],
  )
}

/** What messages answer, by WhatsApp's id. */
async function loadQuoted(em: Em, { workspaceId, userId }: WireView, rows: MessageRow[]) {
  const wamids = [...new Set(rows.flatMap(({ contextWamid }) => contextWamid ?? []))]
  const numberIds = [...new Set(rows.map(({ numberId }) => numberId))]
  if (wamids.length === 0) return new Map<string, MessageRow>()
  const quoted = await em.execute<MessageRow[]>(
    `select ${columns} from messages m join contacts c on c.id = m.contact_id
     left join conversation_reads r on r.conversation_id = m.conversation_id and r.user_id = ?::uuid
     where m.workspace_id = ? and m.number_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and m.wamid in (select jsonb_array_elements_text(?::jsonb))`,
    [userId, workspaceId, JSON.stringify(numberIds), JSON.stringify(wamids)],
  )
  return new Map(quoted.map((row) => [row.wamid ?? '', row]))
}

interface Around {
  users: Map<string, WireUser>
  context: MessageRow | undefined
  contact: WirePerson | null
  tags: WireTagged[]
}

function toWireMessage(view: WireView, row: MessageRow, around: Around): WireMessage {
  const { users, context, contact, tags } = around
  return {
    ...toBareMessage(view, row, users),
    contact,
    context: context ? toBareMessage(view, context, users) : null,
    tags,
  }
}

function toBareMessage(
  { baseUrl }: WireView,
  row: MessageRow,
  users: Map<string, WireUser>,
): NonNullable<WireMessage['context']> {
  const { sent, delivered, read, received, direction, byUserId } = row
  return {
    id: row.wamid ?? row.id,
    waba_payload: toWabaPayload(row, baseUrl),
    waba_statuses: { sent, delivered, read },
    from_us: direction === 'out',
    received,
    sender: byUserId === null ? null : (users.get(byUserId) ?? null),
    customer_wa_id: row.waId,
  }
}
