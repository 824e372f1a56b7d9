import { contactName } from '../contacts/contact-names.ts'
import { escapeLike } from '../db/escape-like.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { BookContact, BookPage, BookQuery } from '../model/contact-book.ts'

interface Row {
  id: string
  name: string | null
  email: string | null
  phones: string[]
}
const columns = `c.id, ${contactName} as name, c.email, coalesce((select jsonb_agg(i.value order by i.valid_from)
  from identities i where i.contact_id = c.id and i.kind = 'wa_id' and i.valid_to is null), '[]') as phones`

/** The workspace's contacts as an address book, by name, number or mail. */
export async function searchAudience(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  { search, limit, cursor }: BookQuery,
): Promise<BookPage> {
  const em = forkFor(orm, workspaceId)
  const like = `%${escapeLike(search ?? '')}%`
  const phone = `%${escapeLike((search ?? '').replace(/^\+|\s/g, ''))}%`
  const where = `c.workspace_id = ? and c.merged_into is null and (?::text is null or ${contactName} ilike ?
    or c.email ilike ? or exists (select from identities i where i.contact_id = c.id and i.kind = 'wa_id'
      and i.valid_to is null and i.value like ?))`
  const params = [workspaceId, search ?? null, like, like, phone]
  const [total] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from contacts c where ${where}`,
    params,
  )
  const rows = await em.execute<Row[]>(
    `select ${columns} from contacts c where ${where} and (?::uuid is null or c.id > ?::uuid) order by c.id limit ?`,
    [...params, cursor ?? null, cursor ?? null, limit + 1],
  )
  const shown = rows.slice(0, limit)
  const next = rows.length > limit ? shown.at(-1)?.id : undefined
  return { contacts: shown.map(toContact), next, count: total?.count ?? 0 }
}

/** @param phone digits only */
export async function findInAudience(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  phone: string,
): Promise<BookContact[]> {
  const rows = await forkFor(orm, workspaceId).execute<Row[]>(
    `select ${columns} from identities o join contacts c on c.id = o.contact_id
     where o.workspace_id = ? and o.kind = 'wa_id' and o.scope = '' and o.value = ? and o.valid_to is null
       and c.merged_into is null`,
    [workspaceId, phone],
  )
  return rows.map(toContact)
}

function toContact({ name, email, phones }: Row): BookContact {
  return {
    name: name ?? phones[0] ?? '',
    phoneNumbers: phones.map((value) => ({ value, description: 'WhatsApp' })),
    emailAddresses: email ? [{ value: email, description: '' }] : [],
  }
}
