import { newId } from '../../src/db/columns.ts'
import { openImportRig, type ImportRig, type ImportView } from './import-rig.ts'

let rig: ImportRig
beforeAll(async () => {
  rig = await openImportRig()
})

const file = `Phone,First name,Surname,E-mail,City,Plan
+49 151 23456789,Ann,Example,ann@example.com,Berlin,gold
0049 (152) 345-67890,Bob,"Ex, ample",bob@example.com,,silver
,Nobody,,,,
+49 1,Short,,,,
"open,6,,,,
+4915123456789,Ann again,,,,
`
const events = () => rig.rows<{ n: number }>('select count(*)::int as n from events').then(([row]) => row?.n)
const people = () =>
  rig.rows<{ name: string }>(
    `select c.first_name, c.last_name, c.city, c.tags, c.attributes, i.value as phone from contacts c
     join identities i on i.contact_id = c.id and i.kind = 'wa_id' order by i.value`,
  )

test('rows become contacts, what is wrong is told, and the same file again changes nothing', async () => {
  const plan = { column: 'Plan', to: 'attribute', name: 'plan', create: { type: 'string' } }
  const { body } = await rig.upload(file)
  const columns = [...(body as ImportView).suggestion.slice(0, 5), plan]
  const checked = await rig.run(file, { columns }, true)
  const counts = { rowsRead: 6, accepted: 2, rejected: 3, duplicates: 1, created: 2 }
  expect(checked).toMatchObject({ state: 'checked', progress: counts })
  expect(await people()).toEqual([])
  expect(await rig.rows('select 1 from import_contacts')).toEqual([])

  const first = await rig.run(file, { columns, tags: ['fair'] })
  expect(first).toMatchObject({ state: 'completed', stage: 'done', error: null, progress: counts })
  const expected = [
    { first_name: 'Ann', last_name: 'Example', city: 'Berlin', phone: '4915123456789' },
    { first_name: 'Bob', last_name: 'Ex, ample', city: null, phone: '4915234567890' },
  ]
  expect(await people()).toMatchObject(expected)
  expect(await people()).toMatchObject([{ attributes: { plan: 'gold' }, tags: ['fair'] }, { tags: ['fair'] }])
  expect(await events()).toBe(4)

  const again = await rig.run(file, { columns, tags: ['fair'] })
  expect(again.progress).toMatchObject({ created: 0, updated: 0, unchanged: 2, rejected: 3, duplicates: 1 })
  expect(await events()).toBe(4)

  const changed = await rig.run(file.replace('Berlin', 'Bonn'), { columns })
  expect(changed.progress).toMatchObject({ updated: 1, unchanged: 1 })
  expect(await rig.rows(`select attributes from events where type = 'attribute_changed'`)).toEqual([
    { attributes: { name: 'city', old: 'Berlin', new: 'Bonn' } },
  ])

  const rejects = await rig.call('GET', `/imports/${first.id}/rejects`)
  expect(rejects.headers.get('content-type')).toContain('text/csv')
  expect(rejects.text.split('\r\n').slice(1, -1)).toEqual([
    ',Nobody,,,,,4,,,nothing names the person: the columns that could are empty',
    `'+49 1,Short,,,,,5,Phone,'+49 1,is too short`,
    '"""open,6,,,,",,,,,,6,,"""open,6,,,,",a quote is opened and never closed',
    '+4915123456789,Ann again,,,,,7,,,"is about the same person as row 2, which counts"',
  ])
})

test('wrong columns are named, and nothing starts before they are right', async () => {
  const { body } = await rig.upload('phone,phone,x\n+4915112345678,1,2\n')
  const { id, columns, warnings } = body as ImportView
  expect(columns.map(({ name }) => name)).toEqual(['phone', 'phone (2)', 'x'])
  expect(warnings).toEqual(['"phone" names several columns: column 2 is called "phone (2)"'])
  expect(await rig.call('POST', `/imports/${id}/start`, {})).toMatchObject({ status: 409 })
  const refused = await rig.call('PUT', `/imports/${id}/mapping`, {
    columns: [
      { column: 'phone', to: 'attribute', name: 'nope' },
      { column: 'gone', to: 'ignore' },
      { column: 'x', to: 'attribute', name: '__proto__', create: { type: 'string' } },
    ],
    segmentIds: [newId()],
  })
  expect(refused.status).toBe(400)
  const messages = (refused.body as { fields: { field: string; message: string }[] }).fields
  expect(messages.map(({ field, message }) => `${field}: ${message.slice(0, 60)}`)).toEqual([
    'columns.0: column "phone" becomes "nope", which is not declared: declar',
    'columns.1: column "gone" is not in the file; there are "phone", "phone ',
    'columns.2: column "x" becomes an attribute whose name "__proto__" is re',
    'columns: map a column that names a person: phone_number, external_cus',
    expect.stringContaining('segmentIds.0: segment'),
  ])
})

