import { forkFor } from '../../src/db/orm.ts'
import { createStaticSegment } from '../../src/segments/manage-segments.ts'
import { groupsNamedIn, variableKey } from '../../src/model/variable-key.ts'
import { platformRoutes } from '../../src/server.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { loadVariableValues } from '../../src/variable-groups/load-variable-values.ts'
import { saveInput } from '../../src/variable-groups/save-input.ts'
import { createAsk, openApi, openWorkspace, type ApiRig, type Ask } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

interface Group {
  id: string
  ref: string
  name: string
  fields: string[]
  lines: number
}
interface Uploaded {
  group: Group
  lines: Record<string, number>
  rejects: { line: number; value: string; reason: string }[]
  importId: string | null
}

let api: ApiRig
let databaseUrl: string
let ours: Awaited<ReturnType<typeof openWorkspace>>
let call: Ask<Group>
let theirs: Ask<Group>

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  const others = platformRoutes.filter((route) => !settingsRoutes.includes(route))
  api = await openApi({ DATABASE_URL: databaseUrl }, others)
  ours = await openWorkspace(api, 'ours')
  call = createAsk<Group>(api, ours.key)
  theirs = createAsk<Group>(api, (await openWorkspace(api, 'theirs')).key)
})
afterAll(() => api.close())

const sql = async <T extends object>(text: string, values: unknown[] = []) =>
  (await runSql(databaseUrl, text, values)).rows as T[]
const addContact = async (waId: string) => (await call<{ id: string }>(201, 'POST', '/contacts', { waId })).id
const load = (contactIds: string[], groups: string[]) =>
  loadVariableValues(forkFor(api.deps.orm, ours.workspaceId), {
    workspaceId: ours.workspaceId,
    contactIds,
    groups,
  })
const upload = async (query: string, file: string | Buffer, status = 201): Promise<Uploaded> => {
  const answer = await fetch(`${api.url}/platform/v1/variable-groups/upload?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ours.key}`, 'content-type': 'text/csv' },
    body: file,
  })
  const body = (await answer.json()) as Uploaded
  expect({ status: answer.status, body }).toMatchObject({ status })
  return body
}

test('a group is made with lines, found, changed, given more lines and deleted; others see none of it', async () => {
  const made = await call(201, 'POST', '/variable-groups', {
    ...{ ref: 'users', name: 'My users', fields: ['first_name'] },
    lines: [{ phone: '+49 170 1234567', values: { first_name: 'Ann', last_name: 'Lee' } }],
  })
  expect(made).toMatchObject({ ref: 'users', name: 'My users', fields: ['first_name', 'last_name'] })
  const path = `/variable-groups/${made.id}`
  await call(409, 'POST', '/variable-groups', { ref: 'users' })
  expect(
    await call(200, 'POST', `${path}/values`, {
      lines: [
        { phone: '491701234567', values: { city: 'Bonn' } },
        { phone: '4915112345678', values: { first_name: 'Bob' } },
      ],
    }),
  ).toMatchObject({ fields: ['first_name', 'last_name', 'city'] })
  expect(await call(200, 'GET', path)).toMatchObject({ lines: 2 })
  const first = await call<{ items: object[]; nextCursor: string }>(200, 'GET', `${path}/values?limit=1`)
  expect(first.items).toMatchObject([{ phone: '4915112345678', values: { first_name: 'Bob' } }])
  const second = await call<{ items: object[]; nextCursor: null }>(
    200,
    'GET',
    `${path}/values?limit=1&cursor=${first.nextCursor}`,
  )
  expect(second).toMatchObject({
    items: [{ phone: '491701234567', values: { first_name: 'Ann', last_name: 'Lee', city: 'Bonn' } }],
    nextCursor: null,
  })
  expect(await call(200, 'PATCH', path, { fields: ['first_name', 'city'] })).toMatchObject({
    fields: ['first_name', 'city'],
  })
  expect(await call(200, 'GET', `${path}/values?phone=4917`)).toMatchObject({
    items: [{ values: { first_name: 'Ann', city: 'Bonn' } }],
  })
  expect((await call<{ items: Group[] }>(200, 'GET', '/variable-groups?search=my%20us')).items).toHaveLength(
    1,
  )
  expect((await theirs<{ items: Group[] }>(200, 'GET', '/variable-groups')).items).toEqual([])
  await theirs(404, 'GET', path)
  await theirs(404, 'DELETE', path)
  await call(204, 'DELETE', `${path}/values/491701234567`)
  await call(204, 'DELETE', path)
  expect(await sql('select 1 from variable_values where group_id = $1', [made.id])).toEqual([])
  const kinds = await sql<{ kind: string }>(
    `select kind from facts where data ->> 'group' = $1 order by id`,
    [made.id],
  )
  expect(kinds.map(({ kind }) => kind.split('.')[1])).toEqual([
    ...['created', 'filled', 'changed', 'changed', 'deleted'],
  ])
})

