import { setTimeout as sleep } from 'node:timers/promises'
import type { Composed } from '../../src/compose.ts'
import { newId } from '../../src/db/columns.ts'
import { sendFromInbox } from '../../src/inbox/send-from-inbox.ts'
import { call } from './http.ts'
import { newWamid, signedBody, statusItem } from './meta-webhooks.ts'
import type { Product } from './product.ts'

const probeEveryMs = 50

/** Posts a webhook of one status now and then, as WhatsApp would, and takes the time until it is answered. */
export function probeIntake(product: Product): { stop(): Promise<number[]> } {
  const latencies: number[] = []
  let isStopped = false
  const probing = (async () => {
    while (!isStopped) {
      const statuses = [statusItem('4930000000000', newWamid(), 'sent', newId())]
      const { body, headers } = signedBody(product.whatsapp, { messages: [], statuses })
      const startedAtMs = performance.now()
      await call('POST', product.webhookUrl, body, headers)
      latencies.push(performance.now() - startedAtMs)
      await sleep(probeEveryMs)
    }
  })()
  return {
    async stop() {
      isStopped = true
      await probing
      return latencies
    },
  }
}

const everyMs = 150

/** Agents' replies, one after the other: milliseconds from the ledger's row to WhatsApp's yes. @param page other customers each time */
export async function measureReplies(
  product: Product,
  deps: Composed,
  count: number,
  page: number,
): Promise<number[]> {
  const { pool, workspaceId, numberId } = product
  const { rows } = await pool.query<{ id: string }>(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
     select uuidv7(), $1, $2, id, now() + interval '1 day' from
       (select id from contacts where workspace_id = $1 order by id offset $3 limit $4) c
     on conflict (number_id, contact_id) do update set window_ends_at = excluded.window_ends_at returning id`,
    [workspaceId, numberId, page * count, count],
  )
  const ids: string[] = []
  for (const { id: conversationId } of rows) {
    const content = { type: 'text' as const, text: { body: 'Of course, I look into it.' } }
    const { id } = await sendFromInbox(deps, {
      ...{
        workspaceId,
        conversationId,
        what: { content },
        vars: {},
        class: 'utility',
        key: newId(),
        by: 'bench',
      },
    })
    ids.push(id)
    await sleep(everyMs)
  }
  for (;;) {
    const taken = await pool.query<{ ms: number | null }>(
      `select extract(epoch from accepted_at - created_at)::float8 * 1000 as ms from messages where id = any($1::uuid[])`,
      [ids],
    )
    const known = taken.rows.flatMap(({ ms }) => ms ?? [])
    if (known.length === ids.length) return known
    await sleep(100)
  }
}
