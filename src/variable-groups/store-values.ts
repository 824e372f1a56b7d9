import type { Em } from '../db/orm.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { readValuePhone } from './read-value-phone.ts'

/** One phone number's values, by the names of the columns. */
export interface GivenLine {
  phone: string
  values: Record<string, string>
}

/**
 * Puts lines into a group in the caller's transaction; a number that has some already keeps the columns that are not named.
 * All are refused, each wrong one named, when one is.
 */
export async function storeValues(
  em: Em,
  workspaceId: string,
  groupId: string,
  lines: GivenLine[],
): Promise<void> {
  if (lines.length === 0) return
  const read = lines.map(({ phone, values }) => ({ ...readValuePhone(phone), values }))
  const fields = read.flatMap((line, at): FieldError[] =>
    'problem' in line ? [{ field: `lines.${at}.phone`, message: line.problem }] : [],
  )
  if (fields.length > 0)
    throw new AppError(
      'invalid_input',
      fields.map(({ field, message }) => `${field}: ${message}`).join('; '),
      {
        fields,
      },
    )
  await em.execute(
    `insert into variable_values (group_id, workspace_id, phone, contact_id, values)
     select distinct on (l.phone) ?, ?, l.phone, i.contact_id, l.values
     from jsonb_to_recordset(?::jsonb) as l(at int, phone text, values jsonb)
     left join identities i on i.workspace_id = ? and i.kind = 'wa_id' and i.scope = '' and i.value = l.phone
       and i.valid_to is null
     order by l.phone, l.at desc ${overOlder}`,
    [groupId, workspaceId, JSON.stringify(read.map((line, at) => ({ at, ...line }))), workspaceId],
  )
}

/** What is said anew counts, column by column. */
export const overOlder = `on conflict (group_id, phone) do update set values = variable_values.values || excluded.values,
  contact_id = coalesce(excluded.contact_id, variable_values.contact_id), updated_at = now()`
