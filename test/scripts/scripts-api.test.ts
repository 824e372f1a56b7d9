import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as scriptRoutes } from '../../src/scripts/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
beforeAll(async () => {
  rig = await openWorkspaceApi([...scriptRoutes, ...contactRoutes])
})
afterAll(() => rig.close())

const tryOut = <T extends object>(status: number, body: object, token?: string) =>
  rig.ask<T>(status, 'POST', '/scripts/try', body, token)

test('a script is tried with a real contact, without one, and with what a trigger brought along', async () => {
  const contact = { waId: '15550100400', firstName: 'Ann' }
  const { id: contactId } = await rig.ask<{ id: string }>(201, 'POST', '/contacts', contact)
  const code =
    'console.log(contact && contact.id); return { hi: contact?.first_name ?? null, total: event.total * vars.n }'
  const vars = { n: 2, event: { total: 4 } }
  expect(await tryOut(200, { code, contactId, vars })).toEqual({
    ...{ output: { hi: 'Ann', total: 8 }, lines: [contactId] },
  })
  expect(await tryOut(200, { code, vars })).toEqual({ output: { hi: null, total: 8 }, lines: ['null'] })
  await tryOut(404, { code, contactId }, rig.theirs.key)
})

test('a failure tells the line, and what was logged before', async () => {
  const refused = await tryOut<Record<string, unknown>>(422, { code: 'console.log("here")\nnull.x' })
  expect(refused).toMatchObject({
    ...{ code: 'script_failed', detail: expect.stringContaining('line 2: TypeError') as string },
    details: { line: 2, lines: ['here'] },
  })
})
