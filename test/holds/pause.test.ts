import { journeyOf, openBulkRig, say, type BulkRig, type Operation } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

interface Hold {
  id: string
  placedAt: string
  releasedAt: string | null
}
interface Resumed {
  hold: Hold
  operation: Operation
}
interface Backlog {
  backlog: { standing: number; queued: number; overdueMessages: number; olderThan: object[] }
}

const sleeps = (seconds: number, text = 'late') =>
  journeyOf({
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: seconds, unit: 'seconds' } } },
      next: { done: 'say' },
    },
    say: say(text),
  })
const texts = async (journeyId: string) =>
  (
    await rig.rows<{ text: string; n: number }>(
      `select m.text, count(*)::int as n from messages m join runs r on r.id = m.run_id
       where r.journey_id = $1 and m.state = 'accepted' group by m.text order by m.text`,
      [journeyId],
    )
  ).map(({ text, n }) => `${n} ${text}`)
const resume = async (path: string, body: object = {}) => {
  const resumed = await rig.ask<Resumed>(202, 'POST', `${path}/resume`, body)
  return { ...resumed, ended: await rig.ended(resumed.operation.id) }
}
const facts = async (kind: string, contactId: string | undefined) =>
  (
    await rig.rows<{ data: { reason?: string } }>(
      'select data from facts where kind = $1 and contact_id = $2 order by at',
      [kind, contactId],
    )
  ).map(({ data }) => data)

test('a paused journey stands still, entrants wait at its door, and all of it goes on', async () => {
  const { journeyId } = await rig.publish(sleeps(2))
  const path = `/journeys/${journeyId}`
  await rig.startAll(journeyId, await rig.crowd(5))
  const hold = await rig.ask<Hold>(200, 'POST', `${path}/pause`, { timers: 'run', reason: 'wrong price' })
  expect(await rig.ask<Hold>(200, 'POST', `${path}/pause`, {})).toEqual(hold)
  const [late, later] = await rig.crowd(2)
  for (const contactId of [late, later])
    expect(await rig.ask(409, 'POST', `${path}/runs`, { contactId })).toMatchObject({
      detail: 'not started: the journey is paused: it enters when that is over',
    })
  await rig.allAre(journeyId, { paused: 5 })
  expect(await texts(journeyId)).toEqual([])
  const { backlog } = await rig.ask<Backlog>(200, 'GET', `${path}/backlog`)
  expect(backlog).toMatchObject({
    standing: 5,
    contacts: 5,
    queued: 2,
    overdueMessages: 5,
    groups: [{ cardId: 'wait', goesOnAt: 'say', sends: [{ cardId: 'say', text: 'late' }] }],
  })
  const [first, second] = await Promise.all([1, 2].map(() => rig.ask<Resumed>(202, 'POST', `${path}/resume`)))
  expect(second?.operation.id).toBe(first?.operation.id)
  expect(await rig.ended(first?.operation.id ?? '')).toMatchObject({ total: 7, done: 7 })
  await rig.allAre(journeyId, { completed: 7 })
  expect(await texts(journeyId)).toEqual(['7 late'])
  expect(await facts('entrant.queued', late)).toMatchObject([{ scope: 'journey' }])
  await rig.ask(409, 'POST', `${path}/resume`)
  await rig.ask(409, 'GET', `${path}/backlog`)
  const listed = await rig.ask<{ items: Hold[] }>(200, 'GET', '/pauses?active=false')
  expect(listed.items.map(({ id }) => id)).toContain(hold.id)
}, 120_000)

test('frozen timers keep what was left of them; entrants who are dropped leave the reason', async () => {
  const { journeyId } = await rig.publish(sleeps(3))
  const path = `/journeys/${journeyId}`
  await rig.startAll(journeyId, await rig.crowd(2))
  await rig.ask(200, 'POST', `${path}/pause`, { timers: 'freeze', entrants: 'drop' })
  const [dropped] = await rig.crowd(1)
  await rig.ask(409, 'POST', `${path}/runs`, { contactId: dropped })
  expect(await facts('entrant.dropped', dropped)).toMatchObject([
    { reason: 'the journey is paused and takes nobody in' },
  ])
  await rig.allAre(journeyId, { paused: 2 })
  const { hold, ended } = await resume(path)
  expect(ended).toMatchObject({ total: 2, done: 2 })
  await rig.allAre(journeyId, { completed: 2 })
  const [slept] = await rig.rows<{ seconds: number }>(
    `select min(extract(epoch from m.created_at - r.started_at) - extract(epoch from h.released_at - h.placed_at))::float8 as seconds
     from messages m join runs r on r.id = m.run_id, holds h where r.journey_id = $1 and h.id = $2`,
    [journeyId, hold.id],
  )
  expect(slept?.seconds).toBeGreaterThan(2.9)
}, 120_000)

