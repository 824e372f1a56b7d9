import { createHash } from 'node:crypto'
import { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'

/**
 * Sends the SQL that we write ourselves as prepared statements with bound values. MikroORM pastes values into the text
 * instead, which PostgreSQL then parses and plans anew every time.
 */
export class PreparedEntityManager extends EntityManager {
  override execute = (async (...input: Parameters<Execute>) => {
    const [query, params = [], method = 'all'] = input as [unknown, unknown?, unknown?]
    const isPlain =
      typeof query === 'string' && method === 'all' && Array.isArray(params) && params.every(isScalar)
    if (!isPlain || params.length === 0) return super.execute(...input)
    const connection = this.getConnection()
    await connection.ensureConnection()
    try {
      return (await this.getKysely().executeQuery(compile(query, params))).rows
    } catch (error) {
      throw connection
        .getPlatform()
        .getExceptionConverter()
        .convertException(error as Error)
    }
  }) as Execute
}
type Execute = EntityManager['execute']

/**
 * Begins a statement whose text users decide, such as a segment's condition: it is planned for its values each time and not
 * kept, for there is no end of such texts.
 */
export const adHoc = '/* ad hoc */ '

/** Statements with values are prepared once a connection, under a name that their text decides. */
export function nameStatements(pool: Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...input: unknown[]) => unknown
    const named = (text: unknown, values?: unknown, ...rest: unknown[]) =>
      typeof text === 'string' && !text.startsWith(adHoc) && Array.isArray(values) && values.length > 0
        ? query({ name: nameOf(text), text, values }, ...rest)
        : query(text, values, ...rest)
    client.query = named as typeof client.query
  })
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

let queries = 0

/** What Kysely's `CompiledQuery.raw` makes; Kysely itself is MikroORM's to import. */
function compile(query: string, parameters: readonly unknown[]) {
  const sql = numberPlaceholders(query)
  const node = { kind: 'RawNode' as const, sqlFragments: [sql], parameters: [] }
  return { sql, parameters, query: node, queryId: { queryId: `prepared-${queries++}` } }
}

/** Our texts are constants, a few hundred at most. */
const numbered = new Map<string, string>()
const names = new Map<string, string>()

function numberPlaceholders(sql: string): string {
  const known = numbered.get(sql)
  if (known !== undefined) return known
  let count = 0
  const text = sql.replaceAll('?', () => `$${++count}`)
  if (!sql.startsWith(adHoc)) numbered.set(sql, text)
  return text
}

function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}
