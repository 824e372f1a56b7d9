import { forkFor, type Em } from '../db/orm.ts'
import { escapeLike } from '../db/escape-like.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { toWaId } from '../model/phone.ts'
import { listDetails, type ContactDetail } from './find-contacts.ts'

/** One way to name a contact; the first that is given counts. */
export interface ContactReference {
  contactId?: string | undefined
  waId?: string | undefined
  externalId?: string | undefined
  bsuid?: string | undefined
  email?: string | undefined
}
/** Who was meant, or why nobody was. */
export type LookedUp = { contactId: string } | { field: keyof ContactReference; problem: string }

const kinds = {
  contactId: 'id',
  waId: 'wa_id',
  externalId: 'external',
  bsuid: 'bsuid',
  email: 'email',
} as const
const names = Object.keys(kinds) as (keyof ContactReference)[]

/** Finds contacts by whatever names them, in the order asked; of one that was merged, the one it became. */
export async function lookUpContacts(
  em: Em,
  workspaceId: string,
  references: ContactReference[],
): Promise<LookedUp[]> {
  const wanted = references.map(readReference)
  const rows = await em.execute<{ at: number; ids: string[] }[]>(
    `select n.at, array(
       select distinct coalesce(c.merged_into, c.id)::text from (
         select n.value::uuid as id where n.kind = 'id' and pg_input_is_valid(n.value, 'uuid')
         union all select i.contact_id from identities i where i.workspace_id = ? and i.kind = n.kind and i.value = n.value
           and i.valid_to is null
         union all select e.id from contacts e where n.kind = 'email' and e.workspace_id = ? and e.merged_into is null
           and e.search like '% ' || fold_text(n.pattern) and lower(e.email) = lower(n.value)
       ) found join contacts c on c.id = found.id and c.workspace_id = ? limit 2) as ids
     from jsonb_to_recordset(?::jsonb) as n(at int, kind text, value text, pattern text)`,
    [
      ...[workspaceId, workspaceId, workspaceId],
      JSON.stringify(wanted.map(({ kind, value }, at) => ({ at, kind, value, pattern: escapeLike(value) }))),
    ],
  )
  const found = new Map(rows.map((row) => [row.at, row.ids]))
  return wanted.map(({ field, value }, at): LookedUp => {
    const [contactId, another] = found.get(at) ?? []
    if (contactId && !another) return { contactId }
    if (another)
      return { field, problem: `several contacts have ${JSON.stringify(value)}: name one by its id` }
    return { field, problem: value ? `no contact has ${JSON.stringify(value)}` : 'names nobody' }
  })
}

/** The same for one, who must be there. */
export async function findContact(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  reference: ContactReference,
): Promise<string> {
  const [found] = await lookUpContacts(forkFor(deps.orm, workspaceId), workspaceId, [reference])
  if (found && 'contactId' in found) return found.contactId
  const { field, problem } = found ?? { field: 'contactId', problem: 'names nobody' }
  const isNamed = names.some((name) => reference[name])
  throw new AppError(isNamed ? 'not_found' : 'invalid_input', `${field} ${problem}`, {
    fields: [{ field, message: problem }],
  })
}

/** What one request may ask for. */
const maximumAsked = 200

/** Contacts by phone number, in the order asked, and the numbers that nobody has. */
export async function findContactsByWaId(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  waIds: string[],
): Promise<{ found: ContactDetail[]; unknown: string[] }> {
  const wanted = [...new Set(waIds.map((waId) => waId.trim()).filter(Boolean))]
  if (wanted.length === 0 || wanted.length > maximumAsked) {
    const message = `must be 1 to ${maximumAsked} phone numbers`
    throw new AppError('invalid_input', `waIds ${message}`, { fields: [{ field: 'waIds', message }] })
  }
  const em = forkFor(deps.orm, workspaceId)
  const references = wanted.map((waId) => ({ waId }))
  const looked = await lookUpContacts(em, workspaceId, references)
  const ids = looked.map((each) => ('contactId' in each ? each.contactId : ''))
  const known = [...new Set(ids.filter(Boolean))]
  const details = await listDetails(em, workspaceId, known)
  const byId = new Map(details.map((detail) => [detail.id, detail]))
  return {
    found: known.flatMap((id) => byId.get(id) ?? []),
    unknown: wanted.filter((_waId, at) => !ids[at]),
  }
}

function readReference(reference: ContactReference) {
  const field = names.find((name) => reference[name] !== undefined) ?? 'contactId'
  const value = reference[field] ?? ''
  return { field, kind: kinds[field], value: field === 'waId' ? (toWaId(value) ?? value) : value }
}