test('empty cells leave or clear; existing contacts may be skipped; a second phone form finds the same person', async () => {
  const mexico = `phone,first_name,city,id\n+52 1 55 1234 5678,Lupe,Puebla,m-1\n`
  const map = [
    { column: 'phone', to: 'phone_number' },
    { column: 'first_name', to: 'attribute', name: 'first_name' },
    { column: 'city', to: 'attribute', name: 'city' },
    { column: 'id', to: 'external_customer_id' },
  ]
  await rig.run(mexico, { columns: map })
  const lupe = () =>
    rig.rows(
      `select c.first_name, c.city from contacts c join identities i on i.contact_id = c.id where i.value = 'm-1'`,
    )
  const [left] = [await rig.run(mexico.replace('+52 1 55', '52 55').replace('Puebla', ''), { columns: map })]
  expect(left.progress).toMatchObject({ unchanged: 1 })
  expect(await lupe()).toEqual([{ first_name: 'Lupe', city: 'Puebla' }])
  const skipped = await rig.run(mexico.replace('Puebla', 'León'), { columns: map, existing: 'skip' })
  expect(skipped.progress).toMatchObject({ skipped: 1, updated: 0 })
  const cleared = await rig.run(mexico.replace('Puebla', ''), { columns: map, emptyCells: 'clear' })
  expect(cleared.progress).toMatchObject({ updated: 1 })
  expect(await lupe()).toEqual([{ first_name: 'Lupe', city: null }])
  const claims = await rig.rows(
    `select kind, value from identities where value like '52%' or value = 'm-1' order by 1, 2`,
  )
  expect(claims).toEqual([
    { kind: 'external', value: 'm-1' },
    { kind: 'wa_id', value: '5215512345678' },
    { kind: 'wa_id', value: '525512345678' },
  ])
  const torn = await rig.run('phone,id\n+4915123456789,m-1\n', { columns: [map[0], map[3]] })
  expect(torn.progress).toMatchObject({ rejected: 1 })
  expect((await rig.call('GET', `/imports/${torn.id}/rejects`)).text).toContain('merge them first')
})

test('consents, segments and live segments follow; who has opted out stays so', async () => {
  const segmentId = newId()
  await rig.rows(`insert into segments (id, workspace_id, name, kind) values ($1, $2, 'Fair', 'static')`, [
    segmentId,
    rig.workspaceId,
  ])
  const rows = 'phone,Opt-in\n+4915111111111,ja\n+4915111111112,no\n+4915111111113,sí\n'
  const columns = [
    { column: 'phone', to: 'phone_number' },
    { column: 'Opt-in', to: 'opt_in' },
  ]
  const consent = { from: 'column', source: 'web form', text: 'Send me offers' }
  await rig.run(rows, { columns, consent, segmentIds: [segmentId] })
  const states = () =>
    rig.rows<{ value: string; state: string }>(
      `select i.value, s.state, s.source from consents s join identities i using (contact_id) order by 1`,
    )
  const said = [
    { value: '4915111111111', state: 'opted_in', source: 'web form' },
    { value: '4915111111112', state: 'opted_out', source: 'web form' },
    { value: '4915111111113', state: 'opted_in', source: 'web form' },
  ]
  expect(await states()).toEqual(said)
  expect(await rig.rows('select 1 from segment_members where segment_id = $1', [segmentId])).toHaveLength(3)
  await rig.run(rows, { columns: columns.slice(0, 1), consent: { source: 'everybody said yes' } })
  expect((await states()).map(({ state }) => state)).toEqual(['opted_in', 'opted_out', 'opted_in'])
})

test('a row with a NUL is refused with its reason, and those around it are taken', async () => {
  const before = (await people()).length
  const done = await rig.run(
    'phone,first_name\n+4915211111111,One\n+4915211111112,T\0wo\n+4915211111113,Three\n',
  )
  expect(done).toMatchObject({ state: 'completed', progress: { created: 2, rejected: 1 } })
  const { text } = await rig.call('GET', `/imports/${done.id}/rejects`)
  expect(text).toContain('holds a NUL character')
  expect(await people()).toHaveLength(before + 2)
})
