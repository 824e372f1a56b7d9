import { eventArrived } from '../../workflows/contract.ts'
import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openEditRig, sleeping, type EditRig } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

const move = { action: 'move' }

test('an order wakes nobody up into a pause: who moves under it stands there, and goes on with it', async () => {
  const attribute = { name: 'moved', type: 'string', value: 'yes' }
  const { journeyId, people } = await rig.enter(journeyOf({ wait: sleeping(9_000) }), 2, { waiting: 2 })
  await rig.ask(200, 'POST', `/journeys/${journeyId}/pause`, { timers: 'run' })
  const after = journeyOf({
    mark: { type: 'setup-attribute', settings: { assignments: [attribute] }, next: { next: 'bye' } },
    bye: say('Bye'),
  })
  const { migrationId } = await rig.publish(journeyId, after, {
    migration: { plan: { cards: { wait: { action: 'move', card: 'mark' } } } },
    declareAttributes: true,
  })
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 2, moved: 2 })
  await rig.allAre(journeyId, { paused: 2 })
  const marked = () =>
    rig.rows(
      `select 1 from contacts c join runs r on r.contact_id = c.id where r.journey_id = $1 and c.attributes ? 'moved'`,
      [journeyId],
    )
  expect(await marked()).toEqual([])
  await eventually(async () =>
    expect(await rig.runs(journeyId)).toMatchObject([
      { version: 2, card_id: 'mark' },
      { version: 2, card_id: 'mark' },
    ]),
  )
  await rig.ask(202, 'POST', `/journeys/${journeyId}/resume`, {})
  await rig.allAre(journeyId, { completed: 2 })
  expect(await marked()).toHaveLength(2)
  for (const { wa_id } of people) expect(await rig.texts(wa_id)).toEqual(['Bye'])
}, 60_000)

test('the time for which a pause had stopped the clock of a sleeping run does not count after its move either', async () => {
  const { journeyId } = await rig.enter(journeyOf({ wait: sleeping(9_000) }), 1, { waiting: 1 })
  const dueMs = async () => (await rig.runs(journeyId))[0]?.due_at?.getTime() ?? 0
  const before = await dueMs()
  await rig.ask(200, 'POST', `/journeys/${journeyId}/pause`, { timers: 'freeze' })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await rig.ask(202, 'POST', `/journeys/${journeyId}/resume`, {})
  const plan = { cards: { wait: move } }
  const { migrationId } = await rig.publish(journeyId, journeyOf({ wait: sleeping(8_000) }), {
    migration: { plan },
  })
  await rig.migrated(journeyId, migrationId ?? '')
  const shift = async () => (await dueMs()) - (before - 1_000_000)
  await eventually(async () => expect(await shift()).toBeGreaterThanOrEqual(1_400))
  // And back again, it does not count twice.
  const { id } = await rig.ask<{ id: string }>(
    202,
    'POST',
    `/journeys/${journeyId}/migrations/${migrationId}/rollback`,
  )
  await rig.migrated(journeyId, id)
  const frozenMs = await shift()
  await eventually(async () => expect((await dueMs()) - before).toBeGreaterThanOrEqual(1_400))
  expect((await dueMs()) - before).toBeLessThan(2 * frozenMs)
}, 60_000)

test('an event that came before the move counts, though the run has yet to hear of it', async () => {
  const waiting = {
    ...{ type: 'time-delay', next: { event: 'thanks', done: 'late' } },
    settings: {
      delay: { mode: 'duration', duration: { amount: 9, unit: 'days' } },
      event: { name: 'paid' },
    },
  }
  const cards = { wait: waiting, late: say('Late'), thanks: sleeping(9_000, { done: 'late' }) }
  const { journeyId, people } = await rig.enter(journeyOf(cards), 1, { waiting: 1 })
  const [run] = people
  // The event has taken the wait; its signal is on its way.
  const [wait] = await rig.rows<{ wait_key: string; fact_id: string }>(
    `update event_waits w set taken_at = now() from runs r where r.id = w.run_id and r.id = $1
     returning w.wait_key, r.fact_id`,
    [run?.id],
  )
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ thanks: cards.thanks, late: cards.late }),
    {
      migration: { plan: { cards: { wait: { action: 'move', card: 'late' } } } },
    },
  )
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 1, moved: 0 })
  const handle = rig.deps.temporal.workflow.getHandle(run?.workflow_id ?? '')
  await handle.signal(eventArrived, {
    eventId: 'event-1',
    waitKey: wait?.wait_key ?? '',
    attributes: {},
    factId: wait?.fact_id ?? '',
  })
  await eventually(async () =>
    expect(await rig.runs(journeyId)).toMatchObject([{ version: 2, card_id: 'thanks', state: 'waiting' }]),
  )
  expect(await rig.texts(run?.wa_id)).toEqual([])
}, 60_000)

test('who waits for the same event in the new version has never stopped waiting for it', async () => {
  const wait = {
    type: 'time-delay',
    settings: {
      delay: { mode: 'duration', duration: { amount: 9, unit: 'days' } },
      event: { name: 'ordered' },
    },
  }
  const { journeyId, people } = await rig.enter(journeyOf({ wait }), 1, { waiting: 1 })
  const waits = () =>
    rig.rows<{ xmin: string }>(`select xmin::text from event_waits where run_id = $1`, [people[0]?.id])
  const [before] = await waits()
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ wait: { ...wait, next: { event: 'bye' } }, bye: say('Bye') }),
    {
      migration: { plan: { cards: { wait: move } } },
    },
  )
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ moved: 1 })
  await eventually(async () =>
    expect(await rig.runs(journeyId)).toMatchObject([{ state: 'waiting', version: 2 }]),
  )
  // The same row, not one like it.
  expect(await waits()).toEqual([before])
}, 60_000)
