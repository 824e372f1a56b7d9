import type { Em } from '../db/orm.ts'
import { variableKey } from '../model/variable-key.ts'

/** By the group's key, then the column's: what `{{groups.<group>.<column>}}` reads. */
export type VariablesOfContact = Record<string, Record<string, string>>

interface Row {
  contactId: string
  ref: string
  name: string
  values: Record<string, string>
}

/**
 * The values of many contacts in one statement, by contact; whoever has none is not in it. A group stands under its ref and,
 * where no other has that ref, under its name.
 * @param groups the keys that are asked for: `groupsNamedIn` of the definition
 */
export async function loadVariableValues(
  em: Em,
  { workspaceId, contactIds, groups }: { workspaceId: string; contactIds: string[]; groups: string[] },
): Promise<Map<string, VariablesOfContact>> {
  const found = new Map<string, VariablesOfContact>()
  if (groups.length === 0 || contactIds.length === 0) return found
  const wanted = await findWanted(em, workspaceId, new Set(groups))
  if (wanted.length === 0) return found
  const ids = JSON.stringify(wanted.map(({ id }) => id))
  const rows = await em.execute<Row[]>(
    `select w.contact_id as "contactId", g.ref, g.name, v.values
     from (select jsonb_array_elements_text(?::jsonb)::uuid as contact_id) w
     cross join lateral (
       select v.group_id, v.values, v.updated_at from contacts c
       cross join (select jsonb_array_elements_text(?::jsonb)::uuid as id) asked
       join variable_values v on v.group_id = asked.id and v.phone = c.id::text
       where c.workspace_id = ? and (c.id = w.contact_id or c.merged_into = w.contact_id)
       union all
       select v.group_id, v.values, v.updated_at from identities i
       cross join (select jsonb_array_elements_text(?::jsonb)::uuid as id) asked
       join variable_values v on v.group_id = asked.id and v.phone = i.value
       where i.workspace_id = ? and i.contact_id = w.contact_id and i.kind = 'wa_id' and i.valid_to is null) v
     join variable_groups g on g.id = v.group_id and g.workspace_id = ?
     order by v.updated_at`,
    [JSON.stringify(contactIds), ids, workspaceId, ids, workspaceId, workspaceId],
  )
  const refs = new Set(wanted.map(({ ref }) => variableKey(ref)))
  for (const row of rows) {
    const ref = variableKey(row.ref)
    const name = variableKey(row.name)
    const of = found.get(row.contactId) ?? {}
    found.set(row.contactId, of)
    for (const key of refs.has(name) ? [ref] : new Set([ref, name]))
      of[key] = { ...of[key], ...byKey(row.values) }
  }
  return found
}

function byKey(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [variableKey(field), value]))
}

async function findWanted(
  em: Em,
  workspaceId: string,
  keys: ReadonlySet<string>,
): Promise<{ id: string; ref: string }[]> {
  const all = await em.execute<{ id: string; ref: string; name: string }[]>(
    'select id, ref, name from variable_groups where workspace_id = ?',
    [workspaceId],
  )
  return all.filter(({ ref, name }) => keys.has(variableKey(ref)) || keys.has(variableKey(name)))
}
