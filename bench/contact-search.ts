import type pg from 'pg'
import { queryContacts } from '../src/contacts/query-contacts.ts'
import { openOrm } from '../src/db/orm.ts'
import { audienceSize, startWithAudience } from './support/audience.ts'
import { median, percentile, printComparisons, type Comparison } from './support/figures.ts'

const searches = 200
const pageSize = 50

/**
 * A page of contacts found by a part of the name, by the last five digits of a phone, and by other fragments. Bare: one
 * statement written by hand for that kind of search, over the same indexes, by `pg` itself. Both take turns on the same words.
 */
async function main(): Promise<void> {
  const size = audienceSize()
  const product = await startWithAudience({ ...size, events: 0 })
  const { pool, workspaceId } = product
  const orm = await openOrm(product.databaseUrl, 4)
  const ours = async (search: string) => {
    const rows = await queryContacts({ orm }, { workspaceId, search, limit: pageSize })
    return rows.slice(0, pageSize).map(({ id }) => id)
  }
  const results: Comparison[] = []
  for (const kind of kinds) {
    const words = await kind.words(pool)
    const measured = { ours: [] as number[], bare: [] as number[] }
    for (const [at, word] of words.entries()) {
      const bare = async (given: string) =>
        (await pool.query<{ id: string }>(kind.sql, [workspaceId, ...kind.values(given)])).rows.map(
          ({ id }) => id,
        )
      const [mine, theirs] = [await timed(() => ours(word)), await timed(() => bare(word))]
      if (kind.isSame && mine.found.join() !== theirs.found.join())
        throw new Error(`"${word}" is found differently`)
      if (at < words.length / 10) continue
      measured.ours.push(mine.ms)
      measured.bare.push(theirs.ms)
    }
    results.push({
      what: `${kind.what}, p50`,
      ours: median(measured.ours),
      bare: median(measured.bare),
      unit: 'ms',
      aim: '< 20 ms',
    })
    results.push({
      what: `${kind.what}, p95`,
      ours: percentile(measured.ours, 0.95),
      bare: percentile(measured.bare, 0.95),
      unit: 'ms',
    })
  }
  printComparisons(`A page of ${pageSize} out of ${size.contacts} contacts`, results)
  await orm.close(true)
  await product.stop()
}

async function timed(work: () => Promise<string[]>): Promise<{ ms: number; found: string[] }> {
  const startedAtMs = performance.now()
  const found = await work()
  return { ms: performance.now() - startedAtMs, found }
}

interface Kind {
  what: string
  words(pool: pg.Pool): Promise<string[]>
  sql: string
  values(word: string): string[]
  /** Whether the statement by hand finds exactly what the product finds, which also looks elsewhere. */
  isSame: boolean
}

/** Of contacts spread over the whole table. */
const sample = (expression: string, from: string) => async (pool: pg.Pool) => {
  const { rows } = await pool.query<{ word: string }>(
    `select ${expression} as word from ${from} order by md5(t.id::text) limit ${searches}`,
  )
  return rows.map(({ word }) => word)
}

const shown = `(select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value)) from identities i where i.contact_id = c.id)`
const byName = `select c.*, ${shown} as identities from contacts c where c.workspace_id = $1 and c.merged_into is null
  and c.search like '%' || $2::text || '%' order by c.id desc limit ${pageSize}`

const kinds: Kind[] = [
  {
    what: 'part of a last name',
    words: sample('substr(fold_text(t.last_name), 2, 6)', 'contacts t'),
    sql: byName,
    values: (word) => [word],
    isSame: true,
  },
  {
    what: 'first and last name',
    words: sample(`fold_text(t.first_name || ' ' || left(t.last_name, 4))`, 'contacts t'),
    sql: byName,
    values: (word) => [word],
    isSame: false,
  },
  {
    what: 'the last 5 digits of a phone',
    words: sample('right(t.value, 5)', `(select * from identities where kind = 'wa_id') t`),
    sql: `select c.*, ${shown} as identities from identities f join contacts c on c.id = f.contact_id
      where f.workspace_id = $1 and f.valid_to is null and f.value like '%' || $2::text || '%' and c.merged_into is null
      order by c.id desc limit ${pageSize}`,
    values: (word) => [word],
    isSame: false,
  },
  {
    what: 'an external id',
    words: sample('t.value', `(select * from identities where kind = 'external') t`),
    sql: `select c.*, ${shown} as identities from identities f join contacts c on c.id = f.contact_id
      where f.workspace_id = $1 and f.valid_to is null and f.value ilike '%' || $2::text || '%' and c.merged_into is null
      order by c.id desc limit ${pageSize}`,
    values: (word) => [word],
    isSame: true,
  },
]

await main()
