import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let numberId: string
beforeAll(async () => {
  rig = await openWorkspaceApi([...conversationRoutes, ...contactRoutes, ...analyticsRoutes])
  numberId = await rig.addNumber()
})
afterAll(() => rig.close())

let people = 0
async function talk() {
  const waId = String(15_550_300_000 + (people += 1))
  const { id: contactId } = await rig.ask<{ id: string }>(201, 'POST', '/contacts', { waId })
  const id = newId()
  await rig.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)`,
    [id, rig.ours.workspaceId, numberId, contactId],
  )
  return { id, contactId, path: `/conversations/${id}/labels` }
}
const labelsOf = async (path: string) => (await rig.ask<{ labels: string[] }>(200, 'GET', path)).labels

test('labels are added and taken away; only real changes are told', async () => {
  const { path, contactId } = await talk()
  await rig.ask(200, 'POST', path, { add: ['vip', ' urgent '] })
  await rig.ask(200, 'POST', path, { add: ['vip'], remove: ['none'] })
  expect(await rig.ask(200, 'POST', path, { add: ['new'], remove: ['urgent'] })).toEqual({
    ...{ labels: ['new', 'vip'] },
  })
  expect(await labelsOf(path)).toEqual(['new', 'vip'])
  const facts = await rig.rows<{ data: object }>(
    `select data from facts where kind = 'labels.changed' and contact_id = $1 order by at, id`,
    [contactId],
  )
  expect(facts.map(({ data }) => data)).toEqual([
    expect.objectContaining({ added: ['vip', 'urgent'], removed: [] }),
    expect.objectContaining({ added: ['new'], removed: ['urgent'] }),
  ])
})

test('labels in use are counted', async () => {
  const [one, other] = [await talk(), await talk()]
  await rig.ask(200, 'POST', one.path, { add: ['count-a', 'count-b'] })
  await rig.ask(200, 'POST', other.path, { add: ['count-a'] })
  const first = await rig.ask<Page<object>>(200, 'GET', '/labels?search=count&limit=1')
  expect(first.items).toEqual([{ label: 'count-a', conversations: 2 }])
  const rest = await rig.ask<Page<object>>(200, 'GET', `/labels?search=count&cursor=${first.nextCursor}`)
  expect(rest).toEqual({ items: [{ label: 'count-b', conversations: 1 }], nextCursor: null })
})

test('wrong labels, too many, and those of others', async () => {
  const { path } = await talk()
  await rig.ask(400, 'POST', path, { add: [''] })
  const many = Array.from({ length: 51 }, (_, at) => `label ${at}`)
  for (const from of [0, 20]) await rig.ask(200, 'POST', path, { add: many.slice(from, from + 20) })
  await rig.ask(422, 'POST', path, { add: many.slice(40) })
  await rig.ask(404, 'GET', path, undefined, rig.theirs.key)
  await rig.ask(404, 'POST', path, { add: ['x'] }, rig.theirs.key)
})

test('a merge brings labels along, its undoing takes them back, an erasure takes all', async () => {
  const [one, other] = [await talk(), await talk()]
  await rig.ask(200, 'POST', one.path, { add: ['both', 'mine'] })
  await rig.ask(200, 'POST', other.path, { add: ['both', 'theirs'] })
  const merge = await rig.ask<{ mergeId: string }>(200, 'POST', `/contacts/${one.contactId}/merge`, {
    otherId: other.contactId,
  })
  expect(await labelsOf(one.path)).toEqual(['both', 'mine', 'theirs'])
  expect(await labelsOf(other.path)).toEqual(['both', 'mine', 'theirs'])
  await rig.ask(200, 'POST', `/merges/${merge.mergeId}/undo`)
  expect(await labelsOf(one.path)).toEqual(['both', 'mine'])
  expect(await labelsOf(other.path)).toEqual(['both', 'theirs'])
  await rig.ask(204, 'DELETE', `/contacts/${one.contactId}`)
  expect(await labelsOf(one.path)).toEqual([])
})
