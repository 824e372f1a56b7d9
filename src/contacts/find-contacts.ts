import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { identityKinds } from './entities.ts'

export interface ContactIdentity {
  id: string
  kind: (typeof identityKinds)[number]
  scope: string
  value: string
  source: string
  validFrom: string
  validTo: string | null
}

/** A contact as the API shows one. */
export interface ContactDetail {
  id: string
  name: string | null
  firstName: string | null
  lastName: string | null
  email: string | null
  language: string | null
  timeZone: string | null
  dateOfBirth: string | null
  gender: string | null
  city: string | null
  state: string | null
  country: string | null
  attributes: JsonObject
  tags: string[]
  optedOutAt: string | null
  mergedInto: string | null
  lastSeenAt: string | null
  spamAt: string | null
  source: string | null
  createdAt: string
  updatedAt: string
  identities: ContactIdentity[]
}

/** `ContactDetail` out of `contacts c`, to be followed by `where`. */
export const detailSql = `select c.id, c.name, c.first_name as "firstName", c.last_name as "lastName", c.email, c.language,
  c.time_zone as "timeZone", c.date_of_birth::text as "dateOfBirth", c.gender, c.city, c.state, c.country, c.attributes, c.tags, ${isoTime('c.opted_out_at')} as "optedOutAt", c.merged_into as "mergedInto",
  ${isoTime('c.last_seen_at')} as "lastSeenAt", ${isoTime('c.spam_at')} as "spamAt", c.source,
  ${isoTime('c.created_at')} as "createdAt", ${isoTime('c.updated_at')} as "updatedAt",
  coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'kind', i.kind, 'scope', i.scope, 'value', i.value, 'source', i.source,
      'validFrom', ${isoTime('i.valid_from')}, 'validTo', ${isoTime('i.valid_to')}) order by i.valid_to is not null, i.valid_from)
    from identities i where i.contact_id = c.id), '[]') as identities
  from contacts c`

export async function getContact(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  contactId: string,
): Promise<ContactDetail> {
  const [contact] = await forkFor(deps.orm, workspaceId).execute<ContactDetail[]>(
    `${detailSql} where c.workspace_id = ? and c.id = ?`,
    [workspaceId, contactId],
  )
  if (!contact) throw new AppError('not_found', `contact ${contactId} does not exist`)
  return contact
}

/** The contact, or the one it was merged into: who was changed by a change to either. */
export async function getSurvivor(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  contactId: string,
): Promise<ContactDetail> {
  const contact = await getContact(deps, workspaceId, contactId)
  // One step leads to who is there: merges keep chains that short.
  return contact.mergedInto === null ? contact : getContact(deps, workspaceId, contact.mergedInto)
}

/** In no order. */
export async function listDetails(em: Em, workspaceId: string, ids: string[]): Promise<ContactDetail[]> {
  if (ids.length === 0) return []
  return em.execute<ContactDetail[]>(
    `${detailSql} where c.workspace_id = ? and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(ids)],
  )
}

/** The contact who holds a phone number now, and where that one was merged into. */
export async function findByWaId(em: Em, workspaceId: string, waId: string): Promise<string | undefined> {
  const [row] = await em.execute<{ id: string }[]>(
    `select coalesce(c.merged_into, c.id) as id from identities i join contacts c on c.id = i.contact_id
     where i.workspace_id = ? and i.kind = 'wa_id' and i.scope = '' and i.value = ? and i.valid_to is null`,
    [workspaceId, waId],
  )
  return row?.id
}
