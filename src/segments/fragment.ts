/** A piece of SQL with its values, in the order of their placeholders. */
export interface Fragment {
  sql: string
  params: SqlParam[]
}
export type SqlParam = string | number | boolean | null

/** Pieces are put in, values are bound: `sql\`${column} = ${value}::text\``. */
export function sql(texts: TemplateStringsArray, ...parts: (Fragment | SqlParam)[]): Fragment {
  const params: SqlParam[] = []
  const text = texts.reduce((built, next, at) => {
    const part = parts[at - 1] as Fragment | SqlParam
    if (typeof part !== 'object' || part === null) {
      params.push(part)
      return `${built}?${next}`
    }
    params.push(...part.params)
    return `${built}${part.sql}${next}`
  })
  return { sql: text, params }
}

/** Of one or more pieces. */
export function joined(
  parts: Fragment[],
  separator: ' and ' | ' or ' | ', ' | ' union all ' | ' ',
): Fragment {
  return {
    sql: parts.map((part) => part.sql).join(separator),
    params: parts.flatMap((part) => part.params),
  }
}

export function negated(part: Fragment): Fragment {
  // Null means no, so that what is unknown holds when it is negated, as in JavaScript.
  return sql`(${part}) is not true`
}

export const never: Fragment = { sql: 'false', params: [] }
export const always: Fragment = { sql: 'true', params: [] }

export function instantSql(atMs: number): Fragment {
  return sql`${new Date(atMs).toISOString()}::timestamptz`
}
