import { newId } from '../../src/db/columns.ts'
import { createEventType } from '../../src/events/event-types.ts'
import { trackEvent } from '../../src/events/track-event.ts'
import { conditionDependencies } from '../../src/model/condition-dependencies.ts'
import { conditionSchema } from '../../src/model/conditions.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse()
  const { workspaceId } = house
  await createEventType(house.deps, { workspaceId, name: 'bought', attributes: { amount: 'float' } })
})
afterAll(() => house.close())

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)

async function liveSegment(name: string, given: unknown): Promise<string> {
  const condition = conditionSchema.parse(given)
  const { keys, timeDependent } = conditionDependencies(condition)
  const id = newId()
  await rows(
    `insert into segments (id, workspace_id, name, kind, condition, depends_on, time_dependent, evaluated_at, swept_at)
     values ($1, $2, $3, 'live', $4, $5, $6, now(), now())`,
    [id, house.workspaceId, name, JSON.stringify(condition), keys, timeDependent],
  )
  return id
}

/** A customer who wrote, so that texts may be sent to them. */
async function customer(waId: string): Promise<string> {
  await house.text(waId, 'nothing that triggers')
  return eventually(async () => {
    const [row] = await rows<{ contact_id: string }>(
      `select contact_id from identities where value = $1 and workspace_id = $2`,
      [waId, house.workspaceId],
    )
    expect(row).toBeDefined()
    // That the contact is new has been judged by now: what happens next is the cause of what follows.
    expect(await rows('select 1 from contact_changes')).toEqual([])
    return row?.contact_id ?? ''
  })
}

const bought = (contactId: string, amount: number) =>
  trackEvent(house.deps, {
    workspaceId: house.workspaceId,
    contactId,
    type: 'bought',
    attributes: { amount },
    eventId: newId(),
    atMs: Date.now(),
  })
const texts = async (waId: string) => (await house.ledger(waId)).map(({ payload }) => payload.text?.body)
const says = (trigger: object, text: string) => ({
  start: 'say',
  triggers: [trigger],
  entry: { reentry: 'always' },
  cards: { say: { type: 'message', settings: { text } } },
})

test('an event makes a member, which starts the journey of the segment: once, with its cause', async () => {
  const segmentId = await liveSegment('Big spenders', {
    kind: 'event',
    event: 'bought',
    where: { kind: 'compare', path: 'event.amount', operator: 'greater', value: 100 },
  })
  const entered = { type: 'segment-entered', segmentId }
  const { journeyId } = await house.publish(says(entered, 'Welcome among {{event.segment}}'))
  await house.publish(says({ ...entered, segmentId: newId() }, 'Of another segment'))
  const contactId = await customer('491700000501')
  await Promise.all([bought(contactId, 50), bought(contactId, 150), bought(contactId, 250)])
  await eventually(async () => expect(await texts('491700000501')).toEqual(['Welcome among Big spenders']))
  const [chain] = await rows<{ kinds: string[] }>(
    `with recursive why as (
       select f.*, 0 as depth from facts f join runs r on r.fact_id = f.id where r.journey_id = $1
       union all select f.*, depth + 1 from facts f join why on f.id = why.cause_id)
     select array_agg(kind order by depth desc) as kinds from why`,
    [journeyId],
  )
  expect(chain?.kinds).toEqual(['event.received', 'segment.entered', 'trigger.evaluated', 'run.started'])
  expect(await texts('491700000501')).toHaveLength(1)
})

test('a journey that waits to see somebody leave a segment goes on when they do', async () => {
  const segmentId = await liveSegment('Few purchases', {
    kind: 'event',
    event: 'bought',
    count: { operator: 'at-most', times: 1 },
  })
  const waiting = {
    start: 'wait',
    triggers: [{ type: 'user-utterance', keywords: ['watch me'] }],
    cards: {
      wait: {
        type: 'time-delay',
        settings: {
          delay: { mode: 'duration', duration: { amount: 1, unit: 'days' } },
          event: {
            name: 'segment_left',
            condition: { kind: 'compare', path: 'event.segment_id', operator: 'equals', value: segmentId },
          },
        },
        next: { event: 'gone' },
      },
      gone: { type: 'message', settings: { text: 'You buy a lot now' } },
    },
  }
  await house.publish(waiting)
  const contactId = await customer('491700000502')
  await bought(contactId, 10)
  await eventually(async () => {
    const members = await rows('select 1 from segment_members where segment_id = $1 and contact_id = $2', [
      segmentId,
      contactId,
    ])
    expect(members).toHaveLength(1)
  })
  await house.text('491700000502', 'watch me')
  await eventually(async () => {
    expect(await rows('select 1 from event_waits where contact_id = $1', [contactId])).toHaveLength(1)
  })
  await bought(contactId, 10)
  await eventually(async () => expect(await texts('491700000502')).toContain('You buy a lot now'))
})

test('what a customer reads reaches live segments without a row of its own', async () => {
  const segmentId = await liveSegment('Readers', { kind: 'event', event: 'message_read' })
  await house.publish(says({ type: 'user-utterance', keywords: ['ping'] }, 'pong'))
  const contactId = await customer('491700000503')
  await house.text('491700000503', 'ping')
  await eventually(async () => expect(await texts('491700000503')).toEqual(['pong']))
  await house.read('491700000503')
  await eventually(async () => {
    const members = await rows('select contact_id from segment_members where segment_id = $1', [segmentId])
    expect(members).toContainEqual({ contact_id: contactId })
  })
  expect(await rows(`select 1 from events where type = 'message_read'`)).toEqual([])
})

test('engagement with a campaign is noticed: read by status, replied by message', async () => {
  const campaignId = newId()
  const readers = await liveSegment('Campaign readers', { kind: 'campaign', campaignId, what: 'read' })
  const repliers = await liveSegment('Campaign repliers', { kind: 'campaign', what: 'replied' })
  await house.publish(says({ type: 'user-utterance', keywords: ['offer'] }, 'Here is the offer'))
  const contactId = await customer('491700000504')
  await house.text('491700000504', 'offer')
  await eventually(async () => expect(await texts('491700000504')).toEqual(['Here is the offer']))
  await rows(`update messages set campaign_id = $1 where contact_id = $2 and direction = 'out'`, [
    campaignId,
    contactId,
  ])
  const membersOf = async (segmentId: string) =>
    rows('select contact_id from segment_members where segment_id = $1', [segmentId])
  await house.read('491700000504')
  await eventually(async () => expect(await membersOf(readers)).toEqual([{ contact_id: contactId }]))
  expect(await membersOf(repliers)).toEqual([])
  await house.text('491700000504', 'I want it')
  await eventually(async () => expect(await membersOf(repliers)).toEqual([{ contact_id: contactId }]))
})
