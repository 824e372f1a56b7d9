import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as expressionRoutes } from '../../src/expressions/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let contactId: string

beforeAll(async () => {
  rig = await openWorkspaceApi([...contactRoutes, ...expressionRoutes])
  const person = { waId: '4917012345', name: 'ann lee', timeZone: 'Asia/Kolkata', attributes: { points: 7 } }
  await rig.ask(201, 'POST', '/attributes', { name: 'points', type: 'integer' })
  contactId = (await rig.ask<{ id: string }>(201, 'POST', '/contacts', { waId: person.waId })).id
  const attributes = { name: person.name, time_zone: person.timeZone, points: 7 }
  await rig.ask(200, 'PATCH', `/contacts/${contactId}`, { attributes })
})
afterAll(() => rig.close())

const preview = (body: object, status = 200) =>
  rig.ask<{ value: unknown; missing: string[]; problems: string[] }>(
    status,
    'POST',
    '/expressions/preview',
    body,
  )

test('a text is filled in for a real contact, in its time zone', async () => {
  const text = 'Hi {{contact.first_name | capitalize}}, {{event.at | date: "%H:%M"}}'
  const event = { at: '2026-11-21T20:00:00Z' }
  const expected = { value: 'Hi Ann, 01:30', missing: [], problems: [] }
  expect(await preview({ text, contactId, event })).toEqual(expected)
  expect(await preview({ text, waId: '+49 170 12345', event })).toEqual(expected)
})

test('a formula computes with what the contact has', async () => {
  expect(await preview({ formula: 'contact.points * 2 + vars.x', contactId, vars: { x: 0.5 } })).toEqual({
    value: 14.5,
    missing: [],
    problems: [],
  })
})

test('what has no value and what can never work are told apart', async () => {
  const text = '{{contact.gone}} {{contact.first_name | upcas}}'
  expect(await preview({ text, sample: { first_name: 'Ann' } })).toEqual({
    value: ' ',
    missing: ['contact.gone'],
    problems: ['{{contact.first_name | upcas}}: there is no filter "upcas"'],
  })
  expect(await preview({ formula: '1 +' })).toMatchObject({
    value: null,
    problems: ['at character 4: Unexpected token: EOF'],
  })
  expect(await preview({ formula: 'contact.gone', sample: {} })).toMatchObject({
    problems: ['at character 9: No such key: gone'],
  })
})

test('one expression and one contact at most; an unknown contact is not made', async () => {
  await preview({ text: 'x', formula: '1' }, 400)
  await preview({}, 400)
  await preview({ text: 'x', contactId, sample: {} }, 400)
  await preview({ text: 'x', waId: '4999999999' }, 404)
  expect((await rig.rows('select 1 from contacts')).length).toBe(1)
})
