import { isoTime } from '../db/iso-time.ts'
import { isWritableAttribute } from '../model/contact-attributes.ts'
import { sql, type Fragment } from './fragment.ts'

/** How SQL reads what a path names. */
export interface SqlValue {
  /** Null for nothing; for values of any type their text, structures as JSON. */
  text: Fragment
  /** Of values that may be of any type; absent where everything is text. */
  json?: Fragment
  /** Of columns that hold an instant or a day. */
  instant?: Fragment
  /** In another table: to be read as seldom as can be. */
  isLookedUp?: true
}

/** What a path of the condition's names; undefined where a contact can have nothing of that name. */
export function contactField(path: string): SqlValue | undefined {
  const [root, first = '', ...rest] = path.split('.')
  if (root !== 'contact') return undefined
  if (first === 'attributes') return attributeField(rest)
  if (!Object.hasOwn(columns, first)) return jsonAt(sql`c.attributes`, [first, ...rest])
  const column = columns[first]
  if (!column || rest.length === 0) return column
  return column.json ? jsonAt(column.json, rest) : undefined
}

/** System attributes that people set answer here too, by what is in their column. */
function attributeField(keys: string[]): SqlValue | undefined {
  const [name = ''] = keys
  if (!isWritableAttribute(name)) return jsonAt(sql`c.attributes`, keys)
  if (keys.length > 1) return undefined
  return name === 'name' || name === 'first_name' ? plain(`c.${name}`) : columns[name]
}

/** A value within a JSON document; own keys of objects and elements of lists only, as in JavaScript. */
export function jsonAt(document: Fragment, keys: string[]): SqlValue {
  const holder = keys.slice(0, -1).reduce(step, document)
  const last = keys.at(-1)
  if (last === undefined) return { json: document, text: sql`(${document} #>> '{}')` }
  const json = step(holder, last)
  const isPlain = !isIndex(last) && last !== 'length'
  return { json, text: isPlain ? sql`(${holder} ->> ${last}::text)` : sql`(${json} #>> '{}')` }
}

function step(document: Fragment, key: string): Fragment {
  if (isIndex(key)) return sql`(${document} #> array[${key}::text])`
  const ofObject = sql`(${document} -> ${key}::text)`
  if (key !== 'length') return ofObject
  return sql`(case jsonb_typeof(${document}) when 'array' then to_jsonb(jsonb_array_length(${document})) else ${ofObject} end)`
}

/** PostgreSQL reads `-1` and `01` as indexes too; JavaScript does not. */
function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key)
}

const plain = (column: string): SqlValue => ({ text: { sql: column, params: [] } })
const instant = (column: string): SqlValue => ({
  ...plain(isoTime(column)),
  instant: { sql: `date_trunc('milliseconds', ${column})`, params: [] },
})
const identity = (kind: 'wa_id' | 'username' | 'external'): SqlValue => ({
  ...plain(
    `(select i.value from identities i where i.contact_id = c.id and i.workspace_id = c.workspace_id
      and i.kind = '${kind}' and i.valid_to is null order by i.valid_from desc limit 1)`,
  ),
  isLookedUp: true,
})
const ofAnyType = (json: string): SqlValue => ({
  json: { sql: json, params: [] },
  text: { sql: `(${json} #>> '{}')`, params: [] },
})

/** As `toContactView` names what a contact has. */
const columns: Record<string, SqlValue> = {
  id: plain('c.id::text'),
  name: plain(`coalesce(c.name, concat_ws(' ', nullif(c.first_name, ''), nullif(c.last_name, '')))`),
  first_name: plain('coalesce(c.first_name, first_word(c.name))'),
  last_name: plain('c.last_name'),
  email: plain('c.email'),
  language: plain('c.language'),
  time_zone: plain('c.time_zone'),
  gender: plain('c.gender'),
  city: plain('c.city'),
  state: plain('c.state'),
  country: plain('c.country'),
  source: plain('c.source'),
  date_of_birth: {
    ...plain(`to_char(c.date_of_birth, 'YYYY-MM-DD')`),
    instant: { sql: `(c.date_of_birth::timestamp at time zone 'UTC')`, params: [] },
  },
  created_at: instant('c.created_at'),
  last_seen_at: instant('c.last_seen_at'),
  phone: identity('wa_id'),
  wa_id: identity('wa_id'),
  username: identity('username'),
  external_customer_id: identity('external'),
  whatsapp_opted: ofAnyType('to_jsonb(c.opted_out_at is null)'),
  spam: ofAnyType('to_jsonb(c.spam_at is not null)'),
  tags: ofAnyType('to_jsonb(c.tags)'),
}
