import { randomUUID } from 'node:crypto'
import type { Seal } from '../../../src/kit/seal.ts'
import { runSql } from '../run-sql.ts'

/** A workspace that has one row of everything, which belongs together, and says so wherever it holds a word. */
export interface FilledWorkspace {
  id: string
  /** The id of its row in each table that has one. */
  ids: Map<string, string>
  /** Stands in every text of it: an answer to somebody else that holds it is a leak. */
  word: string
}

interface Column {
  table: string
  name: string
  type: string
  isNeeded: boolean
  /** Whose key it is, where the database knows. */
  target: string | null
}

/** What ids are called that no foreign key explains. */
const meant: Record<string, string> = { number_id: 'phone_numbers', subject_id: 'contacts' }

/**
 * Fills a workspace by what the database says of its own tables, so that a table that comes is filled too. Values are of the
 * right type and no more than that: rules of the product are not held to, because nobody but strangers ask for these rows.
 */
export async function fillWorkspace(
  databaseUrl: string,
  workspaceId: string,
  seal: Pick<Seal, 'seal'>,
): Promise<FilledWorkspace> {
  const { rows } = await runSql(databaseUrl, describeColumns)
  const columns = rows as Column[]
  const tables = Map.groupBy(columns, ({ table }) => table)
  const ids = new Map([...tables.keys()].map((table) => [table, randomUUID() as string]))
  ids.set('workspaces', workspaceId)
  const word = `private-${workspaceId.slice(-12)}`
  const inserts = [...tables].map(([table, all]) => {
    const wanted = all.filter(({ isNeeded }) => isNeeded)
    const row = Object.fromEntries(
      wanted.map((column) => [column.name, valueOf(column, { ids, tables, word, workspaceId, seal })]),
    )
    const names = wanted.map(({ name }) => `"${name}"`).join(', ')
    return `insert into "${table}" (${names}) select ${names}
      from jsonb_populate_record(null::"${table}", '${JSON.stringify(row)}'::jsonb) on conflict do nothing;`
  })
  // Neither triggers nor foreign keys nor checks: each row stands for its kind, not for a history.
  await runSql(databaseUrl, [dropChecks, 'set session_replication_role = replica;', ...inserts].join('\n'))
  return { id: workspaceId, ids, word }
}

/** A checksum of every table's rows of a workspace, those aside in which asking leaves traces. */
export async function sumWorkspace(
  databaseUrl: string,
  { id, ids }: FilledWorkspace,
): Promise<Record<string, string>> {
  const tables = [...ids.keys()].filter((table) => !traces.has(table)).sort()
  const sums = tables.map(
    (table) =>
      `select '${table}' as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum
       from "${table}" t where ${table === 'workspaces' ? 'id' : 'workspace_id'} = '${id}'`,
  )
  const { rows } = await runSql(databaseUrl, sums.join(' union all '))
  return Object.fromEntries((rows as { name: string; sum: string }[]).map(({ name, sum }) => [name, sum]))
}

/** Who was seen when, what was asked, and whose turn it is. */
const traces = new Set(['audit_entries', 'sessions', 'api_keys', 'idempotency_keys', 'users'])

interface World {
  ids: Map<string, string>
  tables: Map<string, Column[]>
  word: string
  workspaceId: string
  seal: Pick<Seal, 'seal'>
}

function valueOf(
  { table, name, type, target }: Column,
  { ids, tables, word, workspaceId, seal }: World,
): unknown {
  if (name === 'workspace_id') return workspaceId
  if (name === 'id') return type === 'uuid' ? ids.get(table) : 1
  if (type === 'uuid') {
    const guess = `${name.replace(/_id$/, '')}s`
    const of = target ?? meant[name] ?? (tables.has(guess) ? guess : '')
    return ids.get(of) ?? randomUUID()
  }
  if (type.endsWith('[]')) return []
  if (name.startsWith('sealed_')) return seal.seal(word)
  if (type === 'text') return `${word} ${name}`
  if (type === 'jsonb') return {}
  if (type === 'boolean') return false
  if (type.startsWith('timestamp') || type === 'date') return new Date().toISOString()
  if (type === 'bytea' || type === 'tsvector') return ''
  return 1
}

const dropChecks = `do $$ declare c record; begin
  for c in select conrelid::regclass as of, conname from pg_constraint where contype = 'c' and conparentid = 0
    and connamespace = 'public'::regnamespace and coninhcount = 0
  loop execute format('alter table %s drop constraint %I', c.of, c.conname); end loop; end $$;`

/** Of every table that names its workspace; partitions come with their parents. */
const describeColumns = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
    (a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '')
      or a.attname in ('id', 'workspace_id') and a.attidentity = '' and a.attgenerated = '' as "isNeeded",
    (select t.relname from pg_constraint f join pg_class t on t.oid = f.confrelid
      where f.contype = 'f' and f.conrelid = c.oid and f.conkey = array[a.attnum] limit 1) as target
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')
    and c.relname <> 'sessions'
  order by c.relname, a.attnum`