test('wrong numbers and columns of the same name are named, and nothing is stored', async () => {
  const answer = await call<{ fields: { field: string }[] }>(400, 'POST', '/variable-groups', {
    ref: 'wrong',
    lines: [
      { phone: '491701234567', values: {} },
      { phone: 'nobody', values: {} },
      { phone: '0170 1234567', values: {} },
    ],
  })
  expect(answer.fields.map(({ field }) => field)).toEqual(['lines.1.phone', 'lines.2.phone'])
  await call(400, 'POST', '/variable-groups', { ref: 'wrong', fields: ['a b', 'a_b'] })
  expect((await call<{ items: Group[] }>(200, 'GET', '/variable-groups?search=wrong')).items).toEqual([])
})

test('a campaign that has not ended keeps the group that it names', async () => {
  const { id } = await call(201, 'POST', '/variable-groups', { ref: 'kept group' })
  const [number] = await sql<{ id: string }>(
    `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, portfolio_id, sealed_access_token,
       sealed_app_secret, verify_token_hash, messages_per_second)
     values (gen_random_uuid(), $1, '700000000000001', '1', '1', '', '', '', '', 80) returning id`,
    [ours.workspaceId],
  )
  await sql(
    `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id)
     values (gen_random_uuid(), $1, $2, 'c', 'Spring', 'one-time', $3, 'test', gen_random_uuid())`,
    [ours.workspaceId, number?.id, JSON.stringify({ text: 'Hi {{groups.kept_group.name}}' })],
  )
  expect(await call(409, 'DELETE', `/variable-groups/${id}`)).toMatchObject({
    details: { uses: [{ kind: 'campaign', name: 'Spring' }] },
  })
  await sql(`update campaigns set state = 'ended' where workspace_id = $1`, [ours.workspaceId])
  await call(204, 'DELETE', `/variable-groups/${id}`)
})

test('a file becomes a group: its column of numbers is known, bad lines are told by number', async () => {
  const file = [
    'First Name,Number,City',
    'Ann,+49 170 1111111,Bonn',
    '"Lee, Bob",4.91702E+11,Ulm',
    'Cem,4917033333333,',
    'Dora,nobody,Rom',
    'Ann again,491701111111,Kiel',
    'Eve,491704444444',
    '',
    'Fay,\'+491705555555,"=cmd""x"',
  ].join('\r\n')
  const made = await upload('ref=june', `\ufeff${file}`)
  expect(made).toMatchObject({
    group: { ref: 'june', fields: ['First Name', 'City'] },
    lines: { read: 7, stored: 3, rejected: 3, duplicates: 1 },
    importId: null,
  })
  expect(made.rejects).toEqual([
    { line: 3, value: '4.91702E+11', reason: expect.stringContaining('rounded') as string },
    { line: 5, value: 'nobody', reason: 'holds letters' },
    { line: 7, value: 'Eve', reason: 'has 2 cells where the first row has 3' },
  ])
  const { items } = await call<{ items: object[] }>(200, 'GET', `/variable-groups/${made.group.id}/values`)
  expect(items).toMatchObject([
    { phone: '491701111111', values: { 'First Name': 'Ann', City: 'Bonn' } },
    { phone: '4917033333333', values: { 'First Name': 'Cem' } },
    { phone: '491705555555', values: { 'First Name': 'Fay', City: '=cmd"x' } },
  ])
  const again = await upload('ref=june', Buffer.from('phone;Größe\n491701111111;42\n', 'latin1'))
  expect(again.group).toMatchObject({ id: made.group.id, fields: ['First Name', 'City', 'Größe'] })
  expect(await sql('select 1 from imports')).toEqual([])
})

test('a file without a column of numbers is refused, and nothing is left of it', async () => {
  const refused = await upload('ref=none', 'name,city\nAnn,Bonn\n', 422)
  expect(refused).toMatchObject({ detail: expect.stringContaining('"number" or "phone"') as string })
  expect(await sql('select 1 from imports')).toEqual([])
  expect((await call<{ items: Group[] }>(200, 'GET', '/variable-groups?search=none')).items).toEqual([])
})

