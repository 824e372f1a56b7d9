import { newId } from '../../src/db/columns.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as segmentRoutes } from '../../src/segments/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let numberId: string
let phones = 4_915_000_000

beforeAll(async () => {
  rig = await openWorkspaceApi([...contactRoutes, ...eventRoutes, ...journeyRoutes, ...segmentRoutes])
  numberId = await rig.addNumber()
  const attributes = { orderId: 'string', amount: 'float' }
  for (const name of ['ordered', 'paid', 'shipped'])
    await rig.ask(201, 'POST', '/event-types', { name, attributes })
})
afterAll(() => rig.close())

const ask: WorkspaceApi['ask'] = (...asked) => rig.ask(...asked)
const makeContact = async () =>
  (await ask<{ id: string }>(201, 'POST', '/contacts', { waId: String(phones++) })).id

/** A published journey whose runs stay inside, since nobody runs them. */
async function makeJourney(entry: object, event = 'ordered', condition?: object): Promise<string> {
  const draft = {
    start: 'end',
    triggers: [{ type: 'custom-event', event, condition }],
    entry,
    cards: { end: { type: 'end-conversation', settings: {} } },
  }
  const { id } = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: newId(), draft })
  await ask(201, 'POST', `/journeys/${id}/publish`)
  return id
}
const happen = (contactId: string, attributes: object = {}, type = 'ordered') =>
  ask(201, 'POST', '/events', { type, contactId, attributes })
const runsOf = (journeyId: string) =>
  rig.rows<{ id: string; contact_id: string; entry_key: string | null; workflow_id: string }>(
    'select * from runs where journey_id = $1 order by id',
    [journeyId],
  )
const endRuns = (journeyId: string) =>
  rig.rows(`update runs set ended_at = now(), state = 'completed' where journey_id = $1`, [journeyId])
const reasons = async (journeyId: string, contactId: string) => {
  const facts = await rig.rows<{ data: { candidates: { journey: string; reason: string }[] } }>(
    `select data from facts where kind = 'trigger.evaluated' and contact_id = $1 order by at, id`,
    [contactId],
  )
  return facts.flatMap(({ data }) =>
    data.candidates.filter(({ journey }) => journey === journeyId).map(({ reason }) => reason),
  )
}
const closeJourney = (journeyId: string) =>
  rig.rows('update journeys set deleted_at = now() where id = $1', [journeyId])

test.each<[object, number]>([
  [{ reentry: 'while-not-inside' }, 1],
  [{ reentry: 'once' }, 1],
  [{ reentry: 'every-n-days', days: 3 }, 1],
  [{ reentry: 'always' }, 6],
])('six events at once under %j start %i', async (entry, expected) => {
  const journeyId = await makeJourney(entry)
  const contactId = await makeContact()
  await Promise.all(Array.from({ length: 6 }, () => happen(contactId)))
  expect(await runsOf(journeyId)).toHaveLength(expected)
  await closeJourney(journeyId)
})

test('who is out again may enter, but not where once is once, nor before the days are over', async () => {
  const [again, once, days] = [
    await makeJourney({ reentry: 'while-not-inside' }),
    await makeJourney({ reentry: 'once' }),
    await makeJourney({ reentry: 'every-n-days', days: 3 }),
  ]
  const contactId = await makeContact()
  await happen(contactId)
  for (const id of [again, once, days]) await endRuns(id)
  await happen(contactId)
  expect(await runsOf(again)).toHaveLength(2)
  expect(await runsOf(once)).toHaveLength(1)
  expect(await runsOf(days)).toHaveLength(1)
  expect((await reasons(once, contactId)).at(-1)).toMatch(/takes each contact once/)
  expect((await reasons(days, contactId)).at(-1)).toMatch(/less than 3 days ago/)
  await rig.rows(`update runs set started_at = now() - interval '4 days' where journey_id = $1`, [days])
  await happen(contactId)
  expect(await runsOf(days)).toHaveLength(2)
  for (const id of [again, once, days]) await closeJourney(id)
})

