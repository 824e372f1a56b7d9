import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { createEventType } from '../../src/events/event-types.ts'
import { noteChanges } from '../../src/events/note-changes.ts'
import { trackEvent } from '../../src/events/track-event.ts'
import { conditionDependencies } from '../../src/model/condition-dependencies.ts'
import { conditionSchema } from '../../src/model/conditions.ts'
import { applyContactChanges } from '../../src/segments/apply-contact-changes.ts'
import { sweepSegments } from '../../src/segments/sweep-segments.ts'

let api: ApiRig
let workspaceId: string

beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url })
  workspaceId = (await openWorkspace(api, 'live')).workspaceId
  const attributes = { amount: 'float' }
  await createEventType(api.deps, { workspaceId, name: 'bought', attributes })
})
afterAll(() => api.close())
afterEach(async () => {
  await applyContactChanges(api.deps)
  await sql('update segments set deleted_at = now() where workspace_id = ?', [workspaceId])
})

const sql = <T extends object>(query: string, params: (string | number | null)[] = []) =>
  forkFor(api.deps.orm, workspaceId).execute<T[]>(query, params)

async function contact(city: string | null = null): Promise<string> {
  const id = newId()
  await sql('insert into contacts (id, workspace_id, city) values (?, ?, ?)', [id, workspaceId, city])
  return id
}

async function segment(name: string, given: unknown): Promise<string> {
  const condition = conditionSchema.parse(given)
  const { keys, timeDependent } = conditionDependencies(condition)
  const id = newId()
  await sql(
    `insert into segments (id, workspace_id, name, kind, condition, depends_on, time_dependent, evaluated_at, swept_at)
     values (?, ?, ?, 'live', ?::jsonb, array(select jsonb_array_elements_text(?::jsonb)), ?::boolean, now(), now())`,
    [id, workspaceId, name, JSON.stringify(condition), JSON.stringify(keys), String(timeDependent)],
  )
  return id
}

async function members(segmentId: string): Promise<string[]> {
  const rows = await sql<{ contact_id: string }>(
    'select contact_id from segment_members where segment_id = ? order by contact_id',
    [segmentId],
  )
  return rows.map((row) => row.contact_id)
}

async function moves(segmentId: string): Promise<string[]> {
  const rows = await sql<{ type: string }>(
    `select type from events where workspace_id = ? and attributes ->> 'segment_id' = ? order by at, id`,
    [workspaceId, segmentId],
  )
  return rows.map((row) => row.type)
}

const bought = (contactId: string, amount: number) =>
  trackEvent(api.deps, {
    workspaceId,
    contactId,
    type: 'bought',
    attributes: { amount },
    eventId: newId(),
    atMs: Date.now(),
  })

async function move(contactId: string, city: string): Promise<void> {
  await forkFor(api.deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('update contacts set city = ? where id = ?', [city, contactId])
    await noteChanges(em, workspaceId, [{ contactId, keys: ['attribute:city'], causeId: newId() }])
  })
}

test('an event brings a contact in, and what follows from it is told once', async () => {
  const big = await segment('Big spenders', {
    kind: 'event',
    event: 'bought',
    count: { operator: 'at-least', times: 2 },
    where: { kind: 'compare', path: 'event.amount', operator: 'greater', value: 100 },
  })
  const ann = await contact()
  await bought(ann, 150)
  await bought(ann, 20)
  await applyContactChanges(api.deps)
  expect(await members(big)).toEqual([])
  await bought(ann, 300)
  await Promise.all([applyContactChanges(api.deps), applyContactChanges(api.deps)])
  expect(await members(big)).toEqual([ann])
  expect(await moves(big)).toEqual(['segment_entered'])
  await bought(ann, 400)
  await applyContactChanges(api.deps)
  expect(await moves(big)).toEqual(['segment_entered'])
})

test('a segment of segments follows, out as well as in', async () => {
  const pune = await segment('Pune', {
    kind: 'compare',
    path: 'contact.city',
    operator: 'equals',
    value: 'Pune',
  })
  const nested = await segment('Not in Pune', { kind: 'segment', segmentId: pune, member: false })
  const inner = await segment('In Pune', { kind: 'segment', segmentId: pune })
  const ben = await contact()
  await move(ben, 'Pune')
  await applyContactChanges(api.deps)
  expect([await members(pune), await members(inner), await members(nested)]).toEqual([[ben], [ben], []])
  await move(ben, 'Delhi')
  await applyContactChanges(api.deps)
  expect([await members(pune), await members(inner), await members(nested)]).toEqual([[], [], [ben]])
  expect(await moves(inner)).toEqual(['segment_entered', 'segment_left'])
})

