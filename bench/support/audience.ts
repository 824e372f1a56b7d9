import type pg from 'pg'
import { startProduct, type Product } from './product.ts'

export interface AudienceSize {
  contacts: number
  events: number
}

/** `node bench/x.ts 100000 1000000`: contacts and events; a million and ten million when not given. */
export function audienceSize(given: string[] = process.argv.slice(2)): AudienceSize {
  const [contacts = 1_000_000, events = contacts * 10] = given.map(Number)
  if (!Number.isInteger(contacts) || !Number.isInteger(events) || contacts < 1 || events < 0)
    throw new Error('give the number of contacts and of events, e.g. 100000 1000000')
  return { contacts, events }
}

/** A PostgreSQL of its own with the product's production settings, and an audience in it. Other parts as asked for. */
export async function startWithAudience(
  size: AudienceSize,
  parts: Parameters<typeof startProduct>[0] = [],
): Promise<Product> {
  const product = await startProduct(parts)
  const startedAtMs = performance.now()
  await fillAudience(product.pool, product.workspaceId, size)
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0)
  console.log(`${size.contacts} contacts and ${size.events} events in ${seconds} s`)
  return product
}

/**
 * Contacts with names, places, tags, typed attributes, phones and (a third) external ids, and their events of the last
 * fifty days. Everything follows from the row's number, so two fillings of one size are alike. Indexes are built at the end.
 */
export async function fillAudience(pool: pg.Pool, workspaceId: string, size: AudienceSize): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(
      `set synchronous_commit = off; set statement_timeout = 0; set maintenance_work_mem = '512MB'`,
    )
    const indexes = await dropIndexes(client)
    for (const statement of declarations) await client.query(statement, [workspaceId])
    await client.query(numbered(size.contacts))
    await client.query(people(size.contacts), [workspaceId])
    await client.query('create unique index on audience_people (n); analyze audience_people')
    await client.query(phones, [workspaceId])
    await client.query(externals, [workspaceId])
    for (let from = 0; from < size.events; from += chunk) {
      await client.query(happenings(size, from, Math.min(size.events, from + chunk)), [workspaceId])
    }
    await client.query('drop table audience_people')
    for (const index of indexes) await client.query(index)
    for (const table of ['contacts', 'identities', 'events']) await client.query(`vacuum analyze ${table}`)
    await client.query('reset all')
  } finally {
    client.release()
  }
}

const chunk = 1_000_000

/** Of the filled tables, but for keys; returns what makes them again. */
async function dropIndexes(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indrelid in ('contacts'::regclass, 'identities'::regclass, 'events'::regclass)
       and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  // A partitioned table's index is described as one of the parent alone; made anew it is to reach the partitions.
  return rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON '))
}

const declarations = [
  `insert into attribute_definitions (id, workspace_id, name, type, label)
select gen_random_uuid(), $1, name, type, name from (values ('plan', 'string'), ('age', 'integer'), ('score', 'float'),
  ('vip', 'boolean'), ('favourites', 'list'), ('renewal_date', 'date')) as d(name, type) on conflict do nothing`,
  `insert into event_types (id, workspace_id, name, attributes)
select gen_random_uuid(), $1, name, '{"amount": "integer", "product": "string"}'
from unnest(array['page_viewed', 'app_opened', 'cart_abandoned', 'order_paid']) as name on conflict do nothing`,
]

const words = (text: string) =>
  `array[${text
    .split(' ')
    .map((word) => `'${word}'`)
    .join(', ')}]`
const firstNames = words(
  'Ann Björn Carlos Deepa Elif Fatima George Hannah Ivan Julia Kofi Lena Maria Noah Olivia Pedro Quentin Rahul Sofia Tom ' +
    'Uma Vikram Wei Xenia Yusuf Zoë Aarav Beatriz Chloé Diego Emma Felix Gita Hugo Ines José Karin Luca Mei Nadia Omar ' +
    'Priya Rosa Sven Tanja Ulla Vera William Yara Zara',
)
const lastStems = words(
  'Ander Berg Castr Dub Eriks Fern Garc Hoff Iyeng Johans Kowal Lindq Müll Nguy Oliv Patel Quist Rossi Schmi Tana',
)
const lastEnds = words('a ar son er ez in mann ov ski strom dt wald berg feld ini elli oğlu sen ström i')
const places = words(
  'Berlin,DE,Europe/Berlin,de Mumbai,IN,Asia/Kolkata,en Delhi,IN,Asia/Kolkata,hi SãoPaulo,BR,America/Sao_Paulo,pt-BR London,GB,Europe/London,en NewYork,US,America/New_York,en Madrid,ES,Europe/Madrid,es Istanbul,TR,Europe/Istanbul,tr',
)
const callingCodes = words('49 91 91 55 44 1 34 90')