test('a journey takes so many a day, whoever comes at the same time', async () => {
  const journeyId = await makeJourney({ maximumPerDay: 5 })
  const contacts = await Promise.all(Array.from({ length: 12 }, makeContact))
  await Promise.all(contacts.map((id) => happen(id)))
  expect(await runsOf(journeyId)).toHaveLength(5)
  await endRuns(journeyId)
  const late = await makeContact()
  await happen(late)
  expect(await reasons(journeyId, late)).toEqual(['not started: the journey takes 5 entrants a day'])
  await closeJourney(journeyId)
})

test("the day is that of the journey's zone, and who came before a cap was set counts", async () => {
  // Where it is noon just now: no midnight comes in between.
  const ahead = new Date().getUTCHours() - 12
  const timeZone = `Etc/GMT${ahead < 0 ? ahead : `+${ahead}`}`
  const journeyId = await makeJourney({ reentry: 'always' })
  const contactId = await makeContact()
  await happen(contactId)
  await happen(contactId)
  const draft = {
    start: 'end',
    triggers: [{ type: 'custom-event', event: 'ordered' }],
    entry: { reentry: 'always', maximumPerDay: 3, timeZone },
    cards: { end: { type: 'end-conversation', settings: {} } },
  }
  await ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })
  await ask(201, 'POST', `/journeys/${journeyId}/publish`)
  await happen(contactId)
  await happen(contactId)
  const [gate] = await rig.rows('select day, entrants from journey_gates where journey_id = $1', [journeyId])
  expect(gate).toEqual({
    day: expect.stringMatching(new RegExp(` ${timeZone.replace('+', '\\+')}$`)),
    entrants: 3,
  })
  expect(await runsOf(journeyId)).toHaveLength(3)
  await closeJourney(journeyId)
})

test('a journey holds so many at the same time, whoever comes at once; who leaves makes room', async () => {
  const journeyId = await makeJourney({ maximumInside: 3 })
  const contacts = await Promise.all(Array.from({ length: 9 }, makeContact))
  await Promise.all(contacts.map((id) => happen(id)))
  const inside = await runsOf(journeyId)
  expect(inside).toHaveLength(3)
  await rig.rows('update runs set ended_at = now() where id = $1', [inside[0]?.id])
  const late = [await makeContact(), await makeContact()]
  await Promise.all(late.map((id) => happen(id)))
  expect(await runsOf(journeyId)).toHaveLength(4)
  const told = [...(await reasons(journeyId, late[0] ?? '')), ...(await reasons(journeyId, late[1] ?? ''))]
  expect(told.sort()).toEqual([
    'not started: 3 contacts are inside, which is the most',
    'the event is ordered',
  ])
  await closeJourney(journeyId)
})

test('a key names the entry: the same order reaches its run, another order gets its own', async () => {
  const journeyId = await makeJourney({ eventKey: 'orderId' })
  const contactId = await makeContact()
  await Promise.all(['A', 'A', 'B', 'A', 'B'].map((orderId) => happen(contactId, { orderId })))
  const runs = await runsOf(journeyId)
  expect(new Set(runs.map((run) => run.entry_key))).toEqual(new Set(['A', 'B']))
  expect(runs).toHaveLength(2)
  expect(await reasons(journeyId, contactId)).toContain(
    'not started: the run of orderId "A" is inside: the event is for what it waits for',
  )
  // Both runs wait for what becomes of an order: each event finds its own.
  for (const { id, workflow_id } of runs) {
    await rig.rows(
      `insert into event_waits (run_id, wait_key, workspace_id, contact_id, event, workflow_id)
       values ($1, 'w', $2, $3, 'shipped', $4)`,
      [id, rig.ours.workspaceId, contactId, workflow_id],
    )
  }
  const taken = () =>
    rig.rows<{ entry_key: string }>(
      `select r.entry_key from event_waits w join runs r on r.id = w.run_id
       where w.contact_id = $1 and w.taken_at is not null order by 1`,
      [contactId],
    )
  await happen(contactId, { orderId: 'C' }, 'shipped')
  expect(await taken()).toEqual([])
  await happen(contactId, { orderId: 'B' }, 'shipped')
  expect(await taken()).toEqual([{ entry_key: 'B' }])
  // What says nothing of an order is for whoever waits.
  await happen(contactId, {}, 'shipped')
  expect(await taken()).toHaveLength(2)
  await endRuns(journeyId)
  await happen(contactId, { orderId: 'A' })
  expect(await runsOf(journeyId)).toHaveLength(3)
  await closeJourney(journeyId)
})

