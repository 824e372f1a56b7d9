import { journeyOf, needsCode, say } from '../bulk/bulk-rig.ts'
import { openEditRig, sleeping, type EditRig } from './edit-rig.ts'

const many = 60
let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

test('who is inside a journey that is deleted goes on to its end; nobody enters, and nobody moves', async () => {
  const draft = journeyOf({ wait: sleeping(8, { done: 'bye' }), bye: say('Bye') })
  const { journeyId, people } = await rig.enter(draft, many, { waiting: many })
  await rig.ask(204, 'DELETE', `/journeys/${journeyId}`)
  const [contactId] = await rig.crowd(1)
  await rig.ask(404, 'POST', `/journeys/${journeyId}/runs`, { contactId })
  await rig.migrate(journeyId, {}, 404)
  await rig.allAre(journeyId, { completed: many })
  for (const { wa_id } of people) expect(await rig.texts(wa_id)).toEqual(['Bye'])
  await rig.ask(404, 'DELETE', `/journeys/${journeyId}`)
}, 90_000)

test('or is cancelled, whoever sleeps or is stuck, and hears nothing more', async () => {
  const journeys = [
    await rig.enter(journeyOf({ wait: sleeping(9_000, { done: 'bye' }), bye: say('Bye') }), many, {
      waiting: many,
    }),
    await rig.enter(needsCode(), 5, { stuck: 5 }),
  ]
  for (const { journeyId, people } of journeys) {
    await rig.ask(204, 'DELETE', `/journeys/${journeyId}?runs=cancel`)
    await rig.allAre(journeyId, { cancelled: people.length })
    for (const { wa_id } of people) expect(await rig.texts(wa_id)).toEqual([])
  }
}, 90_000)

test('stuck runs of a deleted journey can be resolved', async () => {
  const { journeyId, people } = await rig.enter(needsCode(), 2, { stuck: 2 })
  await rig.ask(204, 'DELETE', `/journeys/${journeyId}`)
  for (const { id } of people)
    await rig.ask(200, 'POST', `/runs/${id}/resolve`, { action: 'retry', vars: { code: 'X7' } })
  await rig.allAre(journeyId, { completed: 2 })
  for (const { wa_id } of people) expect(await rig.texts(wa_id)).toEqual(['Your code: X7', 'Bye'])
}, 60_000)
