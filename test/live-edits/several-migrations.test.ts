import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openEditRig, sleeping, type EditRig, type MigratedRun } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

const draft = (amount: number) => journeyOf({ wait: sleeping(amount), rest: sleeping(9_000) })
const plan = { cards: { wait: { action: 'move' } } }
/** It moves half of the people, then waits for somebody to say how they fare. */
const halfway = { plan, canary: { share: 0.5, waitSeconds: 3_600, maximumFailures: 0 } }
const versionsOf = async (journeyId: string) =>
  (await rig.runs(journeyId)).map(({ version }) => version).toSorted((a, b) => a - b)
async function startHalfway() {
  const { journeyId, people } = await rig.enter(draft(9_000), 4, { waiting: 4 })
  const { migrationId } = await rig.publish(journeyId, draft(8_000), { migration: halfway })
  await eventually(async () => expect(await versionsOf(journeyId)).toEqual([1, 1, 2, 2]))
  return { journeyId, people, migrationId: migrationId ?? '' }
}

test('while a migration is under way there is no other, but its journey can be published', async () => {
  const { journeyId, migrationId } = await startHalfway()
  const other = { plan: { cards: { wait: { action: 'exit' } } }, toVersion: 2 }
  expect(await rig.migrate(journeyId, other, 409)).toMatchObject({ details: { migrationId } })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft: draft(7_000) })
  await rig.ask(409, 'POST', `/journeys/${journeyId}/publish`, { migration: { plan } })
  await rig.ask(409, 'POST', `/journeys/${journeyId}/migrations/${migrationId}/rollback`)
  const { items } = await rig.ask<{ items: object[] }>(200, 'GET', `/journeys/${journeyId}/migrations`)
  expect(items).toMatchObject([{ id: migrationId, toVersion: 2, state: 'running' }])
  // The version came to be or it did not, together with the migration; by itself it does.
  expect(await rig.publish(journeyId, draft(7_000))).toMatchObject({ number: 3, migrationId: null })
  expect(await versionsOf(journeyId)).toEqual([1, 1, 2, 2])
  await rig.ask(200, 'POST', `/bulk-operations/${migrationId}/cancel`)
  await rig.migrated(journeyId, migrationId, 'cancelled')
  const { id } = await rig.migrate(journeyId, { plan })
  expect(await rig.migrated(journeyId, id)).toMatchObject({ fromVersions: [1, 2], total: 4, moved: 4 })
  expect(await versionsOf(journeyId)).toEqual([3, 3, 3, 3])
}, 60_000)

test('who ends, or is started, while a migration is under way is none of its business', async () => {
  const { journeyId, migrationId } = await startHalfway()
  const [left] = (await rig.runs(journeyId)).filter(({ version }) => version === 1)
  await rig.ask(202, 'POST', `/runs/${left?.id}/cancel`)
  await rig.startAll(journeyId, await rig.crowd(1))
  await rig.allAre(journeyId, { waiting: 4, cancelled: 1 })
  // Nobody waits an hour: what the canary waits for is over.
  await rig.rows(`update bulk_operations set canary_ends_at = now() where id = $1`, [migrationId])
  await rig.ask(200, 'POST', `/bulk-operations/${migrationId}/pause`)
  await rig.ask(200, 'POST', `/bulk-operations/${migrationId}/resume`)
  const ended = await rig.migrated(journeyId, migrationId)
  expect(ended).toMatchObject({ total: 4, done: 3, skipped: 1, failed: 0, moved: 3 })
  expect(await versionsOf(journeyId)).toEqual([1, 2, 2, 2, 2])
  const { items } = await rig.ask<{ items: MigratedRun[] }>(
    200,
    'GET',
    `/journeys/${journeyId}/migrations/${migrationId}/runs?state=skipped`,
  )
  expect(items).toMatchObject([{ runId: left?.id, reason: expect.stringContaining('cancelled') }])
}, 60_000)

test('of two migrations that a run at a hold has yet to follow, the newer one counts', async () => {
  const { journeyId, people } = await rig.enter(journeyOf({ wait: sleeping(9_000), bye: say('Bye') }), 1, {
    waiting: 1,
  })
  const [run] = people
  await rig.ask(202, 'POST', `/runs/${run?.id}/pause`)
  const to = (card: string) => ({ migration: { plan: { cards: { wait: { action: 'move', card } } } } })
  const first = await rig.publish(journeyId, journeyOf({ bye: say('Bye') }), to('bye'))
  expect(await rig.migrated(journeyId, first.migrationId ?? '')).toMatchObject({ done: 1, moved: 0 })
  const second = await rig.publish(journeyId, journeyOf({ last: say('Last') }), to('last'))
  expect(await rig.migrated(journeyId, second.migrationId ?? '')).toMatchObject({ done: 1, moved: 0 })
  await rig.ask(202, 'POST', `/runs/${run?.id}/resume`)
  await rig.allAre(journeyId, { completed: 1 })
  expect(await rig.runs(journeyId)).toMatchObject([{ version: 3 }])
  expect(await rig.texts(run?.wa_id)).toEqual(['Last'])
  expect(await rig.migrated(journeyId, first.migrationId ?? '')).toMatchObject({ moved: 0 })
  expect(await rig.migrated(journeyId, second.migrationId ?? '')).toMatchObject({ moved: 1 })
}, 60_000)

test('a plan or a choice of versions that cannot be is refused by field, also when nobody is inside', async () => {
  const { journeyId } = await rig.enter(draft(9_000), 1, { waiting: 1 })
  const next = draft(8_000)
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft: next })
  const fieldsOf = async (migration: object) =>
    (
      await rig.ask<{ fields: { field: string; message: string }[] }>(
        ...([422, 'POST', `/journeys/${journeyId}/publish`, { migration }] as const),
      )
    ).fields
  const cards = { wait: { action: 'move', card: 'nowhere' }, nobody: { action: 'exit' } }
  expect(await fieldsOf({ plan: { cards } })).toEqual([
    { field: 'plan.cards.wait.card', message: 'version 2 has no card "nowhere"' },
    { field: 'plan.cards.nobody', message: expect.stringContaining('nobody can stand at "nobody"') },
  ])
  expect(await fieldsOf({ plan, fromVersions: [1, 2, 9] })).toEqual([
    { field: 'fromVersions.1', message: 'version 2 is the one that people are to move to' },
    { field: 'fromVersions.2', message: 'the journey has no version 9' },
  ])
  const empty = await rig.publish(undefined, draft(9_000))
  const refused = await rig.migrate(empty.journeyId, { plan: { cards } }, 422)
  expect(refused.fields).toEqual([
    { field: 'plan.cards.wait.card', message: 'version 1 has no card "nowhere"' },
  ])
}, 60_000)

test('a version stays as it was published, whatever becomes of the draft', async () => {
  const { journeyId } = await rig.publish(undefined, draft(9_000))
  const first = () => rig.ask<object>(200, 'GET', `/journeys/${journeyId}/versions/1`)
  const before = await first()
  await rig.publish(journeyId, draft(8_000))
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft: draft(7_000) })
  expect(await first()).toEqual(before)
  for (const method of ['PATCH', 'PUT', 'DELETE'])
    await rig.ask(405, method, `/journeys/${journeyId}/versions/1`, { definition: draft(1) })
}, 60_000)
