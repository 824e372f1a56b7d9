import type { Em } from '../db/orm.ts'
import { writableAttributes, type WritableAttribute } from '../model/contact-attributes.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

/** A contact as changes to it find it. */
export type LockedContact = Record<WritableAttribute, string | null> & {
  id: string
  attributes: JsonObject
  tags: string[]
  spam: boolean
}

const columns = writableAttributes
  .map((name) => (name === 'date_of_birth' ? 'date_of_birth::text' : name))
  .join(', ')
/** A merge that commits while we wait moves us on, once; chains are kept short by the merges themselves. */
const maximumMoves = 5

/** Locks a contact, or the one it was merged into, until the caller's transaction ends. */
export async function lockContact(em: Em, workspaceId: string, contactId: string): Promise<LockedContact> {
  let id = contactId
  for (let move = 0; move < maximumMoves; move++) {
    const [row] = await em.execute<(LockedContact & { merged_into: string | null })[]>(
      `select id, merged_into, attributes, tags, spam_at is not null as spam, ${columns} from contacts
       where id = ? and workspace_id = ? for update`,
      [id, workspaceId],
    )
    if (!row) break
    const { merged_into: mergedInto, ...contact } = row
    if (mergedInto === null) return contact
    id = mergedInto
  }
  throw new AppError('not_found', `contact ${contactId} does not exist`)
}

/** Locks those of some contacts that are there and not merged, in one order. */
export async function lockContacts(
  em: Em,
  workspaceId: string,
  contactIds: string[],
): Promise<LockedContact[]> {
  return em.execute<LockedContact[]>(
    `select id, attributes, tags, spam_at is not null as spam, ${columns} from contacts
     where workspace_id = ? and merged_into is null and id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     order by id for update`,
    [workspaceId, JSON.stringify(contactIds)],
  )
}

/**
 * Has those who do something about one contact come one after the other, wherever it was merged into. Before the rows of
 * its runs.
 */
export async function takeTurnOfContact(em: Em, workspaceId: string, contactId: string): Promise<void> {
  await em.execute('select id from contacts where id = ? and workspace_id = ? for update', [
    contactId,
    workspaceId,
  ])
}
