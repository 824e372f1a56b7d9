import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { ContactView } from '../../workflows/cards/card.ts'

interface ContactRow {
  id: string
  name: string | null
  first_name: string | null
  last_name: string | null
  email: string | null
  language: string | null
  time_zone: string | null
  attributes: JsonObject
  tags: string[]
  wa_id: string | null
}

/** Columns `toContactView` reads, of `contacts c`; the phone is the newest valid claim. */
export const contactViewColumns = `c.id, c.name, c.first_name, c.last_name, c.email, c.language, c.time_zone, c.attributes, c.tags,
  (select value from identities i where i.contact_id = c.id and i.kind = 'wa_id' and i.valid_to is null
   order by i.valid_from desc limit 1) as wa_id`

/** A contact as texts, conditions and cards see one. */
export function toContactView(row: ContactRow): ContactView {
  const firstName = row.first_name ?? row.name?.trim().split(/\s+/)[0]
  const name = row.name ?? ([row.first_name, row.last_name].filter(Boolean).join(' ') || undefined)
  return {
    ...row.attributes,
    id: row.id,
    ...(name && { name }),
    ...(firstName && { first_name: firstName }),
    ...(row.last_name && { last_name: row.last_name }),
    ...(row.email && { email: row.email }),
    ...(row.language && { language: row.language }),
    ...(row.time_zone && { time_zone: row.time_zone }),
    ...(row.wa_id && { phone: row.wa_id }),
    tags: row.tags,
    attributes: row.attributes,
  }
}

export async function loadContactView(em: Em, workspaceId: string, contactId: string): Promise<ContactView> {
  const [row] = await em.execute<ContactRow[]>(
    `select ${contactViewColumns} from contacts c where c.workspace_id = ? and c.id = ?`,
    [workspaceId, contactId],
  )
  if (!row) throw new AppError('not_found', `contact ${contactId} does not exist`)
  return toContactView(row)
}
