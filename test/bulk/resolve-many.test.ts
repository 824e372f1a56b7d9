import { journeyOf, needsCode, openBulkRig, say, type BulkRig, type Operation, type Run } from './bulk-rig.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

const resolve = (journeyId: string, more: object = {}) => ({
  kind: 'resolve',
  selection: { journeyId, cardId: 'code', errorCode: 'missing_variable' },
  order: { action: 'retry', vars: { code: 'X7' } },
  ratePerMinute: 60_000,
  ...more,
})

test('150 stuck runs are resolved by one order, pressed twice', async () => {
  const { journeyId } = await rig.publish(needsCode())
  await rig.startAll(journeyId, await rig.crowd(150))
  await rig.allAre(journeyId, { stuck: 150 }, 120_000)

  const preview = await rig.ask<{ count: number; groups: object[] }>(
    200,
    'POST',
    '/bulk-operations/preview',
    resolve(journeyId),
  )
  expect(preview).toMatchObject({
    count: 150,
    groups: [
      {
        count: 150,
        cardId: 'code',
        errorCode: 'missing_variable',
        goesOnAt: 'code',
        sends: [
          { cardId: 'code', text: 'Your code: X7' },
          { cardId: 'bye', text: 'Bye' },
        ],
        refusal: null,
      },
    ],
    foreseenSends: 300,
    liveOperationId: null,
  })

  const [first, second] = await Promise.all(
    [1, 2].map(() => rig.ask<Operation>(202, 'POST', '/bulk-operations', resolve(journeyId))),
  )
  expect(second?.id).toBe(first?.id)
  const ended = await rig.ended(first?.id ?? '', 'completed', 180_000)
  expect(ended).toMatchObject({ total: 150, done: 150, skipped: 0, failed: 0 })
  await rig.allAre(journeyId, { completed: 150 }, 120_000)
  const [sent] = await rig.rows<{ n: number; people: number }>(
    `select count(*)::int as n, count(distinct m.contact_id)::int as people from messages m join runs r on r.id = m.run_id
     where r.journey_id = $1 and m.state = 'accepted'`,
    [journeyId],
  )
  expect(sent).toEqual({ n: 300, people: 150 })

  // Pressed again when all is done: another operation, which finds nothing to do.
  const again = await rig.ask<Operation>(202, 'POST', '/bulk-operations', resolve(journeyId))
  expect(again.id).not.toBe(first?.id)
  expect(await rig.ended(again.id)).toMatchObject({ total: 0, done: 0 })
}, 420_000)

test('runs that are not stuck any more are skipped with the reason; what cannot work fails with it', async () => {
  const { journeyId } = await rig.publish(needsCode())
  await rig.startAll(journeyId, await rig.crowd(3))
  await rig.allAre(journeyId, { stuck: 3 })
  const order = resolve(journeyId, { order: { action: 'goto', card: 'nowhere' }, ratePerMinute: 12 })
  const { id } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', order)
  await rig.ask(200, 'POST', `/bulk-operations/${id}/pause`)
  const { items } = await rig.ask<{ items: Run[] }>(200, 'GET', `/runs?journeyId=${journeyId}&state=stuck`)
  await rig.ask(200, 'POST', `/runs/${items[0]?.id}/resolve`, { action: 'exit' })
  await rig.allAre(journeyId, { stuck: 2, exited: 1 })
  expect(await rig.shown(id)).toMatchObject({ state: 'paused' })
  await rig.ask(200, 'POST', `/bulk-operations/${id}/resume`)
  const ended = await rig.ended(id)
  expect(ended.done).toBe(0)
  expect(ended.failed).toBeGreaterThanOrEqual(2)
  expect(ended.total).toBe(ended.failed + ended.skipped)
  const failed = await rig.ask<{ items: object[] }>(
    200,
    'GET',
    `/bulk-operations/${id}/items?state=failed&limit=1`,
  )
  expect(failed).toMatchObject({
    items: [{ subject: 'run', reason: 'there is no card "nowhere"' }],
    nextCursor: expect.any(String) as string,
  })
  await rig.allAre(journeyId, { stuck: 2, exited: 1 })
}, 120_000)

