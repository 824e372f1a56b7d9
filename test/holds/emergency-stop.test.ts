import { journeyOf, openBulkRig, say, type BulkRig, type Operation } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

const chatter = (length: number) =>
  journeyOf(
    Object.fromEntries(
      Array.from({ length }, (_, at) => [
        `c${at}`,
        say(`text ${at}`, at < length - 1 ? { next: `c${at + 1}` } : {}),
      ]),
    ),
  )

test('after the commit of an emergency stop only what was under way goes out', async () => {
  const { journeyId } = await rig.publish(chatter(30))
  const people = 8
  await rig.faults([{ kind: 'slow', delayMs: 50 }])
  await rig.startAll(journeyId, await rig.crowd(people))
  await eventually(async () => expect((await rig.ledger()).length).toBeGreaterThan(2 * people), {
    timeoutMs: 60_000,
  })
  const stop = { scope: 'number', scopeId: rig.numberId, reason: 'wrong price' }
  const { id, placedAt } = await rig.ask<{ id: string; placedAt: string }>(
    200,
    'POST',
    '/emergency-stop',
    stop,
  )
  // Whatever was handed over to WhatsApp before is with WhatsApp; nothing else may follow.
  await rig.allAre(journeyId, { paused: people })
  const sent = await rig.ledger()
  const rows = await rig.rows<{ planned: Date; id: string }>(
    `select m.id, m.inflight_at as planned from messages m where m.direction = 'out' order by m.inflight_at`,
  )
  const stopped = new Date(placedAt)
  const late = rows.filter(({ planned }) => planned.getTime() > stopped.getTime() + 1_000)
  expect(late).toEqual([])
  const escaped = await rig.ask<{ items: { messageId: string; acceptedAt: string }[] }>(
    200,
    'GET',
    `/emergency-stop/${id}/escaped`,
  )
  expect(escaped.items.length).toBeLessThanOrEqual(people)
  const [listed] = (
    await rig.ask<{ items: { escaped: number }[] }>(200, 'GET', '/emergency-stop?active=true')
  ).items
  expect(listed).toMatchObject({ id, escaped: escaped.items.length })

  // A message that no run sends is stopped too.
  const [conversation] = await rig.rows<{ id: string }>('select id from conversations limit 1')
  const message = { content: { type: 'text', text: { body: 'by hand' } } }
  await rig.ask(201, 'POST', `/conversations/${conversation?.id}/messages`, message)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await rig.ledger()).length).toBe(sent.length)

  const { operation } = await rig.ask<{ operation: Operation }>(202, 'POST', '/emergency-stop/release', {
    scope: 'number',
    scopeId: rig.numberId,
    backlog: { how: 'all' },
  })
  expect(await rig.ended(operation.id)).toMatchObject({ total: people, done: people })
  await rig.allAre(journeyId, { completed: people }, 120_000)
  const texts = (await rig.ledger()).map(({ to, payload }) => `${to} ${payload.text?.body}`)
  expect(texts.filter((text) => !text.endsWith('by hand')).length).toBe(people * 30)
  expect(new Set(texts).size).toBe(texts.length)
  await rig.ask(409, 'POST', '/emergency-stop/release', { scope: 'number', scopeId: rig.numberId })
  const named = await rig.ask<{ fields: object[] }>(400, 'POST', '/emergency-stop', {
    scope: 'journey',
    reason: 'x',
  })
  expect(named.fields).toMatchObject([{ field: 'scopeId' }])
}, 300_000)
