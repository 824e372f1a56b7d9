import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { asking, openEditRig, sleeping, type EditRig, type MigratedRun } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

test('a delay of hours that becomes two seconds ends soon: the time that has passed counts', async () => {
  const bye = say('Bye')
  const { journeyId, people } = await rig.enter(
    journeyOf({ wait: sleeping(9_000, { done: 'bye' }), bye }),
    2,
    { waiting: 2 },
  )
  const plan = { cards: { wait: { action: 'move' } } }
  const { migrationId, number } = await rig.publish(
    journeyId,
    journeyOf({ wait: sleeping(2, { done: 'bye' }), bye }),
    { migration: { plan } },
  )
  await rig.allAre(journeyId, { completed: 2 })
  const migration = await rig.migrated(journeyId, migrationId ?? '')
  expect(migration).toMatchObject({
    toVersion: 2,
    fromVersions: [1],
    total: 2,
    done: 2,
    moved: 2,
    skipped: 0,
  })
  for (const run of await rig.runs(journeyId)) {
    expect(run.version).toBe(number)
    expect(await rig.texts(run.wa_id)).toEqual(['Bye'])
  }
  // The visit went on: nobody entered the card a second time.
  const entered = await rig.rows(
    `select 1 from facts where run_id = $1 and kind = 'card.entered' and data ->> 'card' = 'wait'`,
    [people[0]?.id],
  )
  expect(entered).toHaveLength(1)
  expect(await rig.orders(people[0]?.id)).toMatchObject([
    {
      data: {
        action: 'migrate',
        version: 2,
        card: 'wait',
        migration: migrationId,
        by: expect.stringMatching(/^key /),
      },
    },
  ])
}, 90_000)

test('people of a deleted card move, exit or stay, each as the plan of their card says', async () => {
  const draft = (cards: object) => journeyOf({ ...cards, end: say('End') })
  const { journeyId } = await rig.publish(
    undefined,
    journeyOf({
      which: {
        type: 'run-if',
        settings: {
          branches: ['moves', 'exits', 'stays'].map((id) => ({
            id,
            condition: { kind: 'compare', path: 'vars.way', operator: 'equals', value: id },
          })),
        },
        next: { 'branch:moves': 'moves', 'branch:exits': 'exits', 'branch:stays': 'stays' },
      },
      moves: sleeping(9_000),
      exits: sleeping(9_000),
      stays: sleeping(9_000),
      end: say('End'),
    }),
  )
  const contacts = await rig.crowd(3)
  for (const [at, way] of ['moves', 'exits', 'stays'].entries())
    await rig.ask(201, 'POST', `/journeys/${journeyId}/runs`, { contactId: contacts[at], vars: { way } })
  await rig.allAre(journeyId, { waiting: 3 })
  await rig.publish(journeyId, draft({}))
  const refused = await rig.migrate(journeyId, { plan: { cards: { moves: { action: 'exit' } } } }, 422)
  expect(refused.fields.map((each) => (each as { field: string }).field)).toEqual([
    'plan.cards.exits',
    'plan.cards.stays',
  ])
  const cards = {
    moves: { action: 'move', card: 'end' },
    exits: { action: 'exit', reason: 'the offer is over' },
    stays: { action: 'stay' },
  }
  const { id } = await rig.migrate(journeyId, { plan: { cards } })
  await rig.allAre(journeyId, { completed: 1, exited: 1, waiting: 1 })
  expect(await rig.migrated(journeyId, id)).toMatchObject({ total: 2, done: 2, moved: 1 })
  const [moved, exited, stayed] = await rig.runs(journeyId)
  expect(await rig.texts(moved?.wa_id)).toEqual(['End'])
  expect(exited).toMatchObject({ outcome: 'the offer is over', version: 1 })
  expect(await rig.orders(exited?.id)).toMatchObject([
    { data: { action: 'exit', card: 'exits', migration: id } },
  ])
  expect(stayed).toMatchObject({ version: 1, card_id: 'stays' })
  const { items } = await rig.ask<{ items: MigratedRun[] }>(
    200,
    'GET',
    `/journeys/${journeyId}/migrations/${id}/runs`,
  )
  expect(items).toMatchObject([
    { runId: moved?.id, state: 'done', fromVersion: 1, fromCard: 'moves', toCard: 'end' },
    { runId: exited?.id, state: 'done', fromVersion: null },
  ])
}, 90_000)