test('a canary that gets stuck again stops the operation', async () => {
  const { journeyId } = await rig.publish(needsCode())
  await rig.startAll(journeyId, await rig.crowd(20))
  await rig.allAre(journeyId, { stuck: 20 })
  const hopeless = resolve(journeyId, {
    order: { action: 'retry' },
    canary: { share: 0.1, waitSeconds: 1, maximumFailures: 0.2 },
  })
  const { id } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', hopeless)
  const stopped = await rig.ended(id, 'stopped')
  expect(stopped).toMatchObject({
    done: 2,
    reason: '2 of the first 2 failed or are stuck again (100%; 20% may)',
  })
  const fixed = resolve(journeyId, { canary: { share: 0.1, waitSeconds: 1 } })
  const { id: next } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', fixed)
  expect(await rig.ended(next)).toMatchObject({ done: 20, canary: { passed: true } })
}, 120_000)

test('many are cancelled, then restarted as new runs that send what is missing; the rest is undone by cancelling', async () => {
  const { journeyId } = await rig.publish(
    journeyOf({ one: say('one', { next: 'two' }), two: say('two: {{vars.two}}') }),
  )
  await rig.startAll(journeyId, await rig.crowd(12))
  await rig.allAre(journeyId, { stuck: 12 })
  const cancel = { kind: 'cancel', selection: { journeyId }, order: {} }
  const { id } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', cancel)
  expect(await rig.ended(id)).toMatchObject({ done: 12 })
  await rig.allAre(journeyId, { cancelled: 12 })
  const restart = {
    kind: 'restart',
    selection: { journeyId },
    order: { vars: { two: 2 } },
    ratePerMinute: 60_000,
  }
  const restarted = await rig.ask<Operation>(202, 'POST', '/bulk-operations', restart)
  expect(await rig.ended(restarted.id)).toMatchObject({ done: 12 })
  await rig.allAre(journeyId, { cancelled: 12, completed: 12 })
  const texts = await rig.rows<{ text: string; n: number }>(
    `select m.text, count(*)::int as n from messages m join runs r on r.id = m.run_id
     where r.journey_id = $1 and m.state = 'accepted' group by m.text order by m.text`,
    [journeyId],
  )
  expect(texts).toEqual([
    { text: 'one', n: 12 },
    { text: 'two: 2', n: 12 },
  ])
  // Of each lineage the newest counts: there is nothing to restart any more.
  const late = await rig.ask<Operation>(202, 'POST', '/bulk-operations', { ...restart, order: {} })
  expect(await rig.ended(late.id)).toMatchObject({ total: 12, done: 0, skipped: 12 })

  const slow = {
    ...restart,
    order: { cardId: 'one' },
    selection: { journeyId, states: ['completed'] },
    ratePerMinute: 1,
  }
  const slowly = await rig.ask<Operation>(202, 'POST', '/bulk-operations', slow)
  await rig.ask(200, 'POST', `/bulk-operations/${slowly.id}/cancel`)
  await rig.ask(200, 'POST', `/bulk-operations/${slowly.id}/cancel`)
  const undone = await rig.ended(slowly.id, 'cancelled')
  expect(undone.done).toBeLessThanOrEqual(1)
  await rig.ask(409, 'POST', `/bulk-operations/${slowly.id}/resume`)
  const listed = await rig.ask<{ items: Operation[] }>(
    200,
    'GET',
    '/bulk-operations?kind=restart&state=cancelled',
  )
  expect(listed.items.map((each) => each.id)).toEqual([slowly.id])
}, 120_000)

test('what names no runs, and what no kind takes, is refused by name', async () => {
  const refused = (body: object) =>
    rig.ask<{ fields: { field: string }[] }>(400, 'POST', '/bulk-operations', body)
  expect(
    (await refused({ kind: 'cancel', selection: { states: ['stuck'] }, order: {} })).fields,
  ).toMatchObject([{ field: 'selection' }])
  const { journeyId } = await rig.publish(needsCode())
  expect((await refused(resolve(journeyId, { order: { action: 'pray' } }))).fields[0]?.field).toMatch(
    /^order/,
  )
  expect((await refused(resolve(journeyId, { kind: 'launch' }))).fields[0]?.field).toBe('kind')
})
