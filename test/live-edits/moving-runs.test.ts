import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { asking, openEditRig, sleeping, type EditRig, type MigratedRun } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})
afterEach(() => rig.faults([]))

const itemsOf = async (journeyId: string, id: string | null) =>
  (await rig.ask<{ items: MigratedRun[] }>(200, 'GET', `/journeys/${journeyId}/migrations/${id}/runs`)).items
const move = { action: 'move' }
const buttons = (body: string, ids: string[], next: object) => ({
  ...asking(body, next),
  settings: {
    body,
    buttons: ids.map((id) => ({ id, title: id })),
    timeout: { amount: 2, unit: 'days' },
  },
})
/** A run whose message WhatsApp takes its time over. */
async function startSlowly(draft: object) {
  const { journeyId } = await rig.publish(undefined, draft)
  await rig.faults([{ kind: 'slow', delayMs: 2_500 }])
  await rig.startAll(journeyId, await rig.crowd(1))
  await eventually(async () =>
    expect(
      await rig.rows(
        `select 1 from messages m join runs r on r.id = m.run_id where r.journey_id = $1 and m.state = 'inflight'`,
        [journeyId],
      ),
    ).toHaveLength(1),
  )
  return journeyId
}

test('a run in the middle of a send finishes it, once, and moves at the next boundary', async () => {
  const old = sleeping(9_000)
  const journeyId = await startSlowly(journeyOf({ hi: say('Hi', { next: 'old' }), old }))
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ hi: say('Hi there', { next: 'new' }), new: say('New') }),
    { migration: { plan: { cards: { hi: move, old: { action: 'move', card: 'new' } } } } },
  )
  await rig.allAre(journeyId, { completed: 1 })
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 1, moved: 1 })
  const [run] = await rig.runs(journeyId)
  expect(run).toMatchObject({ version: 2 })
  expect(await rig.texts(run?.wa_id)).toEqual(['Hi', 'New'])
}, 60_000)

test('a message that waits for its turn is sent as the new version has it, once', async () => {
  const { journeyId } = await rig.publish(undefined, journeyOf({ hi: say('Hi') }))
  await rig.faults([{ kind: 'error', code: 130429 }])
  await rig.startAll(journeyId, await rig.crowd(1))
  const refused = () =>
    rig.rows(
      `select 1 from messages m join runs r on r.id = m.run_id where r.journey_id = $1 and m.attempt > 0`,
      [journeyId],
    )
  await eventually(async () => expect(await refused()).toHaveLength(1))
  const { migrationId } = await rig.publish(journeyId, journeyOf({ hi: say('Hi there') }), {
    migration: { plan: { cards: { hi: move } } },
  })
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 1, moved: 1 })
  await rig.faults([])
  await rig.allAre(journeyId, { completed: 1 })
  const [run] = await rig.runs(journeyId)
  expect(run).toMatchObject({ version: 2 })
  expect(await rig.texts(run?.wa_id)).toEqual(['Hi there'])
}, 60_000)

test('a run that ends before it comes to a boundary is passed over, and not counted as moved', async () => {
  const journeyId = await startSlowly(journeyOf({ hi: say('Hi') }))
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ hi: say('Hi', { next: 'more' }), more: say('More') }),
    {
      migration: { plan: { cards: { hi: move } } },
    },
  )
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 0, skipped: 1, moved: 0 })
  expect(await itemsOf(journeyId, migrationId)).toMatchObject([
    { state: 'skipped', reason: expect.stringContaining('the run has ended'), fromVersion: null },
  ])
  expect(await rig.runs(journeyId)).toMatchObject([{ version: 1, state: 'completed' }])
}, 60_000)

test('a tap on a button that the new version no longer has is another answer; on the old message it answers what is asked anew', async () => {
  const { journeyId, people } = await rig.enter(
    journeyOf({
      ask: buttons('Well?', ['yes', 'no'], { 'button:yes': 'old', 'button:no': 'old' }),
      old: say('Old'),
    }),
    2,
    { waiting: 2 },
  )
  const [gone, anew] = people
  const after = journeyOf({
    ask: buttons('So?', ['yes', 'later'], { 'button:yes': 'new', other: 'odd' }),
    old: say('Old'),
    new: say('New'),
    odd: say('Odd'),
  })
  await rig.publish(journeyId, after, { migration: { plan: { cards: { ask: move } } } })
  await eventually(async () =>
    expect((await rig.runs(journeyId)).map(({ version }) => version)).toEqual([2, 2]),
  )
  await rig.tap(gone?.wa_id ?? '', 'no', 'no')
  await eventually(async () => expect(await rig.texts(gone?.wa_id)).toEqual(['Well?', 'Odd']))
  const again = {
    ...after,
    cards: { ...after.cards, ask: buttons('Really?', ['yes'], { 'button:yes': 'new' }) },
  }
  await rig.publish(journeyId, again, { migration: { plan: { cards: { ask: { action: 're-evaluate' } } } } })
  await eventually(async () => expect(await rig.texts(anew?.wa_id)).toEqual(['Well?', 'Really?']))
  await rig.tap(anew?.wa_id ?? '', 'yes', 'yes')
  await rig.allAre(journeyId, { completed: 2 })
  expect(await rig.texts(anew?.wa_id)).toEqual(['Well?', 'Really?', 'New'])
}, 90_000)

