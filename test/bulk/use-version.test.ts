import { journeyOf, openBulkRig, say, type BulkRig, type Operation } from './bulk-rig.ts'
import { eventually } from '../support/eventually.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

async function publish(
  journeyId: string | undefined,
  draft: object,
): Promise<{ journeyId: string; versionId: string }> {
  const { numberId } = rig
  const id =
    journeyId ??
    (await rig.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Offer', draft })).id
  if (journeyId) await rig.ask(200, 'PATCH', `/journeys/${id}`, { draft })
  const { version } = await rig.ask<{ version: { id: string } }>(201, 'POST', `/journeys/${id}/publish`, {})
  return { journeyId: id, versionId: version.id }
}

test('stuck runs go on in the version that mends their card, and the trace says who decided so', async () => {
  const broken = journeyOf({ hi: say('hi', { next: 'code' }), code: say('{{vars.never}}') })
  const mended = journeyOf({ hi: say('hi', { next: 'code' }), code: say('mended') })
  const { journeyId } = await publish(undefined, broken)
  await rig.startAll(journeyId, await rig.crowd(4))
  await rig.allAre(journeyId, { stuck: 4 })
  const { versionId } = await publish(journeyId, mended)
  const order = { kind: 'resolve', selection: { journeyId }, order: { action: 'use-version' } }
  const preview = await rig.ask<{ groups: object[] }>(200, 'POST', '/bulk-operations/preview', order)
  expect(preview.groups).toMatchObject([{ count: 4, goesOnAt: 'code', sends: [{ text: 'mended' }] }])
  const { id } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', order)
  expect(await rig.ended(id)).toMatchObject({ done: 4 })
  await rig.allAre(journeyId, { completed: 4 })
  const versions = await rig.rows('select distinct version_id from runs where journey_id = $1', [journeyId])
  expect(versions).toEqual([{ version_id: versionId }])
  const texts = await rig.rows<{ text: string; n: number }>(
    `select m.text, count(*)::int as n from messages m where m.state = 'accepted' group by m.text order by m.text`,
  )
  expect(texts).toEqual([
    { text: 'hi', n: 4 },
    { text: 'mended', n: 4 },
  ])
  const [fact] = await rig.rows<{ data: object }>(
    `select data from facts where kind = 'run.resolved' limit 1`,
  )
  expect(fact?.data).toMatchObject({
    action: 'use-version',
    version: 2,
    by: expect.stringMatching(/^key /) as string,
  })
}, 120_000)

test('a version that is not there is named', async () => {
  const { journeyId } = await publish(undefined, journeyOf({ code: say('{{vars.never}}') }))
  await rig.startAll(journeyId, await rig.crowd(1))
  await rig.allAre(journeyId, { stuck: 1 })
  const [run] = await rig.rows<{ id: string }>('select id from runs where journey_id = $1', [journeyId])
  const refused = await rig.ask<{ fields: object[] }>(422, 'POST', `/runs/${run?.id}/resolve`, {
    action: 'use-version',
    versionId: journeyId,
  })
  expect(refused.fields).toMatchObject([{ field: 'versionId' }])
}, 60_000)

test('a journey is deleted while many are inside: they go on, or end, as one chooses', async () => {
  const question = {
    type: 'interactive-message',
    settings: { body: 'Well?', buttons: [{ id: 'yes', title: 'Yes' }], timeout: { amount: 2, unit: 'days' } },
    next: {},
  }
  const [stays, goes] = await Promise.all([1, 2].map(() => publish(undefined, journeyOf({ ask: question }))))
  for (const journey of [stays, goes]) {
    await rig.startAll(journey?.journeyId ?? '', await rig.crowd(10))
    await rig.allAre(journey?.journeyId ?? '', { waiting: 10 })
  }
  await rig.ask(204, 'DELETE', `/journeys/${stays?.journeyId}`)
  await rig.ask(204, 'DELETE', `/journeys/${goes?.journeyId}?runs=cancel`)
  await rig.allAre(goes?.journeyId ?? '', { cancelled: 10 })
  await rig.allAre(stays?.journeyId ?? '', { waiting: 10 })
  const [contact] = await rig.rows<{ value: string }>(
    `select i.value from runs r join identities i using (contact_id) where r.journey_id = $1 limit 1`,
    [stays?.journeyId],
  )
  await rig.tap(contact?.value ?? '', 'yes', 'Yes')
  await eventually(() => rig.allAre(stays?.journeyId ?? '', { waiting: 9, completed: 1 }))
}, 120_000)
