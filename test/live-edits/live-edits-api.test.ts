import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { asking, openEditRig, sleeping, type EditRig, type Migration } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

interface Preview {
  toVersion: number | null
  moves: number
  stays: number
  exits: number
  cards: { card: string; inside: number; change: string; fate: object }[]
  problems: { field: string; message: string }[]
  forecast: {
    sampled: number
    unanswered: number
    outlooks: { minutes: number; people: number; messages: number; peopleAnyway: number }[]
    stuck: number
    examples: { card: string; text: string }[]
    problems: { card: string; code: string }[]
    advice: { words: string; spreadHours: number } | null
  }
}
const preview = (journeyId: string, body: object, status = 200) =>
  rig.ask<Preview>(status, 'POST', `/journeys/${journeyId}/migrations/preview`, body)

test('a draft is compared with its version, and who stands where is told', async () => {
  const bye = say('Bye')
  const { journeyId } = await rig.enter(journeyOf({ wait: sleeping(8_000, { done: 'bye' }), bye }), 3, {
    waiting: 3,
  })
  const draft = journeyOf({ wait: sleeping(9_000, { done: 'more' }), more: say('More') }, { priority: 3 })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })
  const diff = await rig.ask<{ cards: object[] }>(200, 'GET', `/journeys/${journeyId}/diff`)
  expect(diff).toMatchObject({
    fromVersion: 1,
    toVersion: null,
    cards: [
      { card: 'bye', change: 'deleted', inside: 0 },
      { card: 'more', change: 'added', inside: 0 },
      {
        card: 'wait',
        change: 'changed',
        inside: 3,
        settings: [{ field: 'delay.duration.amount', from: 8_000, to: 9_000 }],
        connections: [{ outlet: 'done', from: 'bye', to: 'more' }],
      },
    ],
    settings: [{ field: 'priority', from: 5, to: 3 }],
  })
  await rig.publish(journeyId, draft)
  expect(await rig.ask(200, 'GET', `/journeys/${journeyId}/diff?from=1&to=2`)).toMatchObject({
    toVersion: 2,
    cards: diff.cards,
  })
  expect(await rig.ask(200, 'GET', `/journeys/${journeyId}/diff?from=2&to=draft`)).toMatchObject({
    cards: [],
  })
  await rig.ask(404, 'GET', `/journeys/${journeyId}/diff?from=9`)
  await rig.ask(400, 'GET', `/journeys/${journeyId}/diff?from=some`)
  const { items } = await rig.ask<{ items: object[] }>(200, 'GET', `/journeys/${journeyId}/occupancy`)
  expect(items).toMatchObject([
    { version: 1, card: 'wait', inside: 3, waiting: 3, stuck: 0, dueIn10Minutes: 0, dueIn24Hours: 3 },
  ])
}, 60_000)

test('a preview says who would move, and who would be written to how soon, from where they stand', async () => {
  const bye = say('Bye {{contact.first_name}}')
  const { journeyId, people } = await rig.enter(
    journeyOf({ wait: sleeping(9_000, { done: 'bye' }), bye }),
    6,
    { waiting: 6 },
  )
  await rig.ask(202, 'POST', `/runs/${people[0]?.id}/pause`)
  const draft = journeyOf({ wait: sleeping(300, { done: 'bye' }), bye })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })

  const lacking = await preview(journeyId, {})
  expect(lacking).toMatchObject({ toVersion: null, moves: 0, stays: 6, exits: 0 })
  expect(lacking.problems).toMatchObject([{ field: 'plan.cards.wait' }])

  const plan = { cards: { wait: { action: 'move' } } }
  const moved = await preview(journeyId, { plan })
  expect(moved).toMatchObject({ moves: 6, stays: 0, problems: [] })
  expect(moved.cards).toMatchObject([
    { card: 'wait', change: 'changed', fate: { action: 'move', card: 'wait', timing: 'keep-elapsed' } },
  ])
  expect(moved.forecast).toMatchObject({ unanswered: 0, stuck: 0, advice: null })
  const [soon, , day] = moved.forecast.outlooks
  // Who is paused by hand hears nothing until somebody lets the run go on.
  expect(soon).toMatchObject({ minutes: 10, people: 5, messages: 5, peopleAnyway: 0 })
  expect(day).toMatchObject({ minutes: 1_440, people: 5, peopleAnyway: 5 })
  expect(moved.forecast.examples[0]).toMatchObject({ card: 'bye', text: 'Bye Ann' })

  const kept = await preview(journeyId, {
    plan: { cards: { wait: { action: 'move', timing: 'keep-deadline' } } },
  })
  expect(kept.forecast.outlooks[0]).toMatchObject({ people: 0 })
  const ended = await preview(journeyId, { plan: { cards: { wait: { action: 'exit' } } } })
  expect(ended).toMatchObject({ exits: 6 })
  expect(ended.forecast.outlooks[2]).toMatchObject({ people: 0, peopleAnyway: 5 })
  // A preview moves nobody.
  expect(await rig.runs(journeyId)).toMatchObject(people.map(({ version }) => ({ version })))
}, 90_000)

