import type { Deps } from '../deps.ts'

/**
 * The speed of a number, shared by every worker: `next_slot_at` is the instant the next message may leave (a leaky
 * bucket kept as one instant, GCRA). Senders that ask in the same moment are served by one statement.
 */
export interface SendRate {
  /** Reserves a slot and gives the wait until it, in ms; a wait over `maximumWaitMs` reserves nothing. */
  reserve(numberId: string): Promise<{ waitMs: number; reserved: boolean }>
  /** Slots of a blast, as instants: few at a time, and none while others stand in line. Without any it says when to ask again. */
  reserveInBulk(numberId: string, wanted: number): Promise<BulkSlots>
}

export interface BulkSlots {
  slots: number[]
  againMs: number
  /** Between two messages of the number. */
  stepMs: number
}

/** Up to this long a sender sleeps in the activity; longer waits are the workflow's timers. */
export const maximumWaitMs = 1_000
/**
 * A blast takes at most this much of the line at once, and only while the line is not longer: whoever sends one message waits for
 * it no more than twice this.
 */
const bulkMs = 50
/** A number that was idle may send this much of a second's messages at once. */
const burstMs = 250

type Waiter = (slot: { waitMs: number; reserved: boolean }) => void

export function createSendRate(orm: Deps['orm']): SendRate {
  const queues = new Map<string, { waiters: [Waiter, (error: unknown) => void][]; running: boolean }>()

  async function serve(numberId: string): Promise<void> {
    const queue = queues.get(numberId)
    if (!queue || queue.running) return
    queue.running = true
    while (queue.waiters.length > 0) {
      const batch = queue.waiters.splice(0, 100)
      try {
        const slots = await takeSlots(orm, numberId, batch.length)
        batch.forEach(([resolve], at) => resolve(slots[at] ?? { waitMs: maximumWaitMs, reserved: false }))
      } catch (error) {
        for (const [, reject] of batch) reject(error)
      }
    }
    queues.delete(numberId)
  }

  return {
    reserve: (numberId) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(numberId) ?? { waiters: [], running: false }
        queues.set(numberId, queue)
        queue.waiters.push([resolve, reject])
        void serve(numberId)
      }),
    reserveInBulk: (numberId, wanted) => takeBulkSlots(orm, numberId, wanted),
  }
}

/**
 * The commit of this statement does not wait for the disk: everybody who sends or receives on the number queues for its row
 * meanwhile, and what a crash of the server forgets is a moment of its pace.
 */
const inHaste = `set_config('synchronous_commit', 'off', true) as haste`

async function takeSlots(
  orm: Deps['orm'],
  numberId: string,
  wanted: number,
): Promise<{ waitMs: number; reserved: boolean }[]> {
  const row = await moveLine(
    orm,
    numberId,
    `least(?::int, greatest(0, ceil(
       extract(epoch from clock_timestamp() + interval '${maximumWaitMs} ms' - free_at) * mps)))`,
    wanted,
  )
  if (!row) return []
  return Array.from({ length: wanted }, (_, at) => ({
    waitMs: at < row.taken ? Math.max(0, row.first_wait_ms + at * row.step_ms) : maximumWaitMs,
    reserved: at < row.taken,
  }))
}

async function takeBulkSlots(orm: Deps['orm'], numberId: string, wanted: number): Promise<BulkSlots> {
  const row = await moveLine(
    orm,
    numberId,
    `case when free_at < clock_timestamp() + interval '${bulkMs} ms'
       then least(?::int, ceil(mps * ${bulkMs} / 1000.0)) else 0 end`,
    wanted,
  )
  if (!row) return { slots: [], againMs: maximumWaitMs, stepMs: 0 }
  const firstMs = Date.now() + row.first_wait_ms
  const slots = Array.from({ length: row.taken }, (_, at) => firstMs + at * row.step_ms)
  return {
    slots,
    againMs: Math.max(1, Math.min(row.first_wait_ms - bulkMs, maximumWaitMs)),
    stepMs: row.step_ms,
  }
}

/**
 * Takes slots at the end of a number's line; nothing when there is no such number.
 * @param takenSql how many, of the `?` that are wanted, by `free_at` and `mps`.
 */
async function moveLine(
  orm: Deps['orm'],
  numberId: string,
  takenSql: string,
  wanted: number,
): Promise<{ first_wait_ms: number; step_ms: number; taken: number } | undefined> {
  const [row] = await orm.em.fork().execute<{ first_wait_ms: number; step_ms: number; taken: number }[]>(
    `with rate as (
       select id, messages_per_second as mps, ${inHaste}, greatest(next_slot_at, clock_timestamp() - interval '${burstMs} ms') as free_at
       from phone_numbers where id = ? for update),
     grant_ as (select id, mps, free_at, (${takenSql})::int as taken from rate)
     update phone_numbers n set next_slot_at = g.free_at + g.taken * interval '1 second' / g.mps
     from grant_ g where n.id = g.id
     returning extract(epoch from g.free_at - clock_timestamp())::float8 * 1000 as first_wait_ms,
       1000.0::float8 / g.mps as step_ms, g.taken`,
    [numberId, wanted],
  )
  return row
}

/** Customers' messages share the number's throughput with ours; called after their transaction. */
export async function countInbound(orm: Deps['orm'], numberId: string, messages: number): Promise<void> {
  await orm.em.fork().execute(
    `update phone_numbers n set next_slot_at =
       greatest(n.next_slot_at, now() - interval '${burstMs} ms') + ? * interval '1 second' / n.messages_per_second
     from (select ${inHaste}) setting where n.id = ? and setting.haste = 'off'`,
    [messages, numberId],
  )
}

/** WhatsApp said that the number is too fast: everybody holds back. */
export async function slowDown(orm: Deps['orm'], numberId: string, delayMs: number): Promise<void> {
  await orm.em
    .fork()
    .execute(
      `update phone_numbers set next_slot_at = greatest(next_slot_at, now() + ? * interval '1 millisecond') where id = ?`,
      [delayMs, numberId],
    )
}
