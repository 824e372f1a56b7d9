import { openContacts, type Contact, type ContactRig } from './contact-rig.ts'
import type { Page } from '../support/workspace-api.ts'

let rig: ContactRig
type Listed = Page<Contact> & { total: number | null; countIsExact: boolean }

beforeAll(async () => {
  rig = await openContacts()
  await rig.ask(201, 'POST', '/attributes', { name: 'score', type: 'float' })
  await rig.ask(201, 'POST', '/attributes', { name: 'plan', type: 'string' })
  await rig.ask(201, 'POST', '/attributes', { name: 'basket', type: 'list' })
  const people = [
    {
      waId: '+49 170 5550101',
      name: 'Zoë Müller',
      email: 'zoe@example.org',
      tags: ['vip'],
      attributes: { score: 2, plan: 'gold' },
    },
    { waId: '+49 170 5550102', name: 'Anna Mullins', attributes: { score: 10 } },
    {
      waId: '+91 98765 43210',
      firstName: 'Ravi',
      lastName: 'Iyer',
      externalId: 'CRM-77',
      attributes: { score: -1, plan: 'free' },
    },
    { externalId: 'crm-78', name: '李 雷', tags: ['vip', 'new'] },
    { name: '100% O_Brien', country: 'IE' },
  ]
  for (const person of people) await rig.create(person)
  await rig.ask(201, 'POST', '/contacts', { name: 'Zoë Elsewhere', waId: '491705550101' }, rig.theirs.key)
})
afterAll(() => rig.api.close())

const names = ({ items }: Page<Contact>) => items.map(({ name, id }) => name ?? id)
const query = (body: object) => rig.ask<Listed>(200, 'POST', '/contacts/query', body)

test.each([
  ['zoe', 1],
  ['MULL', 2],
  ['müll', 2],
  ['mullins anna', 1],
  ['ravi iyer', 1],
  ['ra', 1],
  ['av', 0],
  ['李', 1],
  ['example.org', 1],
  ['43210', 1],
  ['+49 (170) 555', 2],
  ['0049 170', 2],
  ['crm-7', 2],
  ['Crm-77', 1],
  ['100%', 1],
  ['o_b', 1],
  ['1_0', 0],
  ['elsewhere', 0],
])('a search for %j finds %d', async (search, count) => {
  const found = await query({ search })
  expect({ names: names(found).length, total: found.total }).toEqual({ names: count, total: count })
  expect(
    (await rig.ask<Page<Contact>>(200, 'GET', `/contacts?search=${encodeURIComponent(search)}`)).items,
  ).toHaveLength(count)
})

test('conditions filter, alone and with a search', async () => {
  const vip = { kind: 'tag', tag: 'vip' }
  expect(names(await query({ condition: vip }))).toEqual(['李 雷', 'Zoë Müller'])
  expect(names(await query({ condition: vip, search: 'zoe' }))).toEqual(['Zoë Müller'])
  const gold = { kind: 'compare', path: 'contact.plan', operator: 'equals', value: 'GOLD' }
  expect(names(await query({ condition: { kind: 'and', conditions: [vip, gold] } }))).toEqual(['Zoë Müller'])
  expect(await rig.ask(400, 'POST', '/contacts/query', { condition: { kind: 'tag' } })).toMatchObject({
    fields: [{ field: 'condition.tag' }],
  })
})

test.each([
  'score',
  'plan',
  'name',
  'created_at',
  'last_seen_at',
  'phone',
  'external_customer_id',
  'spam',
  'country',
])('sorted by %s, pages follow one another without gaps, and who has no value stands last', async (by) => {
  for (const direction of ['asc', 'desc']) {
    const all = await query({ sort: { by, direction } })
    const paged: Contact[] = []
    let cursor: string | null = null
    do {
      const page: Listed = await query({
        sort: { by, direction },
        limit: 2,
        count: false,
        ...(cursor && { cursor }),
      })
      expect(page.total).toBeNull()
      paged.push(...page.items)
      cursor = page.nextCursor
    } while (cursor)
    expect(paged.map(({ id }) => id)).toEqual(all.items.map(({ id }) => id))
    expect(new Set(paged.map(({ id }) => id)).size).toBe(5)
  }
})

test('who has many fitting identities is found once, and pages go on', async () => {
  const [first] = (await query({ search: 'ravi' })).items
  for (const kind of ['username', 'widget', 'external'])
    await rig.ask(201, 'POST', `/contacts/${first?.id}/identities`, { kind, value: `crm-9-${kind}` })
  const page = await query({ search: 'crm-', limit: 1 })
  expect([page.items.length, page.total, page.nextCursor !== null]).toEqual([1, 2, true])
  const rest = await query({ search: 'crm-', limit: 1, cursor: page.nextCursor })
  expect([rest.items[0]?.id, rest.nextCursor]).toEqual([first?.id, null])
})

test('numbers sort as numbers', async () => {
  const { items } = await query({ sort: { by: 'score', direction: 'desc' } })
  expect(items.map(({ attributes }) => attributes['score'] ?? null)).toEqual([10, 2, -1, null, null])
})

test.each([
  [{ sort: { by: 'nothing' } }, 'sort.by'],
  [{ sort: { by: 'basket' } }, 'sort.by'],
  [{ sort: { by: 'tags' } }, 'sort.by'],
  [{ sort: { by: "name'; drop table contacts; --" } }, 'sort.by'],
  [{ cursor: 'x' }, 'cursor'],
  [{ limit: 0 }, 'limit'],
  [{ unknown: 1 }, 'unknown'],
])('%j is refused, naming %s', async (body, field) => {
  expect(await rig.ask(400, 'POST', '/contacts/query', body)).toMatchObject({ fields: [{ field }] })
})

test('views are saved, shared and made the first one', async () => {
  const view = {
    name: 'Gold',
    query: {
      condition: { kind: 'tag', tag: 'vip' },
      sort: { by: 'score', direction: 'desc' },
      columns: ['name', 'score'],
    },
  }
  const made = await rig.ask<{ id: string }>(201, 'POST', '/contact-views', { ...view, isDefault: true })
  expect(made).toMatchObject({ ...view, mine: true, shared: false, isDefault: true })
  await rig.ask(409, 'POST', '/contact-views', { ...view, name: 'gold' })
  await rig.ask(201, 'POST', '/contact-views', { ...view, name: 'Other', isDefault: true })
  const list = (token: string) =>
    rig.ask<Page<{ name: string; isDefault: boolean; mine: boolean }>>(
      200,
      'GET',
      '/contact-views',
      undefined,
      token,
    )
  expect((await list(rig.ours.key)).items).toMatchObject([
    { name: 'Gold', isDefault: false },
    { name: 'Other', isDefault: true },
  ])
  expect((await list(rig.ours.user.token)).items).toEqual([])
  await rig.ask(200, 'PATCH', `/contact-views/${made.id}`, { shared: true })
  expect((await list(rig.ours.user.token)).items).toMatchObject([{ name: 'Gold', mine: false }])
  expect((await list(rig.theirs.key)).items).toEqual([])
  await rig.ask(404, 'PATCH', `/contact-views/${made.id}`, { name: 'Stolen' }, rig.ours.user.token)
  expect(
    await rig.ask(400, 'POST', '/contact-views', { name: 'Bad', query: { columns: ['name', 'nothing'] } }),
  ).toMatchObject({
    fields: [{ field: 'query.columns.1' }],
  })
  await rig.ask(204, 'DELETE', `/contact-views/${made.id}`)
})
