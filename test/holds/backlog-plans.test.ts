import { awaitSignals, journeyOf, openBulkRig, say, type BulkRig, type Operation } from '../bulk/bulk-rig.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

const delay = (seconds: number) => ({ mode: 'duration', duration: { amount: seconds, unit: 'seconds' } })
const sent = (journeyId: string) =>
  rig.rows<{ text: string; contact_id: string; at: number }>(
    `select m.text, m.contact_id, extract(epoch from m.created_at)::float8 as at from messages m join runs r on r.id = m.run_id
     where r.journey_id = $1 and m.state = 'accepted' order by m.created_at`,
    [journeyId],
  )
const resume = async (path: string, body: object = {}) => {
  const { operation } = await rig.ask<{ operation: Operation }>(202, 'POST', `${path}/resume`, body)
  return rig.ended(operation.id)
}
const attributeOf = async (contactId: string, name: string) => {
  const [row] = await rig.rows<{ value: string | null }>(
    'select attributes ->> $2 as value from contacts where id = $1',
    [contactId, name],
  )
  return row?.value
}

test('a backlog is spread in even steps, who fell due first goes first, and those at the door too', async () => {
  const { journeyId } = await rig.publish(
    journeyOf({
      wait: { type: 'time-delay', settings: { delay: delay(1) }, next: { done: 'say' } },
      say: say('late'),
    }),
  )
  const path = `/journeys/${journeyId}`
  const people = await rig.crowd(3)
  await rig.startAll(journeyId, people)
  await rig.allAre(journeyId, { waiting: 3 })
  await rig.ask(200, 'POST', `${path}/pause`, { timers: 'run' })
  const [entrant = ''] = await rig.crowd(1)
  await rig.ask(409, 'POST', `${path}/runs`, { contactId: entrant })
  await rig.allAre(journeyId, { paused: 3 })
  // In the order of the list, whatever the order of their timers was.
  for (const [at, contactId] of people.entries())
    await rig.rows(`update runs set due_at = now() - (60 - $1) * interval '1 minute' where contact_id = $2`, [
      at,
      contactId,
    ])
  const hours = 0.004
  const stepSeconds = (hours * 3_600) / 4
  const shown = await rig.ask<{ backlog: object }>(200, 'GET', `${path}/backlog?how=spread&hours=${hours}`)
  expect(shown.backlog).toMatchObject({ standing: 3, queued: 1, takesMinutes: hours * 60 })
  await rig.ask(400, 'GET', `${path}/backlog?how=spread`)
  const ended = await resume(path, { backlog: { how: 'spread', hours } })
  expect(ended).toMatchObject({ total: 4, done: 4, spreadHours: hours })
  await rig.allAre(journeyId, { completed: 4 })
  const items = await rig.rows<{ contact_id: string; at: number }>(
    `select coalesce(r.contact_id, $2) as contact_id, extract(epoch from i.settled_at)::float8 as at from bulk_items i
     left join runs r on r.id = i.item_id where i.operation_id = $1 order by i.settled_at`,
    [ended.id, entrant],
  )
  expect(items.map((item) => item.contact_id)).toEqual([...people, entrant])
  for (const [at, item] of items.entries()) {
    const before = items[at - 1]
    // The clock of a step begins with its work, which is written down when it is done.
    if (before) expect(item.at - before.at).toBeGreaterThan(stepSeconds * 0.5)
  }
  expect((items.at(-1)?.at ?? 0) - (items[0]?.at ?? 0)).toBeGreaterThan(3 * stepSeconds * 0.8)
  expect((await sent(journeyId)).map(({ text }) => text)).toEqual(Array(4).fill('late'))
}, 180_000)

test('an answer that comes while a journey is paused waits with its run, and counts after it', async () => {
  const { journeyId } = await rig.publish(
    journeyOf({
      ask: {
        type: 'interactive-message',
        settings: {
          body: 'Well?',
          buttons: [{ id: 'yes', title: 'Yes' }],
          timeout: { amount: 2, unit: 'days' },
        },
        next: { 'button:yes': 'note' },
      },
      note: {
        type: 'setup-attribute',
        settings: { assignments: [{ target: 'attribute', name: 'said', value: 'yes' }] },
        next: { next: 'thanks' },
      },
      thanks: say('Thanks'),
    }),
  )
  const [contactId = ''] = await rig.crowd(1)
  await rig.startAll(journeyId, [contactId])
  await rig.allAre(journeyId, { waiting: 1 })
  await rig.ask(200, 'POST', `/journeys/${journeyId}/pause`, {})
  const [claim] = await rig.rows<{ value: string }>('select value from identities where contact_id = $1', [
    contactId,
  ])
  await rig.tap(claim?.value ?? '', 'yes', 'Yes')
  await rig.allAre(journeyId, { paused: 1 })
  // The answer has reached the run; what it would do with it, it has not done.
  const [run] = await rig.rows<{ workflow_id: string; held_by: string | null }>(
    'select workflow_id, held_by from runs where journey_id = $1',
    [journeyId],
  )
  expect(run?.held_by).not.toBeNull()
  await awaitSignals(rig.deps, run?.workflow_id ?? '', ['held', 'replied'])
  expect(await attributeOf(contactId, 'said')).toBeNull()
  expect(await resume(`/journeys/${journeyId}`)).toMatchObject({ total: 1, done: 1 })
  await rig.allAre(journeyId, { completed: 1 })
  expect(await attributeOf(contactId, 'said')).toBe('yes')
  expect((await sent(journeyId)).map(({ text }) => text)).toEqual(['Well?', 'Thanks'])
}, 120_000)

test('an event that comes while a contact is paused waits with the run that it is for', async () => {
  const { journeyId } = await rig.publish(
    journeyOf({
      wait: {
        type: 'time-delay',
        settings: { delay: delay(9_000), event: { name: 'attribute_changed' } },
        next: { done: 'late', event: 'note' },
      },
      note: {
        type: 'setup-attribute',
        settings: { assignments: [{ target: 'attribute', name: 'heard', value: '{{event.name}}' }] },
        next: { next: 'thanks' },
      },
      late: say('late'),
      thanks: say('Thanks'),
    }),
  )
  const [contactId = ''] = await rig.crowd(1)
  await rig.startAll(journeyId, [contactId])
  await rig.allAre(journeyId, { waiting: 1 })
  await rig.ask(200, 'POST', `/contacts/${contactId}/pause`, {})
  await rig.ask(200, 'PATCH', `/contacts/${contactId}`, { city: 'Bonn' })
  await rig.allAre(journeyId, { paused: 1 })
  const [run] = await rig.rows<{ workflow_id: string }>(
    'select workflow_id from runs where journey_id = $1',
    [journeyId],
  )
  await awaitSignals(rig.deps, run?.workflow_id ?? '', ['held', 'eventArrived'])
  expect(await attributeOf(contactId, 'heard')).toBeNull()
  expect(await resume(`/contacts/${contactId}`)).toMatchObject({ total: 1, done: 1 })
  await rig.allAre(journeyId, { completed: 1 })
  expect(await attributeOf(contactId, 'heard')).toBe('city')
  expect((await sent(journeyId)).map(({ text }) => text)).toEqual(['Thanks'])
}, 120_000)
