import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { foldDeltas } from '../../src/reports/fold-deltas.ts'
import { routes as reportRoutes } from '../../src/reports/routes.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let numberId: string

beforeAll(async () => {
  rig = await openWorkspaceApi([...journeyRoutes, ...reportRoutes])
  numberId = await rig.addNumber()
})
afterAll(() => rig.close())

const say = (text: string) => ({ type: 'message', settings: { text }, next: {} })

async function makeJourney(name: string, trigger = 'api', published = true): Promise<string> {
  const draft = { start: 'hello', cards: { hello: say('Hi') }, triggers: [{ type: trigger }] }
  const { id } = await rig.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name, draft })
  if (published) await rig.ask(201, 'POST', `/journeys/${id}/publish`)
  return id
}

/** Rows as an entry would leave them. */
async function addRun(journeyId: string, contact: string, waId: string, state = 'waiting'): Promise<string> {
  const { workspaceId } = rig.ours
  const [contactId, runId] = [newId(), newId()]
  await rig.rows('insert into contacts (id, workspace_id, name) values ($1, $2, $3)', [
    contactId,
    workspaceId,
    contact,
  ])
  await rig.rows(
    `insert into identities (id, workspace_id, contact_id, kind, value, source) values ($1, $2, $3, 'wa_id', $4, 'test')`,
    [newId(), workspaceId, contactId, waId],
  )
  await rig.rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, number_id, lineage_id, entry, workflow_id, state,
       card_id, at_card, fact_id)
     select $1, $2, $3, published_version_id, $4, $5, $1, $1::uuid::text, $1::uuid::text, 'running', 'hello', 'hello', $1
     from journeys where id = $3`,
    [runId, workspaceId, journeyId, contactId, numberId],
  )
  const ended = ['completed', 'exited', 'cancelled', 'failed'].includes(state)
  await rig.rows(
    `update runs set state = $2, ended_at = case when $3 then now() end, outcome = 'reason' where id = $1`,
    [...[runId, state, ended]],
  )
  return runId
}

const namesOf = async (query: string) =>
  (await rig.ask<Page<{ name: string }>>(200, 'GET', `/journeys?${query}`)).items.map(({ name }) => name)

test('journeys are found by name, state, trigger and edit, and sorted', async () => {
  await makeJourney('Beta welcome')
  await makeJourney('alpha draft', 'manual', false)
  const paused = await makeJourney('Gamma 100%', 'manual')
  await rig.rows(
    `insert into holds (id, workspace_id, scope, scope_id, kind, timers, entrants, reason, placed_by)
     values ($1, $2, 'journey', $3, 'pause', 'freeze', 'queue', 'test', 'test')`,
    [newId(), rig.ours.workspaceId, paused],
  )
  expect(await namesOf('sort=name&order=asc')).toEqual(['alpha draft', 'Beta welcome', 'Gamma 100%'])
  expect(await namesOf('')).toEqual(['Gamma 100%', 'alpha draft', 'Beta welcome'])
  expect(await namesOf('state=draft')).toEqual(['alpha draft'])
  expect(await namesOf('state=published')).toEqual(['Beta welcome'])
  expect(await namesOf('state=paused')).toEqual(['Gamma 100%'])
  expect(await namesOf('trigger=manual')).toEqual(['Gamma 100%', 'alpha draft'])
  expect(await namesOf('search=100%25')).toEqual(['Gamma 100%'])
  expect(await namesOf(`editedFrom=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([])
  await rig.rows(`update journeys set updated_at = now() + interval '1 hour' where name = 'Beta welcome'`)
  expect(await namesOf('sort=edited')).toEqual(['Beta welcome', 'Gamma 100%', 'alpha draft'])
  const pages: string[] = []
  for (let cursor = ''; ; ) {
    const page = await rig.ask<Page<{ name: string }>>(200, 'GET', `/journeys?sort=name&limit=1${cursor}`)
    pages.push(...page.items.map(({ name }) => name))
    if (page.nextCursor === null) break
    cursor = `&cursor=${page.nextCursor}`
  }
  expect(pages).toEqual(['Gamma 100%', 'Beta welcome', 'alpha draft'])
  expect(await rig.ask(400, 'GET', '/journeys?trigger=telepathy')).toMatchObject({
    fields: [{ field: 'trigger' }],
  })
})