test('of each contact only the newest goes on', async () => {
  const [older, newer] = [await rig.publish(sleeps(1, 'older')), await rig.publish(sleeps(1, 'newer'))]
  const people = await rig.crowd(3)
  const path = `/numbers/${rig.numberId}`
  await rig.startAll(older.journeyId, people)
  await rig.ask(200, 'POST', `${path}/pause`, { timers: 'run' })
  await rig.allAre(older.journeyId, { paused: 3 })
  await rig.ask(409, 'POST', `/journeys/${newer.journeyId}/runs`, { contactId: people[0] })
  const { ended } = await resume(path, { backlog: { how: 'newest-only' } })
  expect(ended).toMatchObject({ total: 4, done: 4 })
  await rig.allAre(newer.journeyId, { completed: 1 })
  await rig.allAre(older.journeyId, { exited: 1, completed: 2 })
  expect([await texts(older.journeyId), await texts(newer.journeyId)]).toEqual([['2 older'], ['1 newer']])
}, 120_000)

test('what has been due for too long is dropped, the rest goes on', async () => {
  const { journeyId } = await rig.publish(sleeps(1))
  const path = `/journeys/${journeyId}`
  await rig.startAll(journeyId, await rig.crowd(3))
  await rig.ask(200, 'POST', `${path}/pause`, { timers: 'run' })
  const [entrant] = await rig.crowd(1)
  await rig.ask(409, 'POST', `${path}/runs`, { contactId: entrant })
  await rig.allAre(journeyId, { paused: 3 })
  await rig.rows(
    `update runs set due_at = now() - interval '5 hours' where id = (select min(id::text)::uuid from runs where journey_id = $1)`,
    [journeyId],
  )
  await rig.rows(`update queued_entrants set queued_at = now() - interval '5 hours' where journey_id = $1`, [
    journeyId,
  ])
  const { backlog } = await rig.ask<Backlog>(200, 'GET', `${path}/backlog?how=drop-older-than&hours=4`)
  expect(backlog.olderThan).toContainEqual({ hours: 1, standing: 1, queued: 1 })
  const { ended } = await resume(path, { backlog: { how: 'drop-older-than', hours: 4 } })
  expect(ended).toMatchObject({ total: 4, done: 3, skipped: 1 })
  await rig.allAre(journeyId, { exited: 1, completed: 2 })
  expect(await facts('entrant.dropped', entrant)).toMatchObject([
    { reason: 'it waited for more than 4 hours' },
  ])
}, 120_000)

test('they go on at a card that is chosen; a contact is paused by itself; nobody else waits', async () => {
  const { journeyId } = await rig.publish({
    ...sleeps(1),
    cards: { ...sleeps(1).cards, sorry: say('sorry') },
  })
  const path = `/journeys/${journeyId}`
  const [ann, ben] = await rig.crowd(2)
  await rig.startAll(journeyId, [ann ?? '', ben ?? ''])
  await rig.ask(200, 'POST', `/contacts/${ann}/pause`, { timers: 'run' })
  await rig.allAre(journeyId, { paused: 1, completed: 1 })
  const refused = await rig.ask<{ fields: object[] }>(422, 'POST', `/contacts/${ann}/resume`, {
    backlog: { how: 're-enter-at', card: 'sorry' },
  })
  expect(refused.fields).toMatchObject([{ field: 'backlog.card' }])
  // Both hold her: lifting one leaves her at the other.
  await rig.ask(200, 'POST', `${path}/pause`, { timers: 'run' })
  await resume(`/contacts/${ann}`)
  await eventually(async () => {
    const [row] = await rig.rows<{ scope: string }>(
      'select h.scope from runs r join holds h on h.id = r.held_by where r.contact_id = $1',
      [ann],
    )
    expect(row?.scope).toBe('journey')
  })
  await rig.ask(422, 'POST', `${path}/resume`, { backlog: { how: 're-enter-at', card: 'nowhere' } })
  await resume(path, { backlog: { how: 're-enter-at', card: 'sorry' } })
  await rig.allAre(journeyId, { completed: 2 })
  expect(await texts(journeyId)).toEqual(['1 late', '1 sorry'])
}, 120_000)

test('who was paused and waits at a door stays so as the contact whom a merge makes of them', async () => {
  const { journeyId } = await rig.publish(sleeps(1))
  const [ann, double] = await rig.crowd(2)
  await rig.ask(200, 'POST', `/contacts/${double}/pause`, {})
  await rig.ask(409, 'POST', `/journeys/${journeyId}/runs`, { contactId: double })
  await rig.ask(200, 'POST', `/contacts/${ann}/merge`, { otherId: double })
  await rig.ask(409, 'POST', `/journeys/${journeyId}/runs`, { contactId: ann })
  const { ended } = await resume(`/contacts/${ann}`)
  expect(ended).toMatchObject({ total: 2, done: 1, skipped: 1 })
  await rig.allAre(journeyId, { completed: 1 })
  const runs = await rig.rows('select contact_id from runs where journey_id = $1', [journeyId])
  expect(runs).toEqual([{ contact_id: ann }])
}, 120_000)
