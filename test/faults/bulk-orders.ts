import { journeyOf, needsCode, openBulkRig, say, type BulkRig, type Operation } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { pause } from './fault-house.ts'
import { withSeed } from './with-seed.ts'

interface Scale {
  runs: number
  kills: number
  timeoutMs: number
}

/** kill -9 of the only worker, again and again, while an order for many stuck runs is carried out. */
export async function killDuringResolve({ runs, kills, timeoutMs }: Scale): Promise<void> {
  const rig = await openBulkRig()
  const { journeyId } = await rig.publish(needsCode())
  let worker = await rig.workerProcess()
  await rig.startAll(journeyId, await rig.crowd(runs))
  await rig.allAre(journeyId, { stuck: runs }, timeoutMs)
  const order = {
    kind: 'resolve',
    selection: { journeyId },
    order: { action: 'retry', vars: { code: 'X7' } },
    ratePerMinute: 60_000,
  }
  const { id } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', order)
  worker = await killInTheMiddle(rig, id, worker, kills)
  expect((await rig.ask<Operation>(202, 'POST', '/bulk-operations', order)).id).toBe(id)
  expect(await rig.ended(id, 'completed', timeoutMs)).toMatchObject({
    ...{ total: runs, done: runs, skipped: 0, failed: 0 },
  })
  await rig.allAre(journeyId, { completed: runs }, timeoutMs)
  await expectOnce(rig, journeyId, ['Bye', 'Your code: X7'], runs)
  expect(await countFacts(rig, 'run.resolved')).toBe(runs)
  await worker.stop()
}

/** The same while a journey is paused, stands still, and all who slept in it are let go on. */
export async function killDuringPause({ runs, kills, timeoutMs }: Scale): Promise<void> {
  const rig = await openBulkRig()
  const delay = { mode: 'duration', duration: { amount: 3, unit: 'seconds' } }
  const { journeyId } = await rig.publish(
    journeyOf({
      wait: { type: 'time-delay', settings: { delay }, next: { done: 'say' } },
      say: say('on', { next: 'bye' }),
      bye: say('Bye'),
    }),
  )
  let worker = await rig.workerProcess()
  await rig.startAll(journeyId, await rig.crowd(runs))
  await rig.ask(200, 'POST', `/journeys/${journeyId}/pause`, { timers: 'run' })
  await worker.kill()
  const late = await rig.crowd(5)
  for (const contactId of late) await rig.ask(409, 'POST', `/journeys/${journeyId}/runs`, { contactId })
  worker = await rig.workerProcess()
  const before = await rig.rows<{ n: number }>(
    `select count(*)::int as n from runs where journey_id = $1 and ended_at is not null`,
    [journeyId],
  )
  await standStill(rig, journeyId, timeoutMs)
  const body = { backlog: { how: 'all' }, ratePerMinute: 60_000 }
  const { operation } = await rig.ask<{ operation: Operation }>(
    202,
    'POST',
    `/journeys/${journeyId}/resume`,
    body,
  )
  worker = await killInTheMiddle(rig, operation.id, worker, kills)
  const ended = await rig.ended(operation.id, 'completed', timeoutMs)
  expect(ended).toMatchObject({ done: ended.total, skipped: 0, failed: 0 })
  expect(ended.total).toBeGreaterThanOrEqual(runs + late.length - (before[0]?.n ?? 0))
  await rig.allAre(journeyId, { completed: runs + late.length }, timeoutMs)
  await expectOnce(rig, journeyId, ['Bye', 'on'], runs + late.length)
  await worker.stop()
}

type Worker = Awaited<ReturnType<BulkRig['workerProcess']>>

/** Each kill falls while some item is being dealt with: what was done for it, nobody has written down. */
export async function killInTheMiddle(
  rig: Pick<BulkRig, 'rows' | 'shown' | 'workerProcess'>,
  id: string,
  first: Worker,
  kills: number,
): Promise<Worker> {
  let worker = first
  let torn = 0
  await withSeed(async (random) => {
    for (let kill = 0; kill < kills; kill++) {
      const isOver = await eventually(
        async () => {
          const { state } = await rig.shown(id)
          if (state === 'completed') return true
          expect(await countTried(rig, id)).toBeGreaterThan(0)
          return false
        },
        { timeoutMs: 60_000, intervalMs: 5 },
      )
      if (isOver) break
      await pause(random() * 60)
      await worker.kill()
      torn += await countTried(rig, id)
      worker = await rig.workerProcess()
    }
    // Else this has shown nothing about what a kill tears apart.
    expect(torn).toBeGreaterThan(0)
  })
  return worker
}

async function countTried(rig: Pick<BulkRig, 'rows'>, id: string): Promise<number> {
  const [row] = await rig.rows<{ n: number }>(
    `select count(*)::int as n from bulk_items where operation_id = $1 and state = 'pending' and attempts > 0`,
    [id],
  )
  return row?.n ?? 0
}

async function standStill(rig: BulkRig, journeyId: string, timeoutMs: number): Promise<void> {
  await eventually(
    async () => {
      const moving = await rig.rows(
        `select state, count(*)::int as n from runs where journey_id = $1 and state not in ('paused', 'completed') group by state`,
        [journeyId],
      )
      expect(moving).toEqual([])
    },
    { timeoutMs, intervalMs: 100 },
  )
}

/** WhatsApp has got each text of each run once, and the ledger says the same. */
export async function expectOnce(
  rig: Pick<BulkRig, 'rows' | 'accepted'>,
  journeyId: string,
  texts: string[],
  people: number,
): Promise<void> {
  const sent = await rig.rows<{ text: string; n: number; people: number }>(
    `select m.text, count(*)::int as n, count(distinct m.contact_id)::int as people from messages m
     join runs r on r.id = m.run_id where r.journey_id = $1 and m.state = 'accepted' group by m.text order by m.text`,
    [journeyId],
  )
  expect(sent).toEqual(texts.map((text) => ({ text, n: people, people })))
  expect(await rig.accepted()).toBe(texts.length * people)
}

async function countFacts(rig: BulkRig, kind: string): Promise<number> {
  const [row] = await rig.rows<{ n: number }>('select count(*)::int as n from facts where kind = $1', [kind])
  return row?.n ?? 0
}