test('who is inside is listed, searched and exported, each contact once', async () => {
  const journeyId = await makeJourney('Users')
  await addRun(journeyId, 'Ann Lee', '4917000000010')
  await addRun(journeyId, 'Bob Ray', '4917000000020', 'completed')
  const stuck = await addRun(journeyId, '=Cleo Lee', '4917000000030', 'stuck')
  const users = async (query: string) =>
    (await rig.ask<Page<{ name: string }>>(200, 'GET', `/journeys/${journeyId}/users?${query}`)).items.map(
      ({ name }) => name,
    )
  const { items } = await rig.ask<Page<{ numbers: object }>>(200, 'GET', '/journeys?search=users')
  const { entered, inside, completed, goalReached } = await rig.ask<Record<string, number>>(
    200,
    'GET',
    `/journeys/${journeyId}/report`,
  )
  expect(items[0]?.numbers).toEqual({ entered, inside, completed, goalReached, stuck: 1 })
  expect(entered).toBe(3)
  expect(await users('')).toEqual(['=Cleo Lee', 'Bob Ray', 'Ann Lee'])
  expect(await users('state=inside')).toEqual(['=Cleo Lee', 'Ann Lee'])
  expect(await users('state=completed')).toEqual(['Bob Ray'])
  expect(await users('cardId=hello')).toEqual(['=Cleo Lee', 'Ann Lee'])
  expect(await users('version=1&search=lee')).toEqual(['=Cleo Lee', 'Ann Lee'])
  expect(await users('search=000000020')).toEqual(['Bob Ray'])
  await rig.rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, number_id, lineage_id, entry, workflow_id, state,
       fact_id)
     select $1, workspace_id, journey_id, version_id, contact_id, number_id, $1, 'again', 'again', 'waiting', $1
     from runs where id = $2`,
    [newId(), stuck],
  )
  expect(await users('')).toEqual(['=Cleo Lee', 'Bob Ray', 'Ann Lee'])
  const first = await rig.ask<Page<object>>(200, 'GET', `/journeys/${journeyId}/users?limit=2`)
  expect(first.items).toHaveLength(2)
  expect(await users(`limit=2&cursor=${first.nextCursor}`)).toEqual(['Ann Lee'])
  const { text, headers } = await rig.api.ask(
    'GET',
    `/platform/v1/journeys/${journeyId}/users/csv?state=inside`,
    {
      token: rig.ours.key,
    },
  )
  expect(headers.get('content-disposition')).toContain('Users users.csv')
  expect(text.split('\r\n')).toEqual([
    'contact_id,name,phone,run_id,state,card_id,version,outcome,goal_reached,started_at,updated_at,ended_at',
    expect.stringContaining(",'=Cleo Lee,4917000000030,"),
    expect.stringContaining(',Ann Lee,4917000000010,'),
    '',
  ])
})

test('totals, days and versions: the same before and after folding, by page and as CSV', async () => {
  const journeyId = await makeJourney('Totals')
  for (const [at, state] of ['waiting', 'completed', 'exited', 'exited'].entries())
    await addRun(journeyId, `C ${at}`, `49170001000${at}`, state)
  await rig.ask(201, 'POST', `/journeys/${journeyId}/publish`)
  const path = `/journeys/${journeyId}/report`
  const whole = { entered: 4, inside: 1, completed: 1, exited: 2, completionRate: 0.25, goalReached: 0 }
  const read = async () => [
    await rig.ask(200, 'GET', path),
    await rig.ask(200, 'GET', `${path}/days`),
    await rig.ask(200, 'GET', `${path}/versions`),
  ]
  const before = await read()
  const today = new Date().toISOString().slice(0, 10)
  expect(before).toMatchObject([
    {
      name: 'Totals',
      ...whole,
      reasons: [{ state: 'exited', reason: 'other', count: 2 }, { state: 'completed' }],
    },
    { items: [{ day: today, entered: 4, exited: 2 }] },
    {
      items: [
        { version: 2, entered: 0 },
        { version: 1, ...whole },
      ],
    },
  ])
  await foldDeltas(rig.deps)
  expect(await read()).toEqual(before)
  expect(await rig.ask(200, 'GET', `${path}?version=1&from=${today}&to=${today}`)).toMatchObject(whole)
  expect(await rig.ask(200, 'GET', `${path}?to=2020-01-01`)).toMatchObject({ entered: 0, inside: 1 })
  expect(await rig.ask(400, 'GET', `${path}?from=yesterday`)).toMatchObject({ fields: [{ field: 'from' }] })
  await rig.ask(404, 'GET', `${path}?version=9`)
  await rig.ask(404, 'GET', path, undefined, rig.theirs.key)
  const csv = await rig.api.ask('GET', `/platform/v1${path}/cards/csv`, { token: rig.ours.key })
  expect(csv.text.split('\r\n')[0]).toMatch(/^card,title,type,entered/)
  await rig.rows('update journey_counters set n = n + 7 where journey_id = $1', [journeyId])
  await rig.ask(403, 'POST', `${path}/rebuild`, {}, rig.ours.user.token)
  await rig.ask(202, 'POST', `${path}/rebuild`)
  await rig.deps.background.drain()
  expect(await read()).toEqual(before)
})
