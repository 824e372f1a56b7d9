import { eventually } from '../support/eventually.ts'
import { expectEndedRuns, expectRecorded } from './customers.ts'
import { faultHouse, phones, type FaultHouse } from './fault-house.ts'

const reconcileMs = 1_500
const noStatuses = { sent: null, delivered: null, read: null }
const usualStatuses = { sent: 5, delivered: 20, read: null }
let house: FaultHouse

beforeAll(async () => {
  house = await faultHouse({ SEND_RECONCILE_MS: reconcileMs })
  await house.worker()
})
beforeEach(async () => {
  await house.faults([])
  await house.settings({ statusDelaysMs: usualStatuses, messagesPerSecond: null, pairLimit: false })
  await house.rows('delete from messages')
  await house.rows('delete from runs')
  await house.rows('update journeys set deleted_at = now()')
  await fetch(`${house.sandboxUrl}/sandbox/ledger`, { method: 'DELETE' })
})

/** Answers `hello` with so many texts, one after another. */
const texts = (count: number, messageClass: 'utility' | 'marketing' = 'utility') => ({
  start: 'text1',
  triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
  messageClass,
  cards: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `text${at + 1}`,
      {
        type: 'message',
        settings: { text: `Text ${at + 1}` },
        next: at + 1 < count ? { next: `text${at + 2}` } : {},
      },
    ]),
  ),
})

/** Everybody got every text once and in order. */
async function expectTexts(waIds: string[], count: number): Promise<void> {
  await expectEndedRuns(house, waIds.length)
  const wanted = Array.from({ length: count }, (_, at) => `Text ${at + 1}`).join(', ')
  const got = Map.groupBy(await house.ledger(), ({ to }) => to)
  const bodies = waIds.map((waId) =>
    (got.get(waId) ?? []).map(({ payload }) => (payload as { text: { body: string } }).text.body).join(', '),
  )
  expect(bodies).toEqual(waIds.map(() => wanted))
}
const greet = (waIds: string[]) => Promise.all(waIds.map((waId) => house.text(waId, 'hello')))
const attemptsOf = async () =>
  (
    await house.rows<{ attempts: number }>(
      `select sum(attempt)::int as attempts from messages where direction = 'out'`,
    )
  )[0]?.attempts ?? 0
const messagesSent = (where: string) =>
  house.rows<{ id: string; attempt: number }>(
    `select id, attempt from messages where direction = 'out' and ${where}`,
  )

test('accepted, and the answer lost: the status says so, and each text goes out once', async () => {
  await house.publish(texts(3))
  await house.faults([{ kind: 'drop', rate: 0.4 }])
  const waIds = phones('1541', 12)
  await greet(waIds)
  await expectTexts(waIds, 3)
  await expectRecorded(house, await house.ledger())
  expect(await attemptsOf()).toBe(36)
})

test('HTTP 500 after accepting: ambiguous as well, settled by the status', async () => {
  await house.publish(texts(2))
  await house.faults([{ kind: 'http', httpStatus: 500, accept: true, rate: 0.5 }])
  const waIds = phones('1542', 8)
  await greet(waIds)
  await expectTexts(waIds, 2)
  await expectRecorded(house, await house.ledger())
  expect(await attemptsOf()).toBe(16)
})

test('HTTP 500 without accepting: a utility text is sent again when its time is up', async () => {
  await house.publish(texts(2))
  const waIds = phones('1543', 4)
  await house.faults([{ kind: 'http', httpStatus: 500, accept: false, times: 4 }])
  await greet(waIds)
  await expectTexts(waIds, 2)
  await expectRecorded(house, await house.ledger())
  expect(await attemptsOf()).toBe(12)
})

test('no word at all about a marketing text: it is unknown, never sent again, and the run goes on', async () => {
  await house.publish(texts(2, 'marketing'))
  await house.settings({ statusDelaysMs: noStatuses })
  await house.faults([{ kind: 'drop', times: 3 }])
  const waIds = phones('1544', 6)
  await greet(waIds)
  await expectTexts(waIds, 2)
  expect(await messagesSent(`state = 'unknown'`)).toHaveLength(3)
  expect(await messagesSent(`state = 'accepted'`)).toHaveLength(9)
  expect(await attemptsOf()).toBe(12)
})

test('a late status makes an unknown marketing text known', async () => {
  await house.publish(texts(1, 'marketing'))
  await house.settings({ statusDelaysMs: { ...noStatuses, delivered: reconcileMs * 2 } })
  await house.faults([{ kind: 'drop', times: 1 }])
  const waIds = phones('1545', 1)
  await greet(waIds)
  await expectTexts(waIds, 1)
  expect(await messagesSent(`state = 'unknown'`)).toHaveLength(1)
  await eventually(async () =>
    expect(await messagesSent(`state = 'accepted' and status = 'delivered'`)).toHaveLength(1),
  )
})

test('a connection dropped before accepting, and no statuses: a utility text is sent again', async () => {
  await house.publish(texts(2))
  await house.settings({ statusDelaysMs: noStatuses })
  await house.faults([{ kind: 'drop', accept: false, times: 3 }])
  const waIds = phones('1546', 4)
  await greet(waIds)
  await expectTexts(waIds, 2)
  await expectRecorded(house, await house.ledger())
  expect(await attemptsOf()).toBe(11)
})

test('a number at its limit (130429): everything arrives in the end, once', async () => {
  await house.publish(texts(3))
  await house.settings({ messagesPerSecond: 8 })
  const waIds = phones('1547', 15)
  await greet(waIds)
  await expectTexts(waIds, 3)
  await expectRecorded(house, await house.ledger())
  // The sandbox did refuse: more attempts than texts.
  expect(await attemptsOf()).toBeGreaterThan(45)
})

test('a pair at its limit (131056): only that customer waits, 1 s and then 4 s', async () => {
  await house.publish(texts(1))
  const [slow = '', quick = ''] = phones('1548', 2)
  await house.faults([{ kind: 'error', code: 131056, match: { to: slow }, times: 2 }])
  await greet([slow, quick])
  await expectTexts([slow, quick], 1)
  expect((await house.ledger()).map(({ to }) => to)).toEqual([quick, slow])
  await expectRecorded(house, await house.ledger())
  const [first] = await messagesSent(`text = 'Text 1' and attempt > 1`)
  expect(first?.attempt).toBe(3)
})