test('an open question is answered in the new version, or asked anew, and never lost with a deleted card', async () => {
  const before = journeyOf({
    ask: asking('Well?', { 'button:yes': 'old' }),
    old: say('Old'),
    end: say('End'),
  })
  const after = journeyOf({ ask: asking('So?', { 'button:yes': 'new' }), new: say('New'), end: say('End') })
  const enter = () => rig.enter(before, 1, { waiting: 1 })
  const [stays, anew, away] = [await enter(), await enter(), await enter()]
  const move = (journeyId: string, fate: object) =>
    rig.publish(journeyId, after, { migration: { plan: { cards: { ask: fate } } } })

  const kept = stays.people[0]
  const { migrationId } = await move(stays.journeyId, { action: 'move' })
  await rig.migrated(stays.journeyId, migrationId ?? '')
  await rig.tap(kept?.wa_id ?? '', 'yes', 'Yes')
  await rig.allAre(stays.journeyId, { completed: 1 })
  expect(await rig.texts(kept?.wa_id)).toEqual(['Well?', 'New'])

  const again = anew.people[0]
  await move(anew.journeyId, { action: 're-evaluate' })
  await eventually(async () => expect(await rig.texts(again?.wa_id)).toEqual(['Well?', 'So?']))
  await rig.tap(again?.wa_id ?? '', 'yes', 'Yes')
  await rig.allAre(anew.journeyId, { completed: 1 })
  expect(await rig.texts(again?.wa_id)).toEqual(['Well?', 'So?', 'New'])

  const gone = away.people[0]
  await move(away.journeyId, { action: 'move', card: 'end' })
  await rig.allAre(away.journeyId, { completed: 1 })
  expect(await rig.texts(gone?.wa_id)).toEqual(['Well?', 'End'])
  const floors = await rig.rows(
    `select 1 from conversations v join runs r on r.conversation_id = v.id where r.id = $1 and v.floor_ask_key is not null`,
    [gone?.id],
  )
  expect(floors).toEqual([])
}, 120_000)

test('a wait for an event waits for what the new version names', async () => {
  const waiting = (name: string) => ({
    type: 'time-delay',
    settings: {
      delay: { mode: 'duration', duration: { amount: 9, unit: 'days' } },
      event: { name },
    },
    next: { event: 'got' },
  })
  const got = say('Got it')
  const { journeyId, people } = await rig.enter(journeyOf({ wait: waiting('paid'), got }), 1, { waiting: 1 })
  await rig.publish(journeyId, journeyOf({ wait: waiting('shipped'), got }), {
    migration: { plan: { cards: { wait: { action: 'move' } } } },
  })
  const [run] = people
  await eventually(async () => {
    const waits = await rig.rows<{ event: string }>('select event from event_waits where run_id = $1', [
      run?.id,
    ])
    expect(waits).toEqual([{ event: 'shipped' }])
  })
}, 60_000)

test('stuck runs go on in the version that mends their card: what was sent is not sent again', async () => {
  const hi = say('hi', { next: 'code' })
  const { journeyId, people } = await rig.enter(journeyOf({ hi, code: say('{{vars.never}}') }), 3, {
    stuck: 3,
  })
  const mended = { plan: { cards: { code: { action: 'move' } } } }
  await rig.publish(journeyId, journeyOf({ hi, code: say('mended') }), { migration: mended })
  await rig.allAre(journeyId, { completed: 3 })
  for (const { wa_id } of people) expect(await rig.texts(wa_id)).toEqual(['hi', 'mended'])
}, 60_000)

test('the same migration is one while it is under way, and finds nobody once all have moved', async () => {
  const draft = (amount: number) => journeyOf({ wait: sleeping(amount), more: say('More') })
  const { journeyId } = await rig.enter(draft(8_000), 4, { waiting: 4 })
  await rig.publish(journeyId, draft(9_000))
  const body = { plan: { cards: { wait: { action: 'move', timing: 'keep-deadline' } } } }
  const before = await rig.runs(journeyId)
  const [one, two] = await Promise.all([1, 2].map(() => rig.migrate(journeyId, body)))
  expect(two?.id).toBe(one?.id)
  expect(await rig.migrated(journeyId, one?.id ?? '')).toMatchObject({ total: 4, done: 4, moved: 4 })
  await eventually(async () => {
    const after = await rig.runs(journeyId)
    expect(after.map(({ version, due_at }) => [version, due_at])).toEqual(
      before.map(({ due_at }) => [2, due_at]),
    )
  })
  expect(await rig.migrate(journeyId, body, 422)).toMatchObject({
    detail: expect.stringContaining('nobody is inside another version'),
  })
  for (const { id } of before) expect(await rig.orders(id)).toHaveLength(1)
}, 60_000)

test('a run that stands at a hold moves when it is let go', async () => {
  const bye = say('Bye')
  const { journeyId, people } = await rig.enter(
    journeyOf({ wait: sleeping(9_000, { done: 'bye' }), bye }),
    1,
    { waiting: 1 },
  )
  const [run] = people
  await rig.ask(202, 'POST', `/runs/${run?.id}/pause`)
  const plan = { cards: { wait: { action: 'move', card: 'bye' } } }
  const { migrationId } = await rig.publish(journeyId, journeyOf({ wait: sleeping(1), bye }), {
    migration: { plan },
  })
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 1, moved: 0 })
  expect(await rig.texts(run?.wa_id)).toEqual([])
  await rig.ask(202, 'POST', `/runs/${run?.id}/resume`)
  await rig.allAre(journeyId, { completed: 1 })
  expect(await rig.texts(run?.wa_id)).toEqual(['Bye'])
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ moved: 1 })
}, 60_000)