test('a late tap for a question that the run was moved away from is an ordinary message', async () => {
  const rest = sleeping(9_000)
  const { journeyId, people } = await rig.enter(
    journeyOf({ ask: asking('Well?', { 'button:yes': 'old' }), old: say('Old'), rest }),
    1,
    { waiting: 1 },
  )
  const waId = people[0]?.wa_id ?? ''
  const { migrationId } = await rig.publish(journeyId, journeyOf({ rest }), {
    migration: { plan: { cards: { ask: { action: 'move', card: 'rest' } } } },
  })
  await rig.migrated(journeyId, migrationId ?? '')
  await rig.tap(waId, 'yes', 'Yes')
  const taps = () =>
    rig.rows<{ answers_ask_key: string | null }>(
      `select m.answers_ask_key from messages m join runs r on r.conversation_id = m.conversation_id
       where r.id = $1 and m.direction = 'in'`,
      [people[0]?.id],
    )
  await eventually(async () => expect(await taps()).toEqual([{ answers_ask_key: null }]))
  expect(await rig.runs(journeyId)).toMatchObject([{ version: 2, card_id: 'rest', state: 'waiting' }])
  expect(await rig.texts(waId)).toEqual(['Well?'])
}, 60_000)

test('who comes to a deleted card that the plan says nothing of stays on the old version', async () => {
  const { journeyId, people } = await rig.enter(
    journeyOf({ ask: asking('Well?', { 'button:yes': 'gone' }), gone: sleeping(9_000), end: say('End') }),
    2,
    { waiting: 2 },
  )
  const { migrationId } = await rig.publish(
    journeyId,
    journeyOf({ ask: asking('Well?', { 'button:yes': 'end' }), end: say('End') }),
    {
      migration: {
        plan: { cards: { ask: move } },
        canary: { share: 0.5, waitSeconds: 5, maximumFailures: 0 },
      },
    },
  )
  const last = await eventually(async () => {
    const versions = (await rig.runs(journeyId)).map(({ version }) => version)
    expect(versions.toSorted((a, b) => a - b)).toEqual([1, 2])
    return people[versions.indexOf(1)]
  })
  await rig.tap(last?.wa_id ?? '', 'yes', 'Yes')
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 1, skipped: 1 })
  expect((await rig.runs(journeyId)).find(({ id }) => id === last?.id)).toMatchObject({
    ...{ version: 1, card_id: 'gone', state: 'waiting' },
  })
  expect((await itemsOf(journeyId, migrationId)).find(({ runId }) => runId === last?.id)).toMatchObject({
    state: 'skipped',
    reason: 'it is not among them any more: it is waiting at card "gone"',
  })
}, 60_000)

test('runs about nobody move like others', async () => {
  const { journeyId } = await rig.publish(undefined, journeyOf({ wait: sleeping(9_000) }))
  await rig.ask(201, 'POST', `/journeys/${journeyId}/runs`, { withoutContact: true })
  await rig.allAre(journeyId, { waiting: 1 })
  const draft = journeyOf({ wait: sleeping(1) })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })
  const plan = { cards: { wait: move } }
  expect(await rig.ask(200, 'POST', `/journeys/${journeyId}/migrations/preview`, { plan })).toMatchObject({
    moves: 1,
    forecast: { sampled: 1, unanswered: 0, outlooks: [{ people: 0 }, { people: 0 }, { people: 0 }] },
  })
  const { migrationId } = await rig.publish(journeyId, draft, { migration: { plan } })
  await rig.allAre(journeyId, { completed: 1 })
  expect(await rig.migrated(journeyId, migrationId ?? '')).toMatchObject({ done: 1, moved: 1 })
}, 60_000)
