import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { nextLocalTime, weekdays } from '../../src/model/schedule.ts'
import { sweepOutbox } from '../../src/outbox/relay.ts'
import { awaitSignals, journeyOf, openBulkRig, say, type BulkRig } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

interface Row {
  id: string
  contact_id: string
  workflow_id: string
  state: string
  due: number
  started: number
}
const runsOf = (journeyId: string) =>
  rig.rows<Row>(
    `select id, contact_id, workflow_id, state, floor(extract(epoch from due_at) * 1000)::float8 as due,
       floor(extract(epoch from started_at) * 1000)::float8 as started from runs where journey_id = $1 order by id`,
    [journeyId],
  )
const waiting = (delay: object) =>
  journeyOf({
    wait: { type: 'time-delay', settings: { delay }, next: { done: 'tell' } },
    tell: say('It is time'),
  })

async function enter(delay: object, people: number, timeZone: string): Promise<string> {
  const { journeyId } = await rig.publish(waiting(delay))
  const crowd = await rig.crowd(people)
  await rig.rows(`update contacts set time_zone = $2 where id = any($1::uuid[])`, [crowd, timeZone])
  await rig.startAll(journeyId, crowd)
  await rig.allAre(journeyId, { waiting: people })
  return journeyId
}
const moveTo = (contactId: string, timeZone: string) =>
  rig.ask(200, 'PATCH', `/contacts/${contactId}`, { timeZone })
/** The wall clock of a zone, as a delay writes an instant without an offset. */
const clockOf = (zone: string, atMs: number) =>
  new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    .format(atMs)
    .replace(' ', 'T')

test('who sleeps until a local time sleeps until that of the new zone', async () => {
  const journeyId = await enter({ mode: 'local-time', time: '09:00' }, 1, 'Asia/Tokyo')
  const [run] = await runsOf(journeyId)
  const nine = (zone: string) => nextLocalTime(run?.started ?? 0, '09:00', [...weekdays], zone)
  expect(run?.due).toBe(nine('Asia/Tokyo'))
  for (const zone of ['America/New_York', 'Asia/Kolkata', 'Pacific/Auckland']) {
    // Nine o'clock there may be over since it entered, which ends the wait: this is of those who sleep.
    if (nine(zone) < Date.now() + 60_000) continue
    await moveTo(run?.contact_id ?? '', zone)
    await sweepOutbox(rig.deps)
    await eventually(async () =>
      expect((await runsOf(journeyId))[0]).toMatchObject({ due: nine(zone), state: 'waiting' }),
    )
  }
})

test('a zone that stays, and journeys without local times, tell nobody', async () => {
  const journeyId = await enter({ mode: 'duration', duration: { amount: 9, unit: 'hours' } }, 1, 'UTC')
  const [run] = await runsOf(journeyId)
  await moveTo(run?.contact_id ?? '', 'Asia/Tokyo')
  await rig.rows('update contacts set time_zone = time_zone where id = $1', [run?.contact_id])
  expect(
    await rig.rows(`select 1 from outbox where name = 'zoneChanged' and workflow_id = $1`, [
      run?.workflow_id,
    ]),
  ).toEqual([])
})

const seed = randomInt(2 ** 31)

test(`however often the zone changes, the wait ends once, and not before its time (fast-check seed ${seed})`, async () => {
  const zones = ['Asia/Tokyo', 'UTC', 'America/New_York', 'Europe/Berlin']
  const moves = fc.array(fc.constantFrom(...zones), { minLength: 1, maxLength: 6 })
  const courses = fc.sample(moves, { numRuns: 8, seed })
  // Soon in Tokyo, half a day later everywhere else.
  const atMs = Math.ceil(Date.now() / 1_000) * 1_000 + 20_000
  const until = { mode: 'until', at: clockOf('Asia/Tokyo', atMs) }
  const journeyId = await enter(until, courses.length, 'UTC')
  const runs = await runsOf(journeyId)
  await Promise.all(
    courses.map(async (course, at) => {
      const { contact_id: contactId = '' } = runs[at] ?? {}
      for (const zone of course) {
        await moveTo(contactId, zone)
        await sweepOutbox(rig.deps)
      }
      await moveTo(contactId, 'Asia/Tokyo')
    }),
  )
  await sweepOutbox(rig.deps)
  await rig.allAre(journeyId, { completed: courses.length })
  const sent = await rig.rows<{ n: number; too_early: boolean }>(
    `select count(*)::int as n, bool_or(created_at < to_timestamp($2::float8 / 1000)) as too_early
     from messages where run_id in (select id from runs where journey_id = $1) group by run_id`,
    [journeyId, atMs],
  )
  expect(sent).toEqual(courses.map(() => ({ n: 1, too_early: false })))
  const [left] = await rig.rows<{ n: number }>(
    `select count(*)::int as n from facts where kind = 'card.left' and data ->> 'card' = 'wait'
       and run_id in (select id from runs where journey_id = $1)`,
    [journeyId],
  )
  expect(left?.n).toBe(courses.length)
}, 120_000)

test('who moves away from where it would be time soon goes on sleeping', async () => {
  const atMs = Math.ceil(Date.now() / 1_000) * 1_000 + 15_000
  const journeyId = await enter({ mode: 'until', at: clockOf('Asia/Tokyo', atMs) }, 1, 'Asia/Tokyo')
  const [run] = await runsOf(journeyId)
  expect(run?.due).toBe(atMs)
  await moveTo(run?.contact_id ?? '', 'UTC')
  await sweepOutbox(rig.deps)
  await awaitSignals(rig.deps, run?.workflow_id ?? '', ['zoneChanged'])
  await eventually(async () =>
    expect((await runsOf(journeyId))[0]).toMatchObject({ state: 'waiting', due: atMs + 9 * 3_600_000 }),
  )
})
