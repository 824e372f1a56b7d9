import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import { writableAttributes, type WritableAttribute } from '../model/contact-attributes.ts'
import type { JsonObject } from '../model/json.ts'
import type { ContactView } from '../../workflows/cards/card.ts'

type ContactRow = Partial<Record<WritableAttribute, string | null>> & {
  id: string
  attributes: JsonObject
  tags: string[]
  wa_id: string | null
  username?: string | null
  external_customer_id?: string | null
  source?: string | null
  spam?: boolean
  created_at?: string
  last_seen_at?: string | null
  whatsapp_opted?: boolean
}

const current = (kind: string) =>
  `(select value from identities i where i.contact_id = c.id and i.kind = '${kind}' and i.valid_to is null
   order by i.valid_from desc limit 1)`

/** Columns `toContactView` reads, of `contacts c`; of phones, names and ids the newest valid claim. */
export const contactViewColumns = `c.id, c.name, c.first_name, c.last_name, c.email, c.language, c.time_zone,
  c.date_of_birth::text as date_of_birth, c.gender, c.city, c.state, c.country, c.attributes, c.tags, c.source,
  c.spam_at is not null as spam, c.opted_out_at is null as whatsapp_opted, ${isoTime('c.created_at')} as created_at, ${isoTime('c.last_seen_at')} as last_seen_at,
  ${current('wa_id')} as wa_id, ${current('username')} as username, ${current('external')} as external_customer_id`

/** A contact as texts, conditions and cards see one: `contact.plan` and `contact.attributes.plan` are the same. */
export function toContactView(row: ContactRow): ContactView {
  const system: JsonObject = {}
  for (const name of writableAttributes) {
    const value = row[name]
    if (value) system[name] = value
  }
  const kept: JsonObject = {}
  for (const name of keptAttributes) {
    const value = row[name]
    if (value !== null && value !== undefined) kept[name] = value
  }
  const firstName = row.first_name ?? row.name?.trim().split(/\s+/)[0]
  const name = row.name ?? ([row.first_name, row.last_name].filter(Boolean).join(' ') || undefined)
  return {
    ...row.attributes,
    ...kept,
    ...system,
    id: row.id,
    ...(name && { name }),
    ...(firstName && { first_name: firstName }),
    ...(row.wa_id && { phone: row.wa_id }),
    tags: row.tags,
    attributes: { ...row.attributes, ...system },
  }
}

/** What the product keeps of a contact. */
const keptAttributes = [
  'wa_id',
  'username',
  'external_customer_id',
  'source',
  'spam',
  'created_at',
  'last_seen_at',
  'whatsapp_opted',
] as const

/** Of the contact, or of the one it was merged into. */
export async function loadContactView(em: Em, workspaceId: string, contactId: string): Promise<ContactView> {
  const [row] = await em.execute<ContactRow[]>(
    `select ${contactViewColumns} from contacts o join contacts c on c.id = coalesce(o.merged_into, o.id)
     where o.workspace_id = ? and o.id = ?`,
    [workspaceId, contactId],
  )
  if (!row) throw new AppError('not_found', `contact ${contactId} does not exist`)
  return toContactView(row)
}
