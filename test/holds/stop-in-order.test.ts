import pg from 'pg'
import { journeyOf, openBulkRig, say, type BulkRig, type Operation } from '../bulk/bulk-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { eventually } from '../support/eventually.ts'

// What an emergency stop promises is an order of events: once it has answered, no send that has not looked yet goes out.

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

interface Stop {
  id: string
}
const stopWorkspace = () =>
  rig.ask<Stop>(200, 'POST', '/emergency-stop', { scope: 'workspace', reason: 'wrong price' })
const release = async () => {
  const { operation } = await rig.ask<{ operation: Operation }>(202, 'POST', '/emergency-stop/release', {
    scope: 'workspace',
  })
  return rig.ended(operation.id)
}
const messagesOf = (journeyId: string) =>
  rig.rows<{ id: string; text: string; state: string }>(
    `select m.id, m.text, m.state from messages m join runs r on r.id = m.run_id where r.journey_id = $1 order by m.created_at`,
    [journeyId],
  )

/** Holds the chats of these people as a send does, so that sends wait before they look. */
async function lockChats(contactIds: string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: rig.deps.config.DATABASE_URL })
  await client.connect()
  let isOpen = true
  const end = client.end.bind(client)
  client.end = async () => {
    if (isOpen) await end()
    isOpen = false
  }
  atFileEnd(() => client.end())
  await client.query('begin')
  await client.query('select 1 from conversations where contact_id = any($1) for no key update', [contactIds])
  return client
}

test('sends that had begun before the stop and look after it are stopped, every one', async () => {
  const delay = { mode: 'duration', duration: { amount: 6, unit: 'seconds' } }
  const { journeyId } = await rig.publish(
    journeyOf({
      wait: { type: 'time-delay', settings: { delay }, next: { done: 'say' } },
      say: say('offer'),
    }),
  )
  const people = await rig.crowd(5)
  await rig.startAll(journeyId, people)
  await rig.allAre(journeyId, { waiting: people.length })
  const chats = await lockChats(people)
  await eventually(async () => {
    const [waiting] = await rig.rows<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    expect(waiting?.n).toBe(people.length)
  })
  const stop = await stopWorkspace()
  await chats.query('commit')
  await chats.end()
  await rig.allAre(journeyId, { paused: people.length })
  expect(await messagesOf(journeyId)).toEqual([])
  expect(await rig.accepted()).toBe(0)
  expect(await rig.ask(200, 'GET', `/emergency-stop/${stop.id}/escaped`)).toMatchObject({ items: [] })
  expect(await release()).toMatchObject({ total: people.length, done: people.length })
  await rig.allAre(journeyId, { completed: people.length })
  expect(await rig.accepted()).toBe(people.length)
}, 120_000)

test('what WhatsApp had already is listed as escaped; what comes after it in the same journey is stopped', async () => {
  const { journeyId } = await rig.publish(journeyOf({ one: say('one', { next: 'two' }), two: say('two') }))
  await rig.faults([{ kind: 'slow', delayMs: 3_000 }])
  await rig.startAll(journeyId, await rig.crowd(1))
  await eventually(async () => expect(await messagesOf(journeyId)).toMatchObject([{ state: 'inflight' }]))
  const stop = await stopWorkspace()
  expect(await messagesOf(journeyId)).toMatchObject([{ text: 'one', state: 'inflight' }])
  await rig.faults([])
  await rig.allAre(journeyId, { paused: 1 })
  const [escaped] = await messagesOf(journeyId)
  expect(await messagesOf(journeyId)).toMatchObject([{ text: 'one', state: 'accepted' }])
  const listed = await rig.ask<{ items: object[] }>(200, 'GET', `/emergency-stop/${stop.id}/escaped`)
  expect(listed.items).toMatchObject([{ messageId: escaped?.id, text: 'one' }])
  await release()
  await rig.allAre(journeyId, { completed: 1 })
  expect((await messagesOf(journeyId)).map(({ text }) => text)).toEqual(['one', 'two'])
}, 120_000)