test('only segments that look at what changed are judged', async () => {
  const byTag = await segment('Tagged', { kind: 'tag', tag: 'vip' })
  const byCity = await segment('Goa', {
    kind: 'compare',
    path: 'contact.city',
    operator: 'equals',
    value: 'Goa',
  })
  const cara = await contact()
  // Out of step on purpose: whoever judges this segment puts it right.
  await sql('insert into segment_members (segment_id, contact_id, workspace_id) values (?, ?, ?)', [
    byTag,
    cara,
    workspaceId,
  ])
  await move(cara, 'Goa')
  await applyContactChanges(api.deps)
  expect([await members(byCity), await members(byTag)]).toEqual([[cara], [cara]])
})

test('a key that no segment looks at queues nothing', async () => {
  await segment('Tagged', { kind: 'tag', tag: 'vip' })
  await move(await contact(), 'Nowhere')
  expect(await sql('select 1 from contact_changes where workspace_id = ?', [workspaceId])).toEqual([])
})

test('under concurrent changes the memberships agree with the last word, and each move is told once', async () => {
  const goa = await segment('Goa', {
    kind: 'compare',
    path: 'contact.city',
    operator: 'equals',
    value: 'Goa',
  })
  const people = await Promise.all(Array.from({ length: 12 }, () => contact()))
  const change = async (round: number) => {
    await Promise.all(
      people.map((id, at) =>
        move(id, (round + at) % 2 === 0 ? 'Goa' : 'Agra').then(() => applyContactChanges(api.deps)),
      ),
    )
  }
  for (let round = 0; round < 6; round += 1) await change(round)
  await applyContactChanges(api.deps)
  const there = await sql<{ id: string }>(
    `select id from contacts where workspace_id = ? and city = 'Goa' order by id`,
    [workspaceId],
  )
  const inGoa = there.map((row) => row.id).filter((id) => people.includes(id))
  expect((await members(goa)).filter((id) => people.includes(id))).toEqual(inGoa)
  const told = await sql<{ contact_id: string; n: number }>(
    `select contact_id, sum(case type when 'segment_entered' then 1 else -1 end)::int as n from events
     where workspace_id = ? and attributes ->> 'segment_id' = ? group by contact_id`,
    [workspaceId, goa],
  )
  for (const { contact_id, n } of told) expect(n).toBe(inGoa.includes(contact_id) ? 1 : 0)
})

test('hundreds at once are judged set by set, with the same verdicts', async () => {
  const goa = await segment('Goa', {
    kind: 'compare',
    path: 'contact.city',
    operator: 'equals',
    value: 'goa',
  })
  await sql(
    `with c as (insert into contacts (id, workspace_id, city)
       select gen_random_uuid(), ?, case when n % 3 = 0 then 'GOA' else 'Leh' end from generate_series(1, 1200) n returning id)
     insert into contact_changes (workspace_id, contact_id, keys, cause_id)
     select ?, id, array['attribute:city'], gen_random_uuid() from c`,
    [workspaceId, workspaceId],
  )
  expect(await applyContactChanges(api.deps)).toBe(1200)
  expect(await members(goa)).toHaveLength(400)
})

test('what time alone changes is found by the sweep, and told with its cause', async () => {
  const recent = await segment('Seen in the last hour', {
    kind: 'last-seen',
    operator: 'within',
    period: { amount: 1, unit: 'hours' },
  })
  const dan = await contact()
  await sql('update contacts set last_seen_at = now() where id = ?', [dan])
  const due = () => sql(`update segments set swept_at = now() - interval '2 minutes' where id = ?`, [recent])
  await due()
  expect(await sweepSegments(api.deps)).toBe(1)
  await applyContactChanges(api.deps)
  expect(await members(recent)).toEqual([dan])
  expect(await sweepSegments(api.deps)).toBe(0)
  await sql(`update contacts set last_seen_at = now() - interval '2 hours' where id = ?`, [dan])
  await due()
  await sweepSegments(api.deps)
  await applyContactChanges(api.deps)
  expect(await members(recent)).toEqual([])
  const facts = await sql(`select 1 from facts where workspace_id = ? and kind = 'segment.swept'`, [
    workspaceId,
  ])
  expect(facts).toHaveLength(2)
})

test('a merged contact is a member of nothing', async () => {
  const goa = await segment('Goa', {
    kind: 'compare',
    path: 'contact.city',
    operator: 'equals',
    value: 'Goa',
  })
  const eve = await contact()
  await sql('update contacts set merged_into = ? where id = ?', [await contact(), eve])
  await move(eve, 'Goa')
  await applyContactChanges(api.deps)
  expect(await members(goa)).toEqual([])
})