test('a file with a segment is imported into it too', async () => {
  const { workspaceId } = ours
  const segment = await createStaticSegment(api.deps, { workspaceId, name: 'June', by: 'test' })
  const { importId } = await upload(`ref=both&segmentId=${segment.id}`, 'number,a\n491708888881,1\n')
  expect(await sql('select state, plan from imports where id = $1', [importId])).toMatchObject([
    {
      state: 'running',
      plan: { segmentIds: [segment.id], columns: [{ column: 'number', to: 'phone_number' }] },
    },
  ])
  await sql('delete from imports')
})

test('values are loaded for many contacts at once, by the group\u2019s ref or name', async () => {
  const [ann, bob] = [await addContact('4917600000001'), await addContact('4917600000002')]
  const values = (first_name: string) => ({ 'First Name': first_name })
  await call(201, 'POST', '/variable-groups', {
    ...{ ref: 'people-1', name: 'My People' },
    lines: [
      { phone: '4917600000001', values: values('Ann') },
      { phone: '4917600000002', values: values('Bob') },
      { phone: '4917600000009', values: values('Nobody') },
    ],
  })
  await call(201, 'POST', '/variable-groups', {
    ref: 'unasked',
    lines: [{ phone: '4917600000001', values: { secret: 'x' } }],
  })
  const named = groupsNamedIn({
    a: ['Hi {{groups.people-1.First_Name}}'],
    b: '{{groups.My_People.First_Name | "you"}}',
  })
  expect(named).toEqual(['people-1', 'My_People'])
  const found = await load([ann, bob, '01900000-0000-7000-8000-000000000000'], named)
  expect(Object.fromEntries(found)).toEqual({
    [ann]: { 'people-1': { First_Name: 'Ann' }, My_People: { First_Name: 'Ann' } },
    [bob]: { 'people-1': { First_Name: 'Bob' }, My_People: { First_Name: 'Bob' } },
  })
  expect(await load([ann], [])).toEqual(new Map())
  expect(variableKey('Größe 2')).toBe('Grxf6xdfe_2')
})

test('an answer by a button is kept in the group named as the campaign, the last one of each person', async () => {
  const contactId = await addContact('4917600000011')
  await call(201, 'POST', '/variable-groups', { ref: 'Taken' })
  const campaign = (name: string, digit: string) => ({
    name,
    id: `01900000-0000-7000-8000-00000000000${digit}`,
  })
  const tap = (of: { id: string; name: string }, input: string) =>
    forkFor(api.deps.orm, ours.workspaceId).transactional((em) =>
      saveInput(em, {
        ...{ workspaceId: ours.workspaceId, campaign: of, contactId, input, button: 'Yes' },
        causeId: '01900000-0000-7000-8000-0000000000aa',
      }),
    )
  await tap(campaign('Spring Sale', '1'), 'first')
  await tap(campaign('Spring Sale', '1'), 'yes please')
  await tap(campaign('Taken', '2'), 'other')
  const loaded = await load([contactId], ['Spring_Sale', 'Taken'])
  expect(loaded.get(contactId)).toMatchObject({ Spring_Sale: { input: 'yes please', button: 'Yes' } })
  const groups = await sql(
    `select ref, name, fields from variable_groups where source = 'input' and workspace_id = $1 order by id`,
    [ours.workspaceId],
  )
  expect(groups).toEqual([
    { ref: 'Spring Sale', name: 'Spring Sale', fields: ['input', 'button', 'at'] },
    { ref: campaign('', '2').id, name: 'Taken', fields: ['input', 'button', 'at'] },
  ])
})

test('a merge keeps both numbers\u2019 values, and who is erased has none any more', async () => {
  const [ann, other] = [await addContact('4917600000021'), await addContact('4917600000022')]
  await call(201, 'POST', '/variable-groups', {
    ref: 'merged',
    lines: [
      { phone: '4917600000021', values: { a: '1' } },
      { phone: '4917600000022', values: { b: '2' } },
      { phone: '4917600000023', values: { c: '3' } },
    ],
  })
  await call(200, 'POST', `/contacts/${ann}/merge`, { otherId: other })
  expect((await load([ann], ['merged'])).get(ann)).toEqual({ merged: { a: '1', b: '2' } })
  await call(204, 'DELETE', `/contacts/${ann}`)
  expect(
    await sql(
      `select v.phone from variable_values v join variable_groups g on g.id = v.group_id where g.ref = 'merged'`,
    ),
  ).toEqual([{ phone: '4917600000023' }])
})
