import type pg from 'pg'
import { fillLedger, meetPeople, type Person, type SentMessage } from './ledger-rows.ts'
import { reactionMessage, signedBody, statusItem, type SignedBody } from './meta-webhooks.ts'
import type { Product } from './product.ts'

/** So many messages later, WhatsApp says that this one was delivered, and read. */
const deliveredLater = 300
const readLater = 1_500
/** A customer reacts to about every third message: 300 a second where 3,000 statuses come back. */
const statusesAReaction = 10

type Item = { messages: Record<string, unknown>[]; statuses: Record<string, unknown>[] }

/**
 * What one busy number brings back: three statuses for each message of the ledger, and now and then a customer's
 * reaction, which is stored like any message and starts nothing: what is measured is taking in.
 */
export function createTraffic(product: Product) {
  let people: Person[] | undefined
  const made = { statuses: 0, messages: 0 }
  return {
    /** Signed bodies that hold about so many items, in POSTs of these sizes by turns. */
    async make(items: number, sizes: number[]): Promise<SignedBody[]> {
      people ??= await meetPeople(product)
      const count = Math.round((items / 3 / (statusesAReaction + 1)) * statusesAReaction)
      const sent = await fillLedger(product, people, count)
      const stream = itemsOf(sent)
      made.statuses += sent.length * 3
      made.messages += stream.length - sent.length * 3
      return cut(stream, sizes).map((part) =>
        signedBody(product.whatsapp, {
          messages: part.flatMap((item) => item.messages),
          statuses: part.flatMap((item) => item.statuses),
        }),
      )
    },
    /** That everything which was answered 200 stands in the tables, and was applied. */
    check: () => checkTables(product.pool, made),
  }
}

/** In the order in which WhatsApp would say it: a message is read some time after later ones were sent. */
function itemsOf(sent: SentMessage[]): Item[] {
  const stream: Item[] = []
  for (let at = 0; at < sent.length + readLater; at++) {
    for (const [status, later] of Object.entries({ sent: 0, delivered: deliveredLater, read: readLater })) {
      const message = sent[at - later]
      if (!message) continue
      stream.push({ messages: [], statuses: [statusItem(message.waId, message.wamid, status, message.id)] })
      if (stream.length % (statusesAReaction + 1) !== 0) continue
      stream.push({ messages: [reactionMessage(message.waId, message.wamid)], statuses: [] })
    }
  }
  return stream
}

function cut(stream: Item[], sizes: number[]): Item[][] {
  const parts: Item[][] = []
  for (let at = 0; at < stream.length; at += parts.at(-1)?.length ?? 1) {
    parts.push(stream.slice(at, at + (sizes[parts.length % sizes.length] ?? 1)))
  }
  return parts
}

async function checkTables(pool: pg.Pool, made: { statuses: number; messages: number }): Promise<void> {
  const { rows } = await pool.query<{ statuses: number; messages: number; read: number }>(
    `select (select count(*)::int from message_statuses) as statuses,
       count(*) filter (where direction = 'in')::int as messages, count(*) filter (where status = 'read')::int as read
     from messages`,
  )
  const [found] = rows
  const isWhole = found?.statuses === made.statuses && found.messages === made.messages
  if (!isWhole || found.read !== made.statuses / 3) {
    throw new Error(`Of ${JSON.stringify(made)} there is only ${JSON.stringify(found)}`)
  }
}