test('a preview sees who would get stuck, and that an open question is not asked again', async () => {
  const { journeyId } = await rig.enter(
    journeyOf({ ask: asking('Well?', { timeout: 'bye' }), bye: say('Bye') }),
    2,
    { waiting: 2 },
  )
  const settings = {
    body: 'So?',
    buttons: [{ id: 'yes', title: 'Yes' }],
    timeout: { amount: 5, unit: 'hours' },
  }
  const question = { type: 'interactive-message', settings, next: { timeout: 'bye' } }
  const draft = journeyOf({ ask: question, bye: say('Bye {{vars.never}}') })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })
  const seen = await preview(journeyId, { plan: { cards: { ask: { action: 'move' } } } })
  expect(seen.forecast).toMatchObject({ stuck: 2, examples: [] })
  expect(seen.forecast.problems[0]).toMatchObject({ card: 'bye', code: 'missing_variable' })
  expect(seen.forecast.outlooks[2]).toMatchObject({ people: 0 })
  const anew = await preview(journeyId, { plan: { cards: { ask: { action: 're-evaluate' } } } })
  expect(anew.forecast.outlooks[0]).toMatchObject({ people: 2, messages: 2 })
}, 60_000)

test('a publication whose plan lacks a card does not happen; without a plan nobody moves', async () => {
  const { journeyId } = await rig.enter(journeyOf({ wait: sleeping(9_000) }), 1, { waiting: 1 })
  const draft = journeyOf({ end: say('End') })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })
  const body = { migration: {} }
  const refused = await rig.ask<{ fields: object[] }>(422, 'POST', `/journeys/${journeyId}/publish`, body)
  expect(refused.fields).toMatchObject([
    { field: 'plan.cards.wait', message: expect.stringContaining('1 stand at this card, which version 2') },
  ])
  const versions = await rig.ask<{ items: object[] }>(200, 'GET', `/journeys/${journeyId}/versions`)
  expect(versions.items).toHaveLength(1)
  expect(await rig.publish(journeyId, draft)).toMatchObject({ number: 2, migrationId: null })
  expect(await rig.runs(journeyId)).toMatchObject([{ version: 1, state: 'waiting' }])
}, 60_000)

test('migrations are listed; what is no migration of the journey is not found', async () => {
  const wait = (amount: number) => journeyOf({ wait: sleeping(amount) })
  const { journeyId } = await rig.enter(wait(9_000), 2, { waiting: 2 })
  const plan = { cards: { wait: { action: 'move' } } }
  const ids: string[] = []
  for (const amount of [8_000, 7_000]) {
    const { migrationId } = await rig.publish(journeyId, wait(amount), { migration: { plan } })
    await rig.migrated(journeyId, migrationId ?? '')
    ids.unshift(migrationId ?? '')
  }
  const page = await rig.ask<{ items: Migration[]; nextCursor: string }>(
    200,
    'GET',
    `/journeys/${journeyId}/migrations?limit=1`,
  )
  expect(page.items).toMatchObject([{ id: ids[0], fromVersions: [2], toVersion: 3 }])
  const rest = await rig.ask<{ items: Migration[] }>(
    200,
    'GET',
    `/journeys/${journeyId}/migrations?cursor=${page.nextCursor}`,
  )
  expect(rest.items).toMatchObject([{ id: ids[1], fromVersions: [1], toVersion: 2, plan }])
  await rig.ask(404, 'GET', `/journeys/${journeyId}/migrations/${journeyId}`)
  await rig.ask(404, 'GET', `/journeys/${ids[0]}/migrations/${ids[0]}`)
  await rig.ask(404, 'POST', `/journeys/${journeyId}/migrations/${journeyId}/rollback`)
  const facts = await rig.rows<{ kind: string; n: number }>(
    `select kind, count(*)::int as n from facts where data ->> 'migration' is not null
       and data ->> 'journey' = $1 group by kind`,
    [journeyId],
  )
  expect(facts).toEqual([{ kind: 'migration.started', n: 2 }])
}, 60_000)
