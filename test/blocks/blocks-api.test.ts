import { routes as blockRoutes } from '../../src/blocks/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'
import { blockExamples, menu } from './block-examples.ts'

let rig: WorkspaceApi

beforeAll(async () => {
  rig = await openWorkspaceApi([...blockRoutes, ...contactRoutes])
  await rig.rows(
    `insert into flows (id, workspace_id, waba_id, meta_id, name, status)
     values ($1, $2, '1', '77', 'Booking', 'PUBLISHED'), ($3, $2, '1', '78', 'Unfinished', 'DRAFT')`,
    [newId(), rig.ours.workspaceId, newId()],
  )
})
afterAll(() => rig.close())

const ask: WorkspaceApi['ask'] = (...asked) => rig.ask(...asked)
interface Block {
  id: string
  name: string
  kind: string
  version: number
}
const create = (name: string, content: object = menu) => ask<Block>(201, 'POST', '/blocks', { name, content })

test.each(blockExamples)('a block of kind $type is kept as it was written', async (content) => {
  const made = await create(`Kind ${content.type}`, content)
  expect(made).toMatchObject({ kind: content.type, content, version: 1, archivedAt: null })
  expect(await ask(200, 'GET', `/blocks/${made.id}`)).toEqual(made)
})

test('every bad field of a block is named', async () => {
  const section = {
    rows: [
      { id: 'a', title: 'A' },
      { id: 'a', title: 'x'.repeat(25), description: 'x'.repeat(73) },
    ],
  }
  const content = {
    type: 'list',
    header: { type: 'text', text: 'x'.repeat(61) },
    body: { text: '' },
    footer: { text: 'ok', colour: 'red' },
    action: { button: 'x'.repeat(21), sections: [section, { title: 'x'.repeat(25), rows: [] }] },
  }
  const refused = await ask<{ fields: { field: string }[] }>(400, 'POST', '/blocks', { name: ' ', content })
  expect(refused.fields.map(({ field }) => field).sort()).toEqual(
    [
      'name',
      'content.header.text',
      'content.body.text',
      'content.footer.colour',
      'content.action.button',
      'content.action.sections.0.title',
      'content.action.sections.0.rows.1.id',
      'content.action.sections.0.rows.1.title',
      'content.action.sections.0.rows.1.description',
      'content.action.sections.1.title',
      'content.action.sections.1.rows',
    ].sort(),
  )
  const repeated = {
    ...content,
    header: undefined,
    body: { text: 'Hi' },
    footer: undefined,
    action: {
      button: 'Open',
      sections: [{ rows: [{ id: 'a', title: 'A' }] }, { title: 'Two', rows: [{ id: 'a', title: 'B' }] }],
    },
  }
  expect(await ask(400, 'POST', '/blocks', { name: 'x', content: repeated })).toMatchObject({
    fields: [{ field: 'content.action.sections.1.rows.0.id' }, { field: 'content.action.sections.0.title' }],
  })
  const eleven = Array.from({ length: 11 }, (_, at) => ({ id: `${at}`, title: `Row ${at}` }))
  expect(
    await ask(400, 'POST', '/blocks', {
      name: 'x',
      content: { ...repeated, action: { button: 'Open', sections: [{ rows: eleven }] } },
    }),
  ).toMatchObject({
    fields: [
      { field: 'content.action.sections', message: expect.stringMatching(/at most 10 rows/) as string },
    ],
  })
  expect(await ask(400, 'POST', '/blocks', { name: 'x', content: { type: 'poll' } })).toMatchObject({
    fields: [{ field: 'content.type' }],
  })
  expect(await ask(400, 'POST', '/blocks', { name: 'x' })).toMatchObject({ fields: [{ field: 'content' }] })
})

const flowMessage = (parameters: object) => ({
  type: 'flow',
  body: { text: 'Book' },
  action: { name: 'flow', parameters: { flow_message_version: '3', flow_cta: 'Book', ...parameters } },
})

test.each([
  [{ flow_id: '77', flow_cta: 'Book 📅' }, 400, 'flow_cta'],
  [{ flow_id: '77', flow_cta: 'x'.repeat(21) }, 400, 'flow_cta'],
  [{}, 400, 'flow_id'],
  [{ flow_id: '77', mode: 'live' }, 400, 'mode'],
  [{ flow_id: '77', flow_action: 'data_exchange', flow_action_payload: {} }, 400, 'flow_action_payload'],
  [{ flow_id: '77', flow_action_payload: { screen: 'A', data: {} } }, 400, 'flow_action_payload.data'],
  [{ flow_id: '99' }, 422, 'flow_id'],
  [{ flow_id: '78' }, 422, 'flow_id'],
  [{ flow_id: '77', mode: 'draft' }, 422, 'flow_id'],
  [{ flow_name: 'Nothing' }, 422, 'flow_name'],
])('a Flow message with %j is refused', async (parameters, status, field) => {
  const body = { name: 'Flow', content: flowMessage(parameters) }
  expect(await ask(status, 'POST', '/blocks', body)).toMatchObject({
    fields: [{ field: `content.action.parameters.${field}` }],
  })
})

test('a draft Flow may be sent in draft mode, and a Flow may be named instead', async () => {
  await create('Draft mode', flowMessage({ flow_id: '78', mode: 'draft' }))
  await create('By name', flowMessage({ flow_name: 'Booking' }))
})

