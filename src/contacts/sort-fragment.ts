import { z } from 'zod'
import { isWritableAttribute, systemAttributes } from '../model/contact-attributes.ts'
import { AppError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import { sql, type Fragment } from '../segments/fragment.ts'

export const sortSchema = z.object({
  by: z.string().min(1).max(100).meta({ description: 'a system attribute or a declared custom one' }),
  direction: z.enum(['asc', 'desc']).default('asc'),
})
export type ContactSort = z.output<typeof sortSchema>

/** How contacts are ordered: by a value, those without one last, the newer first among equals. */
export interface SortFragment {
  /** Over `contacts c`: a text, or a number when `numeric`. */
  value: Fragment
  numeric: boolean
  direction: 'asc' | 'desc'
}

const instants = ['last_seen_at', 'date_of_birth'] as const
const identityOf = new Map([
  ['phone', 'wa_id'],
  ['wa_id', 'wa_id'],
  ['username', 'username'],
  ['external_customer_id', 'external'],
])

/** @returns undefined for the order in which contacts were made, which their ids have. */
export function readSort(
  { by, direction }: ContactSort,
  types: ReadonlyMap<string, AttributeType>,
): SortFragment | undefined {
  if (by === 'created_at') return direction === 'desc' ? undefined : epoch('c.created_at', direction)
  const instant = instants.find((each) => each === by)
  if (instant) return epoch(`c.${instant}`, direction)
  if (by === 'spam') return { value: sql`(c.spam_at is not null)::int`, numeric: true, direction }
  if (by === 'whatsapp_opted') return { value: sql`(c.opted_out_at is null)::int`, numeric: true, direction }
  if (isWritableAttribute(by) || by === 'source') return text({ sql: `c.${by}`, params: [] }, direction)
  const kind = identityOf.get(by)
  if (kind) return text(currentIdentity(kind), direction)
  return custom(by, direction, types)
}

function custom(
  name: string,
  direction: ContactSort['direction'],
  types: ReadonlyMap<string, AttributeType>,
): SortFragment {
  const type = types.get(name)
  if (type === 'integer' || type === 'float') {
    const value = sql`case when jsonb_typeof(c.attributes -> ${name}::text) = 'number' then (c.attributes ->> ${name}::text)::float8 end`
    return { value, numeric: true, direction }
  }
  if (type && type !== 'json' && type !== 'list')
    return text(sql`(c.attributes ->> ${name}::text)`, direction)
  const isKnown = type !== undefined || systemAttributes.some((each) => each.name === name)
  const message = isKnown ? `"${name}" has no order to sort by` : `there is no attribute "${name}"`
  throw new AppError('invalid_input', message, { fields: [{ field: 'sort.by', message }] })
}

function text(column: Fragment, direction: ContactSort['direction']): SortFragment {
  return { value: sql`lower(${column})`, numeric: false, direction }
}

/** Microseconds, which a cursor carries without loss. */
function epoch(column: string, direction: ContactSort['direction']): SortFragment {
  const value = { sql: `(extract(epoch from ${column}) * 1000000)::float8`, params: [] }
  return { value, numeric: true, direction }
}

function currentIdentity(kind: string): Fragment {
  return sql`(select i.value from identities i where i.contact_id = c.id and i.workspace_id = c.workspace_id
    and i.kind = ${kind}::text and i.valid_to is null order by i.valid_from desc limit 1)`
}
