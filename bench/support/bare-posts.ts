import { Pool } from 'undici'
import pg from 'pg'
import { newId } from '../../src/db/columns.ts'
import type { Product } from './product.ts'
import { templateName } from './blast.ts'

/** As many posts at once as a lane of a campaign has. */
const width = 64

function bodyFor(to: string, callback: string): string {
  const components = [{ type: 'body', parameters: [{ type: 'text', text: 'Ann' }] }]
  return JSON.stringify({
    ...{ messaging_product: 'whatsapp', recipient_type: 'individual', to, type: 'template' },
    template: { name: templateName, language: { code: 'en' }, components },
    biz_opaque_callback_data: callback,
  })
}

async function inLanes(count: number, work: (at: number) => Promise<void>): Promise<number> {
  let next = 0
  const startedAtMs = performance.now()
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, lane))
  return (count * 1_000) / (performance.now() - startedAtMs)
}

/** Messages a second of a bare loop of posts; with a ledger, of one that writes a row before each and its fate after. */
export async function measureBarePosts(
  product: Product,
  count: number,
  withLedger: boolean,
): Promise<number> {
  const { sandboxUrl, whatsapp, workspaceId, numberId, databaseUrl } = product
  const http = new Pool(sandboxUrl, { connections: width, pipelining: 1 })
  const database = new pg.Pool({ connectionString: databaseUrl, max: 16 })
  const conversation = await aConversation(product)
  const path = `/v23.0/${whatsapp.phoneNumberId}/messages`
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sandbox-token' }
  const post = async (at: number, id: string): Promise<string> => {
    const answer = await http.request({
      ...{ method: 'POST', path, headers, body: bodyFor(String(4_930_000_000_000 + at), id) },
    })
    const { messages } = (await answer.body.json()) as { messages: { id: string }[] }
    return messages[0]?.id ?? ''
  }
  const perSecond = await inLanes(count, async (at) => {
    const id = newId()
    if (!withLedger) return void (await post(at, id))
    await database.query({
      name: 'plan',
      text: `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id,
           send_key, class, state, attempt, inflight_at)
         values ($1, $2, $3, $4, $5, 'out', 'template', $6, 'sale', $1, $7, 'marketing', 'inflight', 1, now())`,
      values: [
        ...[id, workspaceId, conversation.id, numberId, conversation.contactId],
        ...[bodyFor('0', id), `bare/${id}`],
      ],
    })
    const wamid = await post(at, id)
    await database.query({
      name: 'accept',
      text: `update messages set wamid = $2, state = 'accepted', accepted_at = now(), status = 'accepted' where id = $1`,
      values: [id, wamid],
    })
  })
  await Promise.all([http.close(), database.end()])
  return perSecond
}

async function aConversation({ pool, workspaceId, numberId }: Product) {
  const { rows } = await pool.query<{ id: string; contactId: string }>(
    `insert into conversations (id, workspace_id, number_id, contact_id)
     select uuidv7(), $1, $2, id from contacts where workspace_id = $1 limit 1
     on conflict (number_id, contact_id) do update set created_at = now() returning id, contact_id as "contactId"`,
    [workspaceId, numberId],
  )
  const [row] = rows
  if (!row) throw new Error('there is no contact')
  return row
}
