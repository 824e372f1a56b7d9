import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { asking, openEditRig, sleeping, type EditRig, type MigratedRun, type Migration } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

const rollBack = (journeyId: string, id: string, status = 202) =>
  rig.ask<Migration>(status, 'POST', `/journeys/${journeyId}/migrations/${id}/rollback`)

interface Preview {
  moves: number
  stays: number
  ways: object[]
  staying: object[]
  forecast: { outlooks: object[]; stuck: number; examples: { text: string }[] }
}
const preview = (journeyId: string, id: string, status = 200) =>
  rig.ask<Preview>(status, 'POST', `/journeys/${journeyId}/migrations/${id}/rollback/preview`)

test('a canary that gets stuck stops the rest, and goes back to where it came from', async () => {
  const { journeyId, people } = await rig.enter(
    journeyOf({ wait: sleeping(9_000, { done: 'bye' }), bye: say('Bye') }),
    20,
    { waiting: 20 },
  )
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ wait: sleeping(1, { done: 'bye' }), bye: say('Bye {{vars.never}}') }),
    {
      migration: {
        plan: { cards: { wait: { action: 'move' } } },
        canary: { share: 0.1, waitSeconds: 4, maximumFailures: 0.05 },
      },
    },
  )
  const stopped = await rig.migrated(journeyId, migrationId ?? '', 'stopped')
  expect(stopped).toMatchObject({ total: 20, done: 2, moved: 2 })
  expect(stopped.reason).toContain('2 of the first 2 failed or are stuck again')
  await rig.allAre(journeyId, { waiting: 18, stuck: 2 })

  const foreseen = await preview(journeyId, stopped.id)
  expect(foreseen).toMatchObject({
    ...{ moves: 2, stays: 0, staying: [] },
    ways: [{ version: 2, card: 'bye', toVersion: 1, toCard: 'wait', people: 2 }],
    // In the old version the delay ends some time, and that text can be said.
    forecast: { stuck: 0, outlooks: [{ people: 0 }, { people: 0 }, { people: 2, peopleAnyway: 0 }] },
  })
  expect(foreseen.forecast.examples.map(({ text }) => text)).toEqual(['Bye', 'Bye'])
  const back = await rollBack(journeyId, stopped.id)
  expect(await rig.migrated(journeyId, back.id)).toMatchObject({ total: 2, done: 2, moved: 2 })
  expect(await preview(journeyId, stopped.id)).toMatchObject({
    ...{ moves: 0, stays: 2, ways: [] },
    staying: [
      { version: 1, card: 'wait', reason: 'it is of the version that it came from already', people: 2 },
    ],
  })
  await preview(journeyId, back.id, 422)
  await rig.allAre(journeyId, { waiting: 20 })
  const runs = await rig.runs(journeyId)
  // Their delay has not begun anew.
  for (const run of runs) {
    const due = people.find(({ id }) => id === run.id)?.due_at?.getTime() ?? 0
    expect(Math.abs((run.due_at?.getTime() ?? 0) - due)).toBeLessThan(1_000)
  }
  expect(new Set(runs.map(({ version, card_id }) => `${version} ${card_id}`))).toEqual(new Set(['1 wait']))
  expect(await rig.migrated(journeyId, stopped.id, 'stopped')).toMatchObject({ rolledBackBy: back.id })
  // A second press finds everybody at home.
  const again = await rollBack(journeyId, stopped.id)
  expect(await rig.migrated(journeyId, again.id)).toMatchObject({ total: 2, done: 0, skipped: 2 })
  await rollBack(journeyId, back.id, 422)
  for (const { wa_id } of people) expect(await rig.texts(wa_id)).toEqual([])
}, 120_000)

test('a canary that fares well lets the rest follow', async () => {
  const { journeyId } = await rig.enter(journeyOf({ wait: sleeping(9_000) }), 10, { waiting: 10 })
  const { migrationId } = await rig.publish(journeyId, journeyOf({ wait: sleeping(8_000) }), {
    migration: {
      plan: { cards: { wait: { action: 'move' } } },
      canary: { share: 0.2, waitSeconds: 1, maximumFailures: 0 },
    },
  })
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 10, moved: 10 })
}, 60_000)

test('who has gone on since goes on in the old version where it has the card', async () => {
  const ask = asking('Well?', { 'button:yes': 'rest' })
  const rest = sleeping(9_000, { done: 'end' })
  const { journeyId, people } = await rig.enter(journeyOf({ ask, rest, end: say('End') }), 3, { waiting: 3 })
  const after = journeyOf({
    ask: asking('Well?', { 'button:yes': 'rest', timeout: 'fresh' }),
    rest,
    fresh: sleeping(9_000),
    end: say('End'),
  })
  const { migrationId } = await rig.publish(journeyId, after, {
    migration: { plan: { cards: { ask: { action: 'move' } } } },
  })
  await rig.migrated(journeyId, migrationId ?? '')
  const [still, rests, lost] = people
  await rig.tap(rests?.wa_id ?? '', 'yes', 'Yes')
  await eventually(async () => expect((await rig.runs(journeyId))[1]?.card_id).toBe('rest'))
  await rig.ask(202, 'POST', `/runs/${lost?.id}/cancel`)
  await rig.allAre(journeyId, { waiting: 2, cancelled: 1 })
  const foreseen = await preview(journeyId, migrationId ?? '')
  expect(foreseen).toMatchObject({ moves: 2, stays: 0, forecast: { stuck: 0, examples: [] } })
  expect(foreseen.ways).toEqual([
    { version: 2, card: 'ask', toVersion: 1, toCard: 'ask', people: 1 },
    { version: 2, card: 'rest', toVersion: 1, toCard: 'rest', people: 1 },
  ])
  const back = await rollBack(journeyId, migrationId ?? '')
  expect(await rig.migrated(journeyId, back.id)).toMatchObject({ total: 2, done: 2, moved: 2 })
  const { items } = await rig.ask<{ items: MigratedRun[] }>(
    200,
    'GET',
    `/journeys/${journeyId}/migrations/${back.id}/runs`,
  )
  expect(items).toMatchObject([
    { runId: still?.id, fromVersion: 2, fromCard: 'ask', toCard: 'ask' },
    { runId: rests?.id, fromVersion: 2, fromCard: 'rest', toCard: 'rest' },
  ])
  // The question was asked once, whichever version it was in.
  await rig.tap(still?.wa_id ?? '', 'yes', 'Yes')
  await eventually(async () => expect((await rig.runs(journeyId))[0]?.card_id).toBe('rest'))
  expect(await rig.texts(still?.wa_id)).toEqual(['Well?'])
}, 90_000)

test('a rollback takes orders back that runs at a hold have not followed', async () => {
  const { journeyId, people } = await rig.enter(journeyOf({ wait: sleeping(9_000), bye: say('Bye') }), 1, {
    waiting: 1,
  })
  const [run] = people
  await rig.ask(202, 'POST', `/runs/${run?.id}/pause`)
  const { migrationId } = await rig.publish(journeyId, journeyOf({ bye: say('Bye') }), {
    migration: { plan: { cards: { wait: { action: 'move', card: 'bye' } } } },
  })
  await rig.migrated(journeyId, migrationId ?? '')
  const back = await rollBack(journeyId, migrationId ?? '')
  expect(await rig.migrated(journeyId, back.id)).toMatchObject({ done: 1, moved: 0 })
  await rig.ask(202, 'POST', `/runs/${run?.id}/resume`)
  await rig.allAre(journeyId, { waiting: 1 })
  expect(await rig.runs(journeyId)).toMatchObject([{ version: 1, card_id: 'wait' }])
}, 60_000)
