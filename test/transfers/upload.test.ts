import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { readChunks } from '../../src/transfers/import-chunks.ts'
import { withRawConnection } from '../../src/transfers/raw-connection.ts'
import { openImportRig, type ImportRig, type ImportView } from './import-rig.ts'

let rig: ImportRig
beforeAll(async () => {
  rig = await openImportRig({ IMPORT_MAX_BYTES: 3_000_000 }, { worker: false })
})

const utf16 = (text: string, mark = true) => Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le')
const table = 'phone;name\n+4915112345678;Zoë\n'

describe('an upload is read as', () => {
  test.each<[string, string | Buffer, Partial<ImportView>]>([
    ['UTF-8 with a mark', `\ufeff${table}`, { encoding: 'utf-8', delimiter: ';' }],
    ['UTF-16', utf16(table), { encoding: 'utf-16le', delimiter: ';' }],
    ['UTF-16 without a mark', utf16(table, false), { encoding: 'utf-16le' }],
    ['Windows-1252', Buffer.from(table, 'latin1'), { encoding: 'windows-1252' }],
    ['CRLF and tabs', 'phone\tname\r\n1234567\tZoë\r\n', { delimiter: '\t' }],
    ["Excel's hint", 'sep=|\nphone|name\n1234567|Zoë\n', { delimiter: '|' }],
    ['line ends of old Macs', 'phone,name\r1234567,Zoë\r', { delimiter: ',' }],
  ])('%s', async (_name, file, expected) => {
    const { status, body } = await rig.upload(file)
    expect(status).toBe(201)
    expect(body).toMatchObject({ state: 'uploaded', ...expected })
    expect((body as ImportView).columns).toMatchObject([
      { name: 'phone' },
      { name: 'name', samples: ['Zoë'] },
    ])
  })
})

describe('an upload is refused, with nothing left of it, when it is', () => {
  test.each<[string, string | Buffer, number, RegExp]>([
    ['empty', '  \n', 422, /the file is empty/],
    ['a header alone', 'phone,name\n', 422, /no rows/],
    [
      'UTF-8 at first only',
      Buffer.concat([Buffer.from('a,b\nZoë,1\n'), Buffer.from([0x5a, 0xeb, 10])]),
      422,
      /begins as UTF-8/,
    ],
    ['an Excel file', Buffer.from('504b030414000600', 'hex'), 422, /Excel/],
    ['binary', Buffer.alloc(4_096), 422, /NUL/],
    ['too large', `phone\n${'+4915112345678\n'.repeat(250_000)}`, 413, /IMPORT_MAX_BYTES/],
  ])('%s', async (_name, file, status, words) => {
    const answer = await rig.upload(file)
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(words)])
    expect(await rig.rows(`select 1 from imports where state = 'uploading'`)).toEqual([])
  })

  test('of another type, of an encoding that nobody knows, or a form without a file', async () => {
    expect(await rig.call('POST', '/imports', {})).toMatchObject({ status: 415 })
    expect(await rig.upload('a,b\n1,2\n', '?encoding=klingon')).toMatchObject({ status: 422 })
    const form = new FormData()
    form.set('other', 'x')
    const response = await fetch(`${rig.url}/platform/v1/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.key}` },
      body: form,
    })
    expect(response.status).toBe(400)
  })
})

test('a form carries the file too, and headers of many languages are understood', async () => {
  const form = new FormData()
  form.set(
    'file',
    new Blob(['Celular,Nombre,Apellidos,Correo electrónico,Etiquetas\n+34611111111,A,B,a@b.es,x\n']),
    'clientes.csv',
  )
  const response = await fetch(`${rig.url}/platform/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${rig.key}` },
    body: form,
  })
  const view = (await response.json()) as ImportView & { name: string }
  expect(view.name).toBe('clientes.csv')
  expect(view.suggestion.map(({ to, name }) => name ?? to)).toEqual([
    'phone_number',
    'first_name',
    'last_name',
    'email',
    'tags',
  ])
})

