import { eventually } from '../support/eventually.ts'
import type { SentMessage } from '../support/house.ts'
import { type FaultHouse, pause } from './fault-house.ts'

/**
 * Customers who say hello one after another, tap `Yes` once when they are asked, and have been served when they
 * have got the closing text. They never look at the product, only at their phones.
 */
export async function serveCustomers(
  house: FaultHouse,
  waIds: string[],
  { paceMs, timeoutMs }: { paceMs: number; timeoutMs: number },
): Promise<void> {
  const tapped = new Set<string>()
  const lookAtPhones = async () => {
    const ledger = await house.ledger()
    const asked = new Set(ledger.filter(({ type }) => type === 'interactive').map(({ to }) => to))
    const tap = (to: string) => house.tap(to, 'yes', 'Yes').then(() => tapped.add(to))
    await Promise.all([...asked].filter((to) => !tapped.has(to)).map(tap))
    const closed = new Set(ledger.filter(({ type }) => type === 'text').map(({ to }) => to))
    const unserved = waIds.filter((waId) => !closed.has(waId))
    const says = `${asked.size} asked, ${tapped.size} tapped, ${closed.size} of ${waIds.length} served`
    if (unserved.length > 0) throw new Error(`${says}, not ${unserved[0]}`)
  }
  const greeting = (async () => {
    for (const waId of waIds) {
      await house.text(waId, 'hello')
      await pause(paceMs)
    }
  })()
  await Promise.all([greeting, eventually(lookAtPhones, { timeoutMs, intervalMs: 100 })])
}

interface OutgoingRow {
  id: string
  wamid: string | null
  state: string
  send_key: string
}

/** Each of these customers walked Welcome once: question and closing text, recorded as they were sent. */
export async function expectWalked(house: FaultHouse, waIds: string[]): Promise<void> {
  await expectEndedRuns(house, waIds.length)
  const got = Map.groupBy(await house.ledger(), ({ to }) => to)
  const wrong = waIds
    .map((waId) => `${waId}: ${(got.get(waId) ?? []).map(({ type }) => type).join(', ')}`)
    .filter((each) => !each.endsWith(': interactive, text'))
  expect(wrong).toEqual([])
  const [inbound] = await house.rows<{ count: number }>(
    `select count(*)::int as count from messages where direction = 'in'`,
  )
  expect(inbound?.count).toBe(waIds.length * 2)
  await expectRecorded(house, await house.ledger())
}

/** Nobody has anything left to do: every run has ended well, and Temporal has been told everything. */
export async function expectEndedRuns(house: FaultHouse, count: number): Promise<void> {
  await eventually(
    async () => {
      const states = await house.rows('select state, count(*)::int as count from runs group by state')
      expect(states).toEqual([{ state: 'completed', count }])
      expect(await house.rows('select name, attempts, error from outbox')).toEqual([])
    },
    { timeoutMs: 45_000, intervalMs: 200 },
  )
}

/** What WhatsApp accepted and what the product says that it sent are the same messages; nothing is in doubt. */
export async function expectRecorded(house: FaultHouse, ledger: SentMessage[]): Promise<void> {
  const sent = await house.rows<OutgoingRow>(
    `select id, wamid, state, send_key from messages where direction = 'out'`,
  )
  expect(sent.filter(({ state }) => state !== 'accepted')).toEqual([])
  const pairs = (all: string[][]) => all.map((pair) => pair.join(' ')).sort()
  expect(pairs(sent.map(({ id, wamid }) => [id, String(wamid)]))).toEqual(
    pairs(ledger.map(({ bizOpaqueCallbackData, id }) => [bizOpaqueCallbackData, id])),
  )
}
