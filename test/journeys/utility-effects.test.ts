import { createUtilityEffects } from '../../activities/utility-effects.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as segmentRoutes } from '../../src/segments/routes.ts'
import { openFakeApi } from '../support/fake-api.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let outside: Awaited<ReturnType<typeof openFakeApi>>
let effects: ReturnType<typeof createUtilityEffects>
let numberId: string
beforeAll(async () => {
  outside = await openFakeApi(({ headers }) => ({ json: { key: headers['idempotency-key'], total: 3 } }))
  rig = await openWorkspaceApi([...contactRoutes, ...segmentRoutes], { OUTBOUND_ALLOW: ['127.0.0.1'] })
  effects = createUtilityEffects(rig.deps)
  numberId = await rig.addNumber()
})
afterAll(async () => {
  await rig.close()
  await outside.close()
})

/** One performance by a run of a new contact; the same one when it comes again. */
async function enter() {
  const waId = String(15_550_600_000 + (entered += 1))
  const { id: contactId } = await rig.ask<{ id: string }>(201, 'POST', '/contacts', {
    waId,
    firstName: 'Ann',
  })
  const conversationId = newId()
  await rig.rows(
    'insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)',
    [conversationId, rig.ours.workspaceId, numberId, contactId],
  )
  const ids = { runId: newId(), lineageId: newId(), journeyId: newId() }
  const run = { workspaceId: rig.ours.workspaceId, ...ids, contactId, conversationId, numberId }
  return { contactId, order: { run, key: 'it:1:p0', cardId: 'it', causeId: newId(), atMs: Date.now() } }
}
let entered = 0
const factsOf = (contactId: string, kind: string) =>
  rig.rows<{ data: Record<string, unknown> }>(
    'select data from facts where contact_id = $1 and kind = $2 order by at, id',
    [contactId, kind],
  )
const twice = async (perform: () => Promise<unknown>) => [await perform(), await perform()]

test('tags: at most once, told once, with what it follows from', async () => {
  const { contactId, order } = await enter()
  await twice(() => effects.changeTags({ ...order, input: { add: ['vip', ' ', 'new'], remove: [] } }))
  await effects.changeTags({ ...order, input: { add: [], remove: ['new'] } })
  expect(await rig.ask(200, 'GET', `/contacts/${contactId}`)).toMatchObject({ tags: ['vip'] })
  expect((await factsOf(contactId, 'tags.changed')).map(({ data }) => data)).toEqual([
    { added: ['vip', 'new'], removed: [], by: `run ${order.run.runId}` },
    { added: [], removed: ['new'], by: `run ${order.run.runId}` },
  ])
})

test('segments: static ones only', async () => {
  const { contactId, order } = await enter()
  const buyers = { kind: 'static', name: 'Buyers' }
  const { id } = await rig.ask<{ id: string }>(201, 'POST', '/segments', buyers)
  await twice(() => effects.changeSegments({ ...order, input: { add: [id], remove: [] } }))
  const { items } = await rig.ask<Page<object>>(200, 'GET', `/segments/${id}/members`)
  expect(items).toHaveLength(1)
  expect(await factsOf(contactId, 'segment.entered')).toHaveLength(1)
  await effects.changeSegments({ ...order, input: { add: [], remove: [id] } })
  expect(await factsOf(contactId, 'segment.left')).toHaveLength(1)
  await rig.rows(`update segments set kind = 'live', condition = '{"all":[]}' where id = $1`, [id])
  await expect(effects.changeSegments({ ...order, input: { add: [id], remove: [] } })).rejects.toMatchObject({
    code: 'unprocessable',
  })
  await expect(
    effects.changeSegments({ ...order, input: { add: [newId()], remove: [] } }),
  ).rejects.toMatchObject({ code: 'not_found' })
})

test('labels and consent', async () => {
  const { contactId, order } = await enter()
  await twice(() => effects.changeLabels({ ...order, input: { add: ['urgent'], remove: [] } }))
  expect(await factsOf(contactId, 'labels.changed')).toHaveLength(1)
  const said = { category: 'marketing', state: 'opted_out' } as const
  await twice(() => effects.setConsent({ ...order, input: said }))
  expect((await factsOf(contactId, 'consent.changed')).map(({ data }) => data)).toEqual([
    expect.objectContaining({ ...said, source: 'journey', by: `run ${order.run.runId}` }),
  ])
})

test('a call carries the same key at each try of a visit, another at the next visit; the trace is short', async () => {
  const { order } = await enter()
  const request = { method: 'POST', url: outside.url, body: { type: 'text', text: 'x'.repeat(5_000) } }
  const input = { integration: 'http', action: 'request', input: { ...request, pick: ['body.key'] } }
  const first = await effects.callIntegration({ ...order, input })
  const again = await effects.callIntegration({ ...order, key: 'it:1:p1', input })
  const later = await effects.callIntegration({ ...order, key: 'it:2:p0', input })
  expect(again.output).toEqual(first.output)
  expect(later.output).not.toEqual(first.output)
  expect(JSON.stringify(first.trace?.input).length).toBeLessThan(2_100)
  expect(first.trace?.output).toMatchObject({ status: 200, body: { total: 3 } })
})

test('a script sees the contact, or none in a run without one', async () => {
  const { order } = await enter()
  const input = {
    code: 'return { name: contact?.first_name ?? "nobody", plan: vars.plan }',
    vars: { plan: 'gold' },
  }
  expect((await effects.runScript({ ...order, input })).output).toEqual({ name: 'Ann', plan: 'gold' })
  const { contactId: _contact, conversationId: _conversation, ...alone } = order.run
  expect((await effects.runScript({ ...order, run: alone, input })).output).toMatchObject({ name: 'nobody' })
  await expect(effects.runScript({ ...order, input: { code: 'null.x', vars: {} } })).rejects.toMatchObject({
    code: 'script_failed',
  })
})

test('an erasure takes along what cards asked and heard', async () => {
  const { contactId, order } = await enter()
  await rig.rows(
    `insert into facts (id, workspace_id, at, kind, contact_id, data) values ($1, $2, now(), 'effect.performed', $3, $4)`,
    [newId(), order.run.workspaceId, contactId, JSON.stringify({ card: 'it', input: 'a', output: 'b' })],
  )
  await rig.ask(204, 'DELETE', `/contacts/${contactId}`)
  expect((await factsOf(contactId, 'effect.performed')).map(({ data }) => data)).toEqual([{ card: 'it' }])
})