test('contacts are exported as they are fetched, safe for spreadsheets, and come back as they were', async () => {
  const evil = '=HYPERLINK("http://evil")'
  await rig.rows(
    `with c as (insert into contacts (id, workspace_id, first_name, last_name, tags)
       select uuidv7(), $1, 'Person ' || n, case when n = 1 then $2 else '-' || n end, array['a', 'b']
       from generate_series(1, 4500) n returning id, first_name)
     insert into identities (id, workspace_id, contact_id, kind, value, source)
     select uuidv7(), $1, id, 'wa_id', '4915' || split_part(first_name, ' ', 2), 'test' from c`,
    [rig.workspaceId, evil],
  )
  const columns = ['phone', 'first_name', 'last_name', 'tags']
  const made = await rig.call('POST', '/exports', { what: 'contacts', columns, byteOrderMark: true })
  expect(made.status).toBe(201)
  const response = await fetch(`${rig.url}${(made.body as { file: string }).file}`, {
    headers: { authorization: `Bearer ${rig.key}`, 'accept-encoding': 'gzip' },
  })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8')
  expect(text.startsWith('\ufeffphone,first_name,last_name,tags\r\n')).toBe(true)
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(4_501)
  expect(new Set(lines).size).toBe(4_501)
  expect(lines).toContain(`+49151,Person 1,"'=HYPERLINK(""http://evil"")","a,b"`)
  expect(lines).toContain('+4915200,Person 200,-200,"a,b"')
  const none = await rig.call('POST', '/exports', { what: 'contacts', columns: ['nope'] })
  expect(none).toMatchObject({ status: 400, body: { fields: [{ field: 'columns.0' }] } })
})

test('events are exported each once, however many are of one moment', async () => {
  await rig.rows(
    `insert into events (id, workspace_id, contact_id, type, attributes, at)
     select uuidv7(), $1, uuidv7(), 'paid', jsonb_build_object('n', n), now() from generate_series(1, 4500) n`,
    [rig.workspaceId],
  )
  const { body } = await rig.call('POST', '/exports', { what: 'events', type: 'paid' })
  const { text } = await rig.call('GET', `/exports/${(body as { id: string }).id}/file`)
  expect(new Set(text.trimEnd().split('\r\n')).size).toBe(4_501)
})

test('whoever breaks a download off leaves no query and no transaction behind', async () => {
  await rig.rows(
    `insert into events (id, workspace_id, contact_id, type, attributes, at)
     select uuidv7(), $1, uuidv7(), 'long', jsonb_build_object('n', repeat(md5(n::text), 20)), now() from generate_series(1, 60000) n`,
    [rig.workspaceId],
  )
  const { body } = await rig.call('POST', '/exports', { what: 'events', type: 'long' })
  const leaving = new AbortController()
  const response = await fetch(`${rig.url}/platform/v1/exports/${(body as { id: string }).id}/file`, {
    headers: { authorization: `Bearer ${rig.key}`, 'accept-encoding': 'identity' },
    signal: leaving.signal,
  })
  const reader = response.body?.getReader()
  await reader?.read()
  leaving.abort()
  const seen = async () =>
    rig.rows<{ last: string; busy: number }>(
      `select coalesce(max(query_start)::text, '') as last, count(*) filter (where state <> 'idle')::int as busy
       from pg_stat_activity where datname = current_database() and query like '%as exact_at%' and pid <> pg_backend_pid()`,
    )
  await sleep(1_000)
  const first = await seen()
  await sleep(1_000)
  expect(await seen()).toEqual(first)
  expect(first[0]?.busy).toBe(0)
  const open = await rig.rows(
    `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  )
  expect(open).toEqual([])
})

test('a file comes out as it went in, wherever its pieces are cut', async () => {
  const file = Buffer.from(`phone,name\n${'+4915112345678,ãß🙂é\n'.repeat(40_000)}`)
  const { body } = await rig.upload(file)
  const pieces = await withRawConnection(rig.deps.config, async (client) => {
    const all: Buffer[] = []
    for await (const piece of readChunks(client, (body as ImportView).id, 0)) all.push(piece)
    return all
  })
  expect(pieces.length).toBeGreaterThan(3)
  expect(Buffer.concat(pieces).equals(file)).toBe(true)
})