test('where each contact is taken once, another key is no way around it; where always, the same key is', async () => {
  const once = await makeJourney({ reentry: 'once', eventKey: 'orderId' })
  const always = await makeJourney({ reentry: 'always', eventKey: 'orderId' })
  const contactId = await makeContact()
  for (const orderId of ['A', 'A', 'B']) await happen(contactId, { orderId })
  expect((await runsOf(once)).map((run) => run.entry_key)).toEqual(['A'])
  expect((await runsOf(always)).map((run) => run.entry_key)).toEqual(['A', 'B'])
  for (const id of [once, always]) await closeJourney(id)
})

test("triggers' conditions look at what lies behind the contact", async () => {
  const bought = { kind: 'event', event: 'paid', window: { last: { amount: 1, unit: 'days' } } }
  const twice = { ...bought, count: { operator: 'at-least', times: 2 } }
  const unread = { kind: 'last-message', status: 'sent', is: false }
  const journeyId = await makeJourney({ reentry: 'always' }, 'ordered', {
    kind: 'and',
    conditions: [twice, unread],
  })
  const contactId = await makeContact()
  await happen(contactId, {}, 'paid')
  await happen(contactId)
  expect(await runsOf(journeyId)).toHaveLength(0)
  expect(await reasons(journeyId, contactId)).toContain(
    "the event is ordered, but the trigger's condition does not hold",
  )
  await happen(contactId, {}, 'paid')
  await happen(contactId)
  expect(await runsOf(journeyId)).toHaveLength(1)
  await closeJourney(journeyId)
})

test("waits' conditions look at the contact and what lies behind it", async () => {
  const journeyId = await makeJourney({})
  const segment = await ask<{ id: string }>(201, 'POST', '/segments', { kind: 'static', name: newId() })
  const contactId = await makeContact()
  await happen(contactId)
  const [run] = await runsOf(journeyId)
  const condition = {
    kind: 'and',
    conditions: [
      { kind: 'segment', segmentId: segment.id, member: true },
      { kind: 'compare', path: 'contact.tags', operator: 'contains', value: 'vip' },
      { kind: 'compare', path: 'event.amount', operator: 'greater', value: 10 },
    ],
  }
  await rig.rows(
    `insert into event_waits (run_id, wait_key, workspace_id, contact_id, event, condition, workflow_id)
     values ($1, 'w', $2, $3, 'paid', $4, $5)`,
    [run?.id, rig.ours.workspaceId, contactId, JSON.stringify(condition), run?.workflow_id],
  )
  const isTaken = async () =>
    (await rig.rows('select 1 from event_waits where run_id = $1 and taken_at is not null', [run?.id])).length
  await happen(contactId, { amount: 50 }, 'paid')
  expect(await isTaken()).toBe(0)
  await ask(200, 'POST', `/segments/${segment.id}/subscribe`, { contactIds: [contactId] })
  await ask(200, 'PATCH', `/contacts/${contactId}`, { tags: ['vip'] })
  await happen(contactId, { amount: 5 }, 'paid')
  expect(await isTaken()).toBe(0)
  await happen(contactId, { amount: 50 }, 'paid')
  expect(await isTaken()).toBe(1)
  await closeJourney(journeyId)
})
