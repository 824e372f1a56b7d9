import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { compose, dispose } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { newId } from '../src/db/columns.ts'
import { migrate } from '../src/db/orm.ts'
import { createApiKey } from '../src/settings/api-keys.ts'
import { contactColumns, contactsCsv } from './support/contacts-csv.ts'
import { printComparisons } from './support/figures.ts'
import { startProduct, type Product } from './support/product.ts'

const [contacts = 1_000_000] = process.argv.slice(2).map(Number)

/**
 * A CSV file of a million contacts, from the first byte of the upload until every contact is there with its facts and
 * events; then the same file again, which changes nothing. Bare: COPY of the same bytes into a staging table, then one
 * upsert of all its rows into the same tables with the same indexes: no phone is read, no row judged, no fact written.
 * `node bench/import.ts 100000` is quicker.
 */
async function main(): Promise<void> {
  const product = await startProduct(['temporal', 'api', 'worker'])
  const api = await openImports(product)
  const bare = await openBare(product)
  const first = await importFile(api)
  const bareFirst = await bare.run()
  const again = await importFile(api)
  const bareAgain = await bare.run()
  await check(product, bare.client)
  console.log(
    `\n${contacts} contacts: upload ${seconds(first.uploadMs)}, import ${seconds(first.importMs)}; `,
  )
  console.log(`the same file again: upload ${seconds(again.uploadMs)}, import ${seconds(again.importMs)}`)
  const figure = (what: string, ours: { uploadMs: number; importMs: number }, yardstick: number) => {
    return { what, ours: ours.uploadMs + ours.importMs, bare: yardstick, unit: 'ms' as const, aim: '<= 2x' }
  }
  printComparisons(`Import of ${contacts} contacts, upload and all`, [
    figure('new contacts', first, bareFirst),
    figure('the same file again', again, bareAgain),
  ])
  await bare.client.end()
  await product.stop()
}

async function openImports(product: Product) {
  const baseUrl = product.webhookUrl.replace('/webhooks/whatsapp', '')
  const MASTER_KEY = randomBytes(32).toString('hex')
  const config = configSchema.parse({ DATABASE_URL: product.databaseUrl, MASTER_KEY, LOG_LEVEL: 'silent' })
  const deps = await compose(config, 'bench')
  const { key } = await createApiKey(deps, {
    workspaceId: product.workspaceId,
    name: 'bench',
    kind: 'platform',
  })
  await dispose(deps)
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const isFile = body instanceof ReadableStream
    const response = await fetch(`${baseUrl}/platform/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': isFile ? 'text/csv' : 'application/json',
      },
      ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
      ...(isFile && { duplex: 'half' }),
    })
    const answer = (await response.json()) as Answer
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
}

interface Answer {
  id: string
  state: string
  progress: object
  suggestion: { column: string }[]
}

async function importFile(api: Awaited<ReturnType<typeof openImports>>) {
  const startedAtMs = performance.now()
  const file = Readable.toWeb(Readable.from(contactsCsv(contacts)))
  const { id, suggestion } = await api('POST', '/imports?name=bench.csv', file)
  const uploadMs = performance.now() - startedAtMs
  const visits = { column: 'visits', to: 'attribute', name: 'visits', create: { type: 'integer' } }
  const columns = [...suggestion.filter(({ column }) => column !== 'visits'), visits]
  await api('PUT', `/imports/${id}/mapping`, { columns })
  await api('POST', `/imports/${id}/start`, {})
  for (;;) {
    const view = await api('GET', `/imports/${id}`)
    const { state, progress } = view
    if (state === 'failed') throw new Error(JSON.stringify(view))
    if (state === 'completed') {
      console.log(JSON.stringify(progress))
      return { uploadMs, importMs: performance.now() - startedAtMs - uploadMs }
    }
    await sleep(100)
  }
}

/** A database beside the product's, migrated the same. */
async function openBare(product: Product) {
  const url = new URL(product.databaseUrl)
  await product.pool.query('create database bare')
  url.pathname = '/bare'
  await migrate(url.href)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  const workspaceId = newId()
  await client.query(`insert into workspaces (id, name) values ($1, 'bare')`, [workspaceId])
  await client.query(`create table staging (${contactColumns.map((name) => `${name} text`).join(', ')})`)
  const run = async () => {
    await client.query('truncate staging')
    const startedAtMs = performance.now()
    const stream = client.query(copyFrom('copy staging from stdin with (format csv, header)'))
    await pipeline(Readable.from(contactsCsv(contacts)), stream)
    await client.query(upsert.replaceAll('$1', `'${workspaceId}'`))
    return performance.now() - startedAtMs
  }
  return { client, run }
}

const upsert = `
with known as materialized (
  select s.*, regexp_replace(s.phone, '\\D', '', 'g') as wa_id, i.contact_id, coalesce(i.contact_id, uuidv7()) as id
  from staging s left join identities i on i.workspace_id = $1 and i.kind = 'wa_id' and i.scope = ''
    and i.value = regexp_replace(s.phone, '\\D', '', 'g') and i.valid_to is null),
people as (
  insert into contacts (id, workspace_id, first_name, last_name, email, city, country, attributes, source)
  select id, $1, first_name, last_name, email, city, country, jsonb_build_object('visits', visits::int), 'import' from known
  on conflict (id) do update set first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
    city = excluded.city, country = excluded.country, attributes = contacts.attributes || excluded.attributes,
    updated_at = now())
insert into identities (id, workspace_id, contact_id, kind, value, source)
select uuidv7(), $1, id, 'wa_id', wa_id, 'import' from known where contact_id is null on conflict do nothing`

/** Both have stored the same people, once. */
async function check({ pool }: Product, bare: pg.Client): Promise<void> {
  const sql = `select count(*)::int as n, sum(hashtext(coalesce(first_name, '') || email || city || country || (attributes ->> 'visits')))::text
    as sum from contacts`
  const [ours, theirs] = [(await pool.query(sql)).rows[0], (await bare.query(sql)).rows[0]]
  const events = (await pool.query(`select count(*)::int as n from events where type = 'contact_created'`))
    .rows[0].n
  if (JSON.stringify(ours) !== JSON.stringify(theirs) || events !== contacts)
    throw new Error(`not the same: ${JSON.stringify({ ours, theirs, events })}`)
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

await main()
