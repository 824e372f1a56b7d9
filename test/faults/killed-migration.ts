import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { openEditRig, sleeping } from '../live-edits/edit-rig.ts'
import { expectOnce, killInTheMiddle } from './bulk-orders.ts'

/** kill -9 of the only worker, again and again, while all who sleep in a journey move to its next version, and wake up. */
export async function killDuringMigration(scale: {
  runs: number
  kills: number
  timeoutMs: number
}): Promise<void> {
  const { runs, kills, timeoutMs } = scale
  const rig = await openEditRig()
  const hi = say('Hi', { next: 'wait' })
  const { journeyId } = await rig.publish(
    undefined,
    journeyOf({ hi, wait: sleeping(9_000, { done: 'old' }), old: say('Old') }),
  )
  let worker = await rig.workerProcess()
  await rig.startAll(journeyId, await rig.crowd(runs))
  await rig.allAre(journeyId, { waiting: runs }, timeoutMs)
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ hi, wait: sleeping(1, { done: 'new' }), new: say('New') }),
    { migration: { plan: { cards: { wait: { action: 'move' } } }, ratePerMinute: 60_000 } },
  )
  const id = migrationId ?? ''
  worker = await killInTheMiddle(rig, id, worker, kills)
  expect(await rig.ended(id, 'completed', timeoutMs)).toMatchObject({
    ...{ total: runs, done: runs, skipped: 0, failed: 0 },
  })
  await rig.allAre(journeyId, { completed: runs }, timeoutMs)
  const versions = (await rig.runs(journeyId)).map(({ version }) => version)
  expect(versions).toEqual(Array.from({ length: runs }, () => 2))
  const orders = await rig.rows<{ n: number; runs: number }>(
    `select count(*)::int as n, count(distinct f.run_id)::int as runs from facts f join runs r on r.id = f.run_id
     where r.journey_id = $1 and f.kind = 'run.ordered' and f.data ->> 'migration' = $2`,
    [journeyId, id],
  )
  expect(orders).toEqual([{ n: runs, runs }])
  expect(await rig.migrated(journeyId, id)).toMatchObject({ moved: runs })
  await expectOnce(rig, journeyId, ['Hi', 'New'], runs)
  await worker.stop()
}