/** A number between 0 and `below` that looks random and is the same for the same row. */
const pick = (salt: number, below: number) => `(abs(hashint8extended(n, ${salt})) % ${below})`
const oneOf = (array: string, salt: number, length: number) => `(${array})[1 + ${pick(salt, length)}]`

const numbered = (count: number) => `
create temp table audience_people as
  select n, uuidv7((n - ${count}) * interval '2 seconds') as id, ${pick(7, 8)} + 1 as place
  from generate_series(1, ${count}::bigint) n`

const people = (count: number) => `
insert into contacts (id, workspace_id, name, first_name, last_name, email, language, time_zone, country, city, gender,
  date_of_birth, source, tags, attributes, created_at, updated_at, last_seen_at, opted_out_at)
select p.id, $1, first || ' ' || last, first, last, lower(unaccent(first || '.' || last)) || n || '@example.org', place[4], place[3], place[2], place[1],
  ${oneOf(words('female male other'), 3, 3)}, date '1950-01-01' + ${pick(4, 20_000)}::int, ${oneOf(words('api import whatsapp'), 5, 3)},
  array_remove(array[case when ${pick(8, 20)} = 0 then 'vip' end, case when ${pick(9, 4)} = 0 then 'newsletter' end,
    'group-' || ${pick(10, 100)}], null),
  jsonb_build_object('plan', ${oneOf(words('free free free silver gold'), 11, 5)}, 'age', 18 + ${pick(12, 60)}, 'score',
    (${pick(13, 10_000)} / 100.0)::float8, 'vip', ${pick(8, 20)} = 0, 'favourites', jsonb_build_array(${oneOf(words('shoes hats bags'), 14, 3)}),
    'renewal_date', date '2026-01-01' + ${pick(15, 730)}::int),
  created, created, case when ${pick(16, 3)} > 0 then now() - ${pick(17, 90 * 24 * 60)} * interval '1 minute' end,
  case when ${pick(18, 50)} = 0 then now() - interval '5 days' end
from (
  select n, id, ${oneOf(firstNames, 1, 50)} as first, ${oneOf(lastStems, 2, 20)} || ${oneOf(lastEnds, 6, 20)} as last,
    string_to_array((${places})[place], ',') as place, now() + (n - ${count}) * interval '2 seconds' as created
  from audience_people) p`

const phones = `
insert into identities (id, workspace_id, contact_id, kind, value, source)
select uuidv7(), $1, id, 'wa_id', (${callingCodes})[place] || lpad(((n * 7919 + 1000003) % 10000000000)::text, 10, '0'), 'bench'
from audience_people order by n`

const externals = `
insert into identities (id, workspace_id, contact_id, kind, value, source)
select uuidv7(), $1, id, 'external', 'crm-' || n, 'bench' from audience_people where n % 3 = 0 order by n`

/** In the order of time, as they would have come; a fifth of the people do half of what happens. */
const happenings = ({ contacts, events }: AudienceSize, from: number, to: number) => `
insert into events (id, workspace_id, contact_id, type, attributes, at)
select uuidv7(e.at - now()), $1, p.id, e.type, jsonb_build_object('amount', e.amount, 'product', 'product-' || e.amount % 50), e.at
from (
  select n, now() - interval '50 days' + (n::float8 / ${events}) * interval '50 days' as at,
    ${oneOf(words('page_viewed page_viewed page_viewed app_opened app_opened cart_abandoned order_paid'), 21, 7)} as type,
    ${pick(22, 500)} as amount,
    1 + case when ${pick(23, 2)} = 0 then ${pick(24, Math.max(1, Math.floor(contacts / 5)))} else ${pick(25, contacts)} end as who
  from generate_series(${from + 1}::bigint, ${to}) n) e
join audience_people p on p.n = e.who order by e.n`