test('placeholders are measured by what they become', async () => {
  const long = '{{contact.attributes.favourite_dish | "Soup"}}'
  const button = { type: 'reply', reply: { id: 'a', title: long } }
  const content = { type: 'button', body: { text: '{{contact.first_name}}' }, action: { buttons: [button] } }
  const { id } = await create('Placeholders', content)
  const { id: contactId } = await ask<{ id: string }>(201, 'POST', '/contacts', {
    waId: '491705550001',
    firstName: 'Ann',
  })
  expect(await ask(200, 'POST', `/blocks/${id}/preview`, { contactId })).toMatchObject({
    content: { body: { text: 'Ann' }, action: { buttons: [{ reply: { title: 'Soup' } }] } },
    text: 'Ann',
    missing: [],
    problems: [],
  })
  expect(await ask(200, 'POST', `/blocks/${id}/preview`, {})).toMatchObject({
    missing: ['contact.first_name'],
    problems: [{ field: 'content.body.text' }],
  })
  const unsaved = { ...content, body: { text: 'You chose {{vars.answer}}' } }
  expect(
    await ask(200, 'POST', '/blocks/preview', { content: unsaved, vars: { answer: 'tea' } }),
  ).toMatchObject({
    text: 'You chose tea',
  })
  const tooLong = { ...content, body: { text: '{{vars.long}}' } }
  expect(
    await ask(200, 'POST', '/blocks/preview', { content: tooLong, vars: { long: 'x'.repeat(1025) } }),
  ).toMatchObject({ problems: [{ field: 'content.body.text' }] })
})

test('search finds by name and by any text; kinds and archived ones are told apart; pages follow', async () => {
  const names = ['Page 100% A', 'Page 100% B', 'Page 100% C']
  for (const name of names) await create(name)
  const found: string[] = []
  let cursor = ''
  do {
    const part: Page<Block> = await ask(200, 'GET', `/blocks?search=100%25&limit=2${cursor}`)
    found.push(...part.items.map(({ name }) => name))
    cursor = part.nextCursor ? `&cursor=${part.nextCursor}` : ''
  } while (cursor)
  expect(found).toEqual(names.toReversed())
  const byText = await ask<Page<Block>>(200, 'GET', '/blocks?search=of%20the%20DAY&kind=list')
  expect(byText.items.length).toBeGreaterThanOrEqual(3)
  expect((await ask<Page<Block>>(200, 'GET', '/blocks?kind=button&search=of%20the%20day')).items).toEqual([])
  await ask(400, 'GET', '/blocks?kind=poll')
  const [first] = byText.items
  await ask(200, 'PATCH', `/blocks/${first?.id}`, { archived: true })
  const archived = await ask<Page<Block>>(200, 'GET', '/blocks?archived=true')
  expect(archived.items.map(({ id }) => id)).toEqual([first?.id])
  expect(await ask(200, 'PATCH', `/blocks/${first?.id}`, { archived: false })).toMatchObject({
    archivedAt: null,
  })
})

test('names are unique without regard to case; a copy takes the next free one', async () => {
  const { id } = await create('Twice')
  expect(await ask(409, 'POST', '/blocks', { name: 'tWICE', content: menu })).toMatchObject({
    fields: [{ field: 'name' }],
  })
  expect(await ask(201, 'POST', `/blocks/${id}/duplicate`, {})).toMatchObject({ name: 'Twice (copy)' })
  expect(await ask(201, 'POST', `/blocks/${id}/duplicate`, {})).toMatchObject({ name: 'Twice (copy 2)' })
  expect(await ask(201, 'POST', `/blocks/${id}/duplicate`, { name: 'Thrice' })).toMatchObject({ version: 1 })
  await ask(204, 'DELETE', `/blocks/${id}`)
  await ask(404, 'GET', `/blocks/${id}`)
  await create('Twice')
})

test('only a change of the content raises the version, and a kind stays', async () => {
  const { id } = await create('Changing')
  expect(await ask(200, 'PATCH', `/blocks/${id}`, { name: 'Changed' })).toMatchObject({ version: 1 })
  expect(await ask(200, 'PATCH', `/blocks/${id}`, { content: menu })).toMatchObject({ version: 1 })
  const content = { ...menu, body: { text: 'Another' } }
  expect(await ask(200, 'PATCH', `/blocks/${id}`, { content })).toMatchObject({ version: 2, content })
  const button = blockExamples.find(({ type }) => type === 'button')
  expect(await ask(409, 'PATCH', `/blocks/${id}`, { content: button })).toMatchObject({
    fields: [{ field: 'content.type' }],
  })
})

test("another workspace's blocks do not exist", async () => {
  const { id } = await create('Ours')
  const foreign = (method: string, path: string, body?: unknown) =>
    ask(404, method, path, body, rig.theirs.key)
  await foreign('GET', `/blocks/${id}`)
  await foreign('PATCH', `/blocks/${id}`, { name: 'Stolen' })
  await foreign('DELETE', `/blocks/${id}`)
  await foreign('POST', `/blocks/${id}/duplicate`, {})
  await foreign('GET', `/blocks/${id}/uses`)
  await foreign('POST', `/blocks/${id}/preview`, {})
  const { items } = await ask<Page<Block>>(200, 'GET', '/blocks?search=Ours', undefined, rig.theirs.key)
  expect(items).toEqual([])
})
