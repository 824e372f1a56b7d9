import type { Em } from '../db/orm.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { toWaId } from '../model/phone.ts'

/** Contacts by whatever somebody knows them by. */
export interface NamedContacts {
  contactIds?: string[] | undefined
  waIds?: string[] | undefined
  emails?: string[] | undefined
  externalIds?: string[] | undefined
}

interface Name {
  field: string
  kind: 'id' | 'wa_id' | 'email' | 'external'
  value: string
}

/** Their ids, each once. Refuses all of them, naming each, when one is unknown or could be several people. */
export async function resolveNames(em: Em, workspaceId: string, given: NamedContacts): Promise<string[]> {
  const names = listNames(given)
  if (names.length === 0) {
    const message = 'name at least one contact'
    throw new AppError('invalid_input', message, { fields: [{ field: 'contactIds', message }] })
  }
  const rows = await em.execute<{ field: string; ids: string[] }[]>(
    `with named as (select * from jsonb_to_recordset(?::jsonb) as n(field text, kind text, value text)),
     found as (
       select n.field, coalesce(c.merged_into, c.id) as id from named n
       join contacts c on c.workspace_id = ?
         and c.id = case when n.kind = 'id' and pg_input_is_valid(n.value, 'uuid') then n.value::uuid end
       union
       select n.field, coalesce(c.merged_into, c.id) from named n
       join identities i on i.workspace_id = ? and i.valid_to is null and i.kind = n.kind and i.scope = ''
         and i.value = n.value
       join contacts c on c.id = i.contact_id
       union
       select n.field, c.id from named n
       join contacts c on c.workspace_id = ? and c.merged_into is null and n.kind = 'email' and lower(c.email) = n.value)
     select n.field, coalesce(jsonb_agg(f.id) filter (where f.id is not null), '[]') as ids
     from named n left join found f using (field) group by n.field`,
    [JSON.stringify(names), workspaceId, workspaceId, workspaceId],
  )
  const byField = new Map(rows.map((row) => [row.field, row.ids]))
  const fields = names.flatMap(({ field, value }) => problemsOf(field, value, byField.get(field) ?? []))
  if (fields.length > 0)
    throw new AppError('unprocessable', 'some contacts are not known: nothing was changed', { fields })
  return [...new Set([...byField.values()].flat())]
}

function problemsOf(field: string, value: string, ids: string[]): FieldError[] {
  if (ids.length === 0) return [{ field, message: `there is no contact ${value}` }]
  return ids.length === 1 ? [] : [{ field, message: `${value} names ${ids.length} contacts` }]
}

function listNames({ contactIds = [], waIds = [], emails = [], externalIds = [] }: NamedContacts): Name[] {
  return [
    ...contactIds.map((value, at) => name('contactIds', at, 'id', value.toLowerCase())),
    ...waIds.map((value, at) => name('waIds', at, 'wa_id', toWaId(value) ?? value)),
    ...emails.map((value, at) => name('emails', at, 'email', value.toLowerCase())),
    ...externalIds.map((value, at) => name('externalIds', at, 'external', value)),
  ]
}

function name(list: string, at: number, kind: Name['kind'], value: string): Name {
  return { field: `${list}.${at}`, kind, value }
}
