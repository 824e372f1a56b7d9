import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { consentCategories, type ConsentCategory, type ConsentState } from '../model/consent.ts'
import { AppError } from '../model/errors.ts'

/** How one person's consent stands. */
export interface ContactConsent {
  contactId: string
  /** Since when everything is refused: then no message of any kind goes out. */
  optedOutAt: string | null
  categories: CategoryConsent[]
}
interface CategoryConsent {
  category: ConsentCategory
  /** Null: nothing was ever said. */
  state: ConsentState | null
  source: string | null
  text: string | null
  at: string | null
  by: string | null
}

/** Of the contact, or of the one it was merged into. */
export async function getConsent(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  contactId: string,
): Promise<ContactConsent> {
  const em = forkFor(deps.orm, workspaceId)
  const [contact] = await em.execute<{ id: string; optedOutAt: string | null }[]>(
    `select c.id, ${isoTime('c.opted_out_at')} as "optedOutAt"
     from contacts o join contacts c on c.id = coalesce(o.merged_into, o.id) where o.id = ? and o.workspace_id = ?`,
    [contactId, workspaceId],
  )
  if (!contact) throw new AppError('not_found', `contact ${contactId} does not exist`)
  const said = await em.execute<CategoryConsent[]>(
    `select category, state, source, text, ${isoTime('at')} as at, by from consents where workspace_id = ? and contact_id = ?`,
    [workspaceId, contact.id],
  )
  const nothing = { state: null, source: null, text: null, at: null, by: null }
  const categories = consentCategories.map(
    (category) => said.find((each) => each.category === category) ?? { category, ...nothing },
  )
  return { contactId: contact.id, optedOutAt: contact.optedOutAt, categories }
}
